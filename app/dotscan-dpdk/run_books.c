/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dotscan_version.h"
#include "run_books.h"
#include "tcp/tcp_worker.h"

/* What threads publish may be this old; answers may lie in rings this long. */
#define PUBLICATION_LAG_NS 1000000000ULL

static uint64_t
io_total(const struct scan_state *state, enum io_counter counter)
{
	uint64_t total = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += io_worker_counter(state->io_workers[i], counter);
	return total;
}

static uint64_t
reception_total(const struct scan_state *state, enum reception reception)
{
	uint64_t total = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += io_worker_reception(state->io_workers[i], reception);
	return total;
}

static uint64_t
verify_total(const struct scan_state *state, enum verify_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += verify_engine_counter(state->verify_workers[w].engine, counter);
	return total;
}

static uint64_t
worker_total(const struct scan_state *state, enum verify_worker_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += verify_worker_counter(&state->verify_workers[w], counter);
	return total;
}

static uint64_t
tcp_total(const struct scan_state *state, enum tcp_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += tcp_counters_get(
			&verify_engine_tcp(state->verify_workers[w].engine)->counters, counter);
	return total;
}

static uint64_t
carried(const struct scan_state *state, const char *name)
{
	return state->found.has_checkpoint ? checkpoint_counter(&state->found.checkpoint, name) : 0;
}

static uint64_t
skipped_total(const struct scan_state *state)
{
	uint64_t total = carried(state, "skipped");

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += prober_skipped(&state->io_workers[i]->prober);
	return total;
}

/* SYNs to targets before the checkpoint; those after it are sent again and counted anew. */
static uint64_t
syn_total(const struct scan_state *state)
{
	return carried(state, "completed") * state->config->scan.probes -
	       carried(state, "skipped") + io_total(state, IO_SYN_SENT);
}

uint64_t
run_books_visited(const struct scan_state *state)
{
	return syn_total(state) + skipped_total(state);
}

/* The same by the streams' own account: what the SYN counters must agree with. */
static uint64_t
taken_total(const struct scan_state *state)
{
	uint64_t total = carried(state, "completed") * state->config->scan.probes;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += prober_visited(&state->io_workers[i]->prober);
	return total;
}

uint64_t
run_books_in_flight(const struct scan_state *state)
{
	return verify_total(state, VERIFY_HITS) - verify_total(state, VERIFY_RECORDS);
}

uint64_t
run_books_hits(const struct scan_state *state)
{
	return state->settled.count + verify_total(state, VERIFY_HITS);
}

/* What may be dropped on our side. Of an earlier run too: what it lost is lost to the scan. */
enum loss {
	LOSS_NIC_MISSED,
	LOSS_NO_MBUF,
	LOSS_RING_FULL,
	LOSS_TX_REFUSED,
	LOSS_PARK_FULL,
	LOSS_NO_CHUNK,
	LOSS_NOT_WRITTEN,
	LOSS_COUNT
};

static const char *const loss_names[LOSS_COUNT] = { "nic_missed", "no_mbuf", "ring_full",
	"tx_refused", "park_full", "no_chunk", "not_written" };

static uint64_t
loss_of_this_run(const struct scan_state *state, enum loss loss)
{
	switch (loss) {
	case LOSS_NIC_MISSED:
		return state->port_counters.missed;
	case LOSS_NO_MBUF:
		return state->port_counters.no_buffer + worker_total(state, VERIFY_WORKER_NO_MBUF);
	case LOSS_RING_FULL:
		return io_total(state, IO_RING_FULL) +
		       worker_total(state, VERIFY_WORKER_FRAME_RING_FULL);
	case LOSS_TX_REFUSED:
		return io_total(state, IO_TX_REFUSED);
	case LOSS_PARK_FULL:
		return verify_total(state, VERIFY_PARK_FULL);
	case LOSS_NO_CHUNK:
		return tcp_total(state, TCP_COUNTER_NO_CHUNK);
	case LOSS_NOT_WRITTEN:
		return atomic_load(&state->writer.dropped);
	case LOSS_COUNT:
		break;
	}
	return 0;
}

static uint64_t
loss_total(const struct scan_state *state, enum loss loss)
{
	/* Targets whose record was not written are probed again. */
	const uint64_t before = loss == LOSS_NOT_WRITTEN ? 0 : carried(state, loss_names[loss]);

	return before + loss_of_this_run(state, loss);
}

uint64_t
run_books_lost(const struct scan_state *state)
{
	uint64_t total = 0;

	for (int i = 0; i < LOSS_COUNT; i++)
		total += loss_total(state, (enum loss)i);
	return total;
}

