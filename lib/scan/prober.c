/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "scan/prober.h"

/* A later probe may be late by this share of its interval. */
#define FRONT_SAMPLES             32
#define FRONT_INTERVAL_MINIMUM_NS 1000000ULL
#define REAR_INTERVAL_MINIMUM_NS  100000000ULL

int
prober_init(struct prober *prober, const struct prober_settings *settings)
{
	assert(settings->probes >= 1 && settings->probes <= PROBER_PASSES);
	memset(prober, 0, sizeof(*prober));
	prober->pass_count = settings->probes;
	prober->interval_ns = settings->interval_ns;
	target_stream_init(&prober->start, settings->walk, settings->worker_index,
		settings->worker_count, settings->max_targets);
	if (settings->resume_steps != NULL)
		target_stream_restore(&prober->start, settings->resume_steps);
	for (unsigned int i = 0; i < prober->pass_count; i++)
		prober->passes[i] = prober->start;

	uint64_t front_ns = settings->interval_ns / FRONT_SAMPLES;
	if (front_ns < FRONT_INTERVAL_MINIMUM_NS)
		front_ns = FRONT_INTERVAL_MINIMUM_NS;
	for (unsigned int i = 0; i + 1 < prober->pass_count; i++)
		position_log_init(&prober->fronts[i], front_ns);
	uint64_t rear_ns = settings->history_ns / (POSITION_LOG_SAMPLES / 2);
	if (rear_ns < REAR_INTERVAL_MINIMUM_NS)
		rear_ns = REAR_INTERVAL_MINIMUM_NS;
	position_log_init(&prober->rear, rear_ns);
	return responder_set_init(&prober->answered, &settings->key);
}

void
prober_clear(struct prober *prober)
{
	responder_set_clear(&prober->answered);
}

/* Pass over those that have answered, and show the run of silent ones that follows. */
static size_t
peek_silent(struct prober *prober, unsigned int pass, uint64_t step_limit,
	const uint32_t **addresses_out)
{
	for (;;) {
		const uint32_t *addresses = NULL;
		const size_t count =
			target_stream_peek(&prober->passes[pass], step_limit, &addresses);
		size_t answered = 0;
		size_t silent = 0;

		while (answered < count && responder_set_find(&prober->answered,
						   addresses[answered]) != RESPONDER_UNKNOWN)
			answered++;
		if (count == 0)
			return 0;
		if (answered > 0) {
			target_stream_take(&prober->passes[pass], answered);
			prober->skipped += answered;
			continue;
		}
		while (silent < count && responder_set_find(&prober->answered, addresses[silent]) ==
						 RESPONDER_UNKNOWN)
			silent++;
		*addresses_out = addresses;
		return silent;
	}
}

static size_t
peek_pass(struct prober *prober, unsigned int pass, uint64_t now_ns, const uint32_t **addresses_out)
{
	struct position_sample front;

	if (pass == 0)
		return target_stream_peek(
			&prober->passes[0], TARGET_STREAM_UNLIMITED, addresses_out);
	/* Behind the pass before, not behind the first: after a standstill a pass may be late by any time. */
	if (now_ns < prober->interval_ns ||
		!position_log_find(&prober->fronts[pass - 1], now_ns - prober->interval_ns, &front))
		return 0;
	return peek_silent(prober, pass, front.step, addresses_out);
}

static void
note_rear(struct prober *prober, uint64_t now_ns)
{
	const struct target_stream *last = &prober->passes[prober->pass_count - 1];
	const struct position_sample sample = { now_ns, target_stream_step(last),
		target_stream_settled(last) };

	position_log_note(&prober->rear, &sample);
}

static void
note_fronts(struct prober *prober, uint64_t now_ns)
{
	for (unsigned int i = 0; i + 1 < prober->pass_count; i++) {
		const struct target_stream *pass = &prober->passes[i];
		/* One that ends at its maximum, in the middle of a step, still lets the next one take that step. */
		const struct position_sample sample = { now_ns,
			target_stream_is_exhausted(pass) ? TARGET_STREAM_UNLIMITED
							 : target_stream_step(pass),
			0 };

		position_log_note(&prober->fronts[i], &sample);
	}
}

size_t
prober_peek(struct prober *prober, uint64_t now_ns, const uint32_t **addresses_out)
{
	note_fronts(prober, now_ns);
	note_rear(prober, now_ns);
	if (prober->is_stopped)
		return 0;
	for (unsigned int pass = prober->pass_count; pass-- > 0;) {
		const size_t count = peek_pass(prober, pass, now_ns, addresses_out);

		if (count > 0) {
			prober->peeked_pass = pass;
			return count;
		}
	}
	return 0;
}

void
prober_take(struct prober *prober, size_t count)
{
	target_stream_take(&prober->passes[prober->peeked_pass], count);
	prober->probed[prober->peeked_pass] += count;
}

int
prober_note_answer(struct prober *prober, uint32_t address)
{
	return prober->pass_count == 1 ? 0 : responder_set_add(&prober->answered, address);
}

void
prober_stop(struct prober *prober)
{
	prober->is_stopped = true;
}

bool
prober_is_finished(const struct prober *prober)
{
	/* No pass overtakes the one before it. */
	const struct target_stream *last = &prober->passes[prober->pass_count - 1];

	return prober->is_stopped || target_stream_is_exhausted(last);
}

uint64_t
prober_visited(const struct prober *prober)
{
	uint64_t visited = 0;

	for (unsigned int i = 0; i < prober->pass_count; i++)
		visited += __atomic_load_n(&prober->passes[i].taken, __ATOMIC_RELAXED);
	return visited;
}

uint64_t
prober_skipped(const struct prober *prober)
{
	return __atomic_load_n(&prober->skipped, __ATOMIC_RELAXED);
}

uint64_t
prober_repeated(const struct prober *prober)
{
	uint64_t repeated = 0;

	for (unsigned int i = 1; i < prober->pass_count; i++)
		repeated += __atomic_load_n(&prober->probed[i], __ATOMIC_RELAXED);
	return repeated;
}

bool
prober_steps_at(const struct prober *prober, uint64_t time_ns, uint64_t steps[TARGET_LANES],
	uint64_t *completed_out)
{
	struct position_sample sample;

	if (!position_log_find(&prober->rear, time_ns, &sample))
		return false;
	target_stream_save_at(&prober->start, sample.step, steps);
	*completed_out = sample.settled;
	return true;
}
