/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "run_checkpoint.h"
#include "run_totals.h"

/* What threads publish may be this old; answers may lie in rings this long. */
#define PUBLICATION_LAG_NS 1000000000ULL

static struct checkpoint *
empty_checkpoint(const struct scan_state *state)
{
	const struct config_scan *scan = &state->config->scan;
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));

	if (checkpoint == NULL)
		return NULL;
	checkpoint->config_text = strdup(state->config_text);
	if (checkpoint->config_text == NULL) {
		free(checkpoint);
		return NULL;
	}
	(void)snprintf(checkpoint->scan, sizeof(checkpoint->scan), "%s", scan->id);
	memcpy(checkpoint->config_sha256, state->config_sha256, sizeof(checkpoint->config_sha256));
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
run_checkpoint_first(const struct scan_state *state)
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
		{ "reprobes", run_totals_verify(state, VERIFY_RETRIES) },
		{ "repeated", run_totals_repeated(state) },
		{ "rst", run_totals_reception(state, RECEPTION_RST) },
		{ "icmp", run_totals_reception(state, RECEPTION_ICMP) },
		{ "duplicate", run_totals_verify(state, VERIFY_DUPLICATES) },
		{ "invalid", run_totals_invalid(state) },
	};

	/* A checkpoint has room for all of them. */
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		(void)checkpoint_set_counter(checkpoint, counters[i].name,
			run_totals_carried(state, counters[i].name) + counters[i].value);
	for (int i = 0; i < RUN_LOSS_COUNT; i++)
		(void)checkpoint_set_counter(
			checkpoint, run_loss_names[i], run_totals_loss(state, (enum run_loss)i));
}

struct checkpoint *
run_checkpoint_make(const struct scan_state *state, uint64_t now_ns)
{
	const uint64_t until_ns = settled_until_ns(state, now_ns);
	struct checkpoint *checkpoint = run_checkpoint_first(state);
	uint64_t completed = run_totals_carried(state, "completed");
	uint64_t skipped = run_totals_skipped(state);
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