void
run_books_status(
	const struct scan_state *state, enum run_phase phase, struct scan_status_sample *sample_out)
{
	static const char *const phases[] = { "sending", "waiting for late answers", "finishing" };
	uint64_t sessions = 0;
	uint64_t parked = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++) {
		sessions += atomic_load(&state->verify_workers[w].published.sessions);
		parked += atomic_load(&state->verify_workers[w].published.parked);
	}
	*sample_out = (struct scan_status_sample){
		.now_ns = clock_now_ns(),
		.planned_probes = state->plan->planned * state->config->scan.probes,
		.probed = run_books_visited(state),
		.syn_sent = io_total(state, IO_SYN_SENT),
		.synack = reception_total(state, RECEPTION_SYNACK),
		.hits = run_books_hits(state),
		.verified = state->settled.count + atomic_load(&state->writer.written),
		.right = state->found.tally.outcomes[OUTCOME_ANSWER_RIGHT] +
			 atomic_load(&state->writer.right),
		.sessions = sessions,
		.parked = parked,
		.lost = run_books_lost(state),
		.phase = phases[phase],
		.is_sending = phase == RUN_PHASE_SENDING,
	};
}

static uint64_t
repeated_by_this_run(const struct scan_state *state)
{
	uint64_t repeated = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		repeated += prober_repeated(&state->io_workers[i]->prober);
	return repeated;
}

static uint64_t
invalid_total(const struct scan_state *state)
{
	uint64_t total = 0;

	for (int i = RECEPTION_OTHER_PORT; i < RECEPTION_COUNT; i++)
		total += reception_total(state, (enum reception)i);
	return total;
}

static double
sent_pps(const struct scan_state *state)
{
	const uint64_t until_ns =
		state->probing_ended_ns != 0 ? state->probing_ended_ns : clock_now_ns();

	return until_ns <= state->started_ns ? 0
					     : (double)io_total(state, IO_SYN_SENT) * 1e9 /
						       (double)(until_ns - state->started_ns);
}

void
run_books_summary(const struct scan_state *state, struct summary *summary_out)
{
	const struct config_scan *scan = &state->config->scan;

	*summary_out = (struct summary){
		.scan = scan->id,
		.version = DOTSCAN_VERSION,
		.seed = state->plan->seed,
		.shard_index = scan->shard.index,
		.shard_count = scan->shard.count,
		.probes = scan->probes,
		.port = scan->port,
		.started_us = state->started_us,
		.finished_us = clock_wall_us(),
		.end = state->end,
		.asked_pps = scan->rate_pps,
		.sent_pps = sent_pps(state),
		.targets = { state->plan->targets.included,
			state->plan->targets.excluded + state->plan->targets.reserved,
			state->plan->planned, taken_total(state) },
		.country = scan->targets.countries_count > 0 ? scan->geo.country : NULL,
		.country_db_date = state->plan->country_db_date[0] != '\0'
					   ? state->plan->country_db_date
					   : NULL,
		.asn_db_date =
			state->plan->asn_db_date[0] != '\0' ? state->plan->asn_db_date : NULL,
		.sent = { .syn = syn_total(state),
			.skipped = skipped_total(state),
			.reprobes =
				carried(state, "reprobes") + verify_total(state, VERIFY_RETRIES) },
		.received = { .synack = run_books_hits(state),
			.rst = carried(state, "rst") + reception_total(state, RECEPTION_RST),
			.icmp = carried(state, "icmp") + reception_total(state, RECEPTION_ICMP),
			.duplicate = carried(state, "duplicate") +
				     verify_total(state, VERIFY_DUPLICATES),
			.invalid = carried(state, "invalid") + invalid_total(state) },
		.tally = *run_directory_tally(state->directory),
		.books = { run_books_hits(state),
			run_books_in_flight(state) + atomic_load(&state->writer.dropped) },
	};
	memcpy(summary_out->config_sha256, state->config_sha256,
		sizeof(summary_out->config_sha256));
	summary_out->sent.retries = carried(state, "repeated") + repeated_by_this_run(state);
	for (int i = 0; i < LOSS_COUNT; i++)
		(void)summary_add_loss(summary_out, loss_names[i], loss_total(state, (enum loss)i));
}

static struct checkpoint *
empty_checkpoint(const struct scan_state *state)
{
	const struct config_scan *scan = &state->config->scan;
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));

	if (checkpoint == NULL)
		return NULL;
	(void)snprintf(checkpoint->scan, sizeof(checkpoint->scan), "%s", scan->id);
	memcpy(checkpoint->config_sha256, state->config_sha256, sizeof(checkpoint->config_sha256));
	checkpoint->config_text = strdup(state->config_text);
	checkpoint->seed = state->plan->seed;
	checkpoint->shard_index = scan->shard.index;
	checkpoint->shard_count = scan->shard.count;
	checkpoint->probes = scan->probes;
	checkpoint->started_us = state->started_us;
	checkpoint->pass_count = 1;
	checkpoint->lane_count = TARGET_LANES;
	return checkpoint;
}

struct checkpoint *
run_books_first_checkpoint(const struct scan_state *state)
{
	struct checkpoint *checkpoint = empty_checkpoint(state);

	if (checkpoint == NULL)
		return NULL;
	memcpy(checkpoint->steps[0], state->resume_steps, sizeof(state->resume_steps));
	if (state->found.has_checkpoint) {
		memcpy(checkpoint->counters, state->found.checkpoint.counters,
			sizeof(checkpoint->counters));
		checkpoint->counter_count = state->found.checkpoint.counter_count;
	}
	return checkpoint;
}

