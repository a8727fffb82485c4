/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "clock.h"
#include "dotscan_version.h"
#include "run_books.h"
#include "run_totals.h"

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
		.probed = run_totals_visited(state),
		.syn_sent = run_totals_io(state, IO_SYN_SENT),
		.synack = run_totals_reception(state, RECEPTION_SYNACK),
		.hits = run_totals_hits(state),
		.verified = state->settled.count + atomic_load(&state->writer.written),
		.right = state->found.tally.outcomes[OUTCOME_ANSWER_RIGHT] +
			 atomic_load(&state->writer.right),
		.sessions = sessions,
		.parked = parked,
		.lost = run_totals_lost(state),
		.phase = phases[phase],
		.is_sending = phase == RUN_PHASE_SENDING,
	};
}

static double
sent_pps(const struct scan_state *state)
{
	const uint64_t until_ns =
		state->probing_ended_ns != 0 ? state->probing_ended_ns : clock_now_ns();

	return until_ns <= state->started_ns ? 0
					     : (double)run_totals_io(state, IO_SYN_SENT) * 1e9 /
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
			state->plan->planned, run_totals_taken(state) },
		.country = scan->targets.countries_count > 0 ? scan->geo.country : NULL,
		.country_db_date = state->plan->country_db_date[0] != '\0'
					   ? state->plan->country_db_date
					   : NULL,
		.asn_db_date =
			state->plan->asn_db_date[0] != '\0' ? state->plan->asn_db_date : NULL,
		.sent = { .syn = run_totals_syn(state),
			.skipped = run_totals_skipped(state),
			.reprobes = run_totals_carried(state, "reprobes") +
				    run_totals_verify(state, VERIFY_RETRIES) },
		.received = { .synack = run_totals_hits(state),
			.rst = run_totals_carried(state, "rst") +
			       run_totals_reception(state, RECEPTION_RST),
			.icmp = run_totals_carried(state, "icmp") +
				run_totals_reception(state, RECEPTION_ICMP),
			.duplicate = run_totals_carried(state, "duplicate") +
				     run_totals_verify(state, VERIFY_DUPLICATES),
			.invalid =
				run_totals_carried(state, "invalid") + run_totals_invalid(state) },
		.tally = *run_directory_tally(state->directory),
		.books = { run_totals_hits(state),
			run_totals_in_flight(state) + atomic_load(&state->writer.dropped) },
	};
	memcpy(summary_out->config_sha256, state->config_sha256,
		sizeof(summary_out->config_sha256));
	summary_out->sent.retries =
		run_totals_carried(state, "repeated") + run_totals_repeated(state);
	for (int i = 0; i < RUN_LOSS_COUNT; i++)
		(void)summary_add_loss(
			summary_out, run_loss_names[i], run_totals_loss(state, (enum run_loss)i));
}
