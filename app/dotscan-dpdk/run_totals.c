/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "run_totals.h"
#include "tcp/tcp_worker.h"

uint64_t
run_totals_io(const struct scan_state *state, enum io_counter counter)
{
	uint64_t total = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += io_worker_counter(state->io_workers[i], counter);
	return total;
}

uint64_t
run_totals_reception(const struct scan_state *state, enum reception reception)
{
	uint64_t total = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += io_worker_reception(state->io_workers[i], reception);
	return total;
}

uint64_t
run_totals_verify(const struct scan_state *state, enum verify_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += verify_engine_counter(state->verify_workers[w].engine, counter);
	return total;
}

uint64_t
run_totals_worker(const struct scan_state *state, enum verify_worker_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += verify_worker_counter(&state->verify_workers[w], counter);
	return total;
}

uint64_t
run_totals_tcp(const struct scan_state *state, enum tcp_counter counter)
{
	uint64_t total = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		total += tcp_counters_get(
			&verify_engine_tcp(state->verify_workers[w].engine)->counters, counter);
	return total;
}

uint64_t
run_totals_carried(const struct scan_state *state, const char *name)
{
	return state->found.has_checkpoint ? checkpoint_counter(&state->found.checkpoint, name) : 0;
}

uint64_t
run_totals_repeated(const struct scan_state *state)
{
	uint64_t repeated = 0;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		repeated += prober_repeated(&state->io_workers[i]->prober);
	return repeated;
}

uint64_t
run_totals_invalid(const struct scan_state *state)
{
	uint64_t total = 0;

	for (int i = RECEPTION_OTHER_PORT; i < RECEPTION_COUNT; i++)
		total += run_totals_reception(state, (enum reception)i);
	return total;
}

uint64_t
run_totals_skipped(const struct scan_state *state)
{
	uint64_t total = run_totals_carried(state, "skipped");

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += prober_skipped(&state->io_workers[i]->prober);
	return total;
}

uint64_t
run_totals_syn(const struct scan_state *state)
{
	return run_totals_carried(state, "completed") * state->config->scan.probes -
	       run_totals_carried(state, "skipped") + run_totals_io(state, IO_SYN_SENT);
}

uint64_t
run_totals_visited(const struct scan_state *state)
{
	return run_totals_syn(state) + run_totals_skipped(state);
}

uint64_t
run_totals_taken(const struct scan_state *state)
{
	uint64_t total = run_totals_carried(state, "completed") * state->config->scan.probes;

	for (uint16_t i = 0; i < state->scan.io_count; i++)
		total += prober_visited(&state->io_workers[i]->prober);
	return total;
}

uint64_t
run_totals_in_flight(const struct scan_state *state)
{
	return run_totals_verify(state, VERIFY_HITS) - run_totals_verify(state, VERIFY_RECORDS);
}

uint64_t
run_totals_hits(const struct scan_state *state)
{
	return state->settled.count + run_totals_verify(state, VERIFY_HITS);
}

const char *const run_loss_names[RUN_LOSS_COUNT] = {
#define X(name, key) key,
	RUN_LOSS_LIST(X)
#undef X
};

static uint64_t
loss_of_this_run(const struct scan_state *state, enum run_loss loss)
{
	switch (loss) {
	case RUN_LOSS_NIC_MISSED:
		return state->port_counters.missed;
	case RUN_LOSS_NO_MBUF:
		return state->port_counters.no_buffer +
		       run_totals_worker(state, VERIFY_WORKER_NO_MBUF);
	case RUN_LOSS_RING_FULL:
		return run_totals_io(state, IO_RING_FULL) +
		       run_totals_worker(state, VERIFY_WORKER_FRAME_RING_FULL);
	case RUN_LOSS_TX_REFUSED:
		return run_totals_io(state, IO_TX_REFUSED);
	case RUN_LOSS_PARK_FULL:
		return run_totals_verify(state, VERIFY_PARK_FULL);
	case RUN_LOSS_NO_CHUNK:
		return run_totals_tcp(state, TCP_COUNTER_NO_CHUNK);
	case RUN_LOSS_NOT_WRITTEN:
		return atomic_load(&state->writer.dropped);
	case RUN_LOSS_COUNT:
		break;
	}
	return 0;
}

uint64_t
run_totals_loss(const struct scan_state *state, enum run_loss loss)
{
	/* Targets whose record was not written are probed again. */
	const uint64_t before =
		loss == RUN_LOSS_NOT_WRITTEN ? 0 : run_totals_carried(state, run_loss_names[loss]);

	return before + loss_of_this_run(state, loss);
}

uint64_t
run_totals_lost(const struct scan_state *state)
{
	uint64_t total = 0;

	for (int i = 0; i < RUN_LOSS_COUNT; i++)
		total += run_totals_loss(state, (enum run_loss)i);
	return total;
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
		receptions[i] = run_totals_reception(state, (enum reception)i);
	for (int i = 0; i < IO_COUNTER_COUNT; i++)
		counters[i] = run_totals_io(state, (enum io_counter)i);
	print_counters(file, "receive", reception_names, receptions, RECEPTION_COUNT);
	print_counters(file, "io", io_counter_names, counters, IO_COUNTER_COUNT);
}

static void
print_verify_counters(const struct scan_state *state, FILE *file)
{
	uint64_t engine[VERIFY_COUNTER_COUNT];
	uint64_t tcp[TCP_COUNTER_COUNT];

	for (int i = 0; i < VERIFY_COUNTER_COUNT; i++)
		engine[i] = run_totals_verify(state, (enum verify_counter)i);
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		tcp[i] = run_totals_tcp(state, (enum tcp_counter)i);
	print_counters(file, "verify", verify_counter_names, engine, VERIFY_COUNTER_COUNT);
	/* Not all of these are sums: each worker has its slowest round. */
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		print_counters(file, "verify", verify_worker_counter_names,
			state->verify_workers[w].counters, VERIFY_WORKER_COUNTER_COUNT);
	print_counters(file, "tcp", tcp_counter_names, tcp, TCP_COUNTER_COUNT);
}

void
run_totals_print(const struct scan_state *state, FILE *file)
{
	(void)fputs("Counters that are not zero:\n", file);
	print_io_counters(state, file);
	print_verify_counters(state, file);
}