/* The moment up to which every probe has its answer, and every answer its record. */
static uint64_t
settled_until_ns(const struct scan_state *state, uint64_t now_ns)
{
	const uint64_t margin_ns = state->config->scan.cooldown_ns + PUBLICATION_LAG_NS;
	uint64_t oldest_ns = now_ns;

	for (uint16_t w = 0; w < state->scan.verify_count; w++) {
		const uint64_t hit_ns = atomic_load_explicit(
			&state->verify_workers[w].published.oldest_hit_ns, memory_order_acquire);
		if (hit_ns < oldest_ns)
			oldest_ns = hit_ns;
	}
	return oldest_ns > margin_ns ? oldest_ns - margin_ns : 0;
}

static void
carry_counters(const struct scan_state *state, struct checkpoint *checkpoint)
{
	const struct {
		const char *name;
		uint64_t value;
	} counters[] = {
		{ "reprobes", verify_total(state, VERIFY_RETRIES) },
		{ "repeated", repeated_by_this_run(state) },
		{ "rst", reception_total(state, RECEPTION_RST) },
		{ "icmp", reception_total(state, RECEPTION_ICMP) },
		{ "duplicate", verify_total(state, VERIFY_DUPLICATES) },
		{ "invalid", invalid_total(state) },
	};

	/* A checkpoint has room for all of them. */
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		(void)checkpoint_set_counter(checkpoint, counters[i].name,
			carried(state, counters[i].name) + counters[i].value);
	for (int i = 0; i < LOSS_COUNT; i++)
		(void)checkpoint_set_counter(
			checkpoint, loss_names[i], loss_total(state, (enum loss)i));
}

struct checkpoint *
run_books_checkpoint(const struct scan_state *state, uint64_t now_ns)
{
	const uint64_t until_ns = settled_until_ns(state, now_ns);
	struct checkpoint *checkpoint = run_books_first_checkpoint(state);
	uint64_t completed = carried(state, "completed");
	uint64_t skipped = skipped_total(state);
	bool is_known = checkpoint != NULL;

	for (uint16_t i = 0; i < state->scan.io_count && is_known; i++) {
		uint64_t completed_here = 0;
		is_known = prober_steps_at(&state->io_workers[i]->prober, until_ns,
			checkpoint->steps[0], &completed_here);
		completed += completed_here;
	}
	if (!is_known) {
		if (checkpoint != NULL)
			checkpoint_clear(checkpoint);
		free(checkpoint);
		return NULL;
	}
	/* Which of the skipped visits lie before the checkpoint is not known; the sum of both kinds is. */
	if (skipped > completed * (state->config->scan.probes - 1))
		skipped = completed * (state->config->scan.probes - 1);
	(void)checkpoint_set_counter(checkpoint, "completed", completed);
	(void)checkpoint_set_counter(checkpoint, "skipped", skipped);
	carry_counters(state, checkpoint);
	return checkpoint;
}

static void
print_counters(FILE *file, const char *part, const struct counter_name *names,
	const uint64_t *totals, int count)
{
	for (int i = 0; i < count; i++)
		if (totals[i] != 0)
			(void)fprintf(file, "  %-7s %-20s %12" PRIu64 "  %s\n", part, names[i].key,
				totals[i], names[i].text);
}

static void
print_io_counters(const struct scan_state *state, FILE *file)
{
	uint64_t receptions[RECEPTION_COUNT];
	uint64_t counters[IO_COUNTER_COUNT];

	for (int i = 0; i < RECEPTION_COUNT; i++)
		receptions[i] = reception_total(state, (enum reception)i);
	for (int i = 0; i < IO_COUNTER_COUNT; i++)
		counters[i] = io_total(state, (enum io_counter)i);
	print_counters(file, "receive", reception_names, receptions, RECEPTION_COUNT);
	print_counters(file, "io", io_counter_names, counters, IO_COUNTER_COUNT);
}

static void
print_verify_counters(const struct scan_state *state, FILE *file)
{
	uint64_t engine[VERIFY_COUNTER_COUNT];
	uint64_t tcp[TCP_COUNTER_COUNT];

	for (int i = 0; i < VERIFY_COUNTER_COUNT; i++)
		engine[i] = verify_total(state, (enum verify_counter)i);
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		tcp[i] = tcp_total(state, (enum tcp_counter)i);
	print_counters(file, "verify", verify_counter_names, engine, VERIFY_COUNTER_COUNT);
	/* Not all of these are sums: each worker has its slowest round. */
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		print_counters(file, "verify", verify_worker_counter_names,
			state->verify_workers[w].counters, VERIFY_WORKER_COUNTER_COUNT);
	print_counters(file, "tcp", tcp_counter_names, tcp, TCP_COUNTER_COUNT);
}

void
run_books_print_counters(const struct scan_state *state, FILE *file)
{
	(void)fputs("Counters that are not zero:\n", file);
	print_io_counters(state, file);
	print_verify_counters(state, file);
}
