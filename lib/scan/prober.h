/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROBER_H
#define PROBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/position_log.h"
#include "scan/responder_set.h"
#include "targets/target_stream.h"

/*
 * Which address an I/O worker probes next. The first pass walks the worker's target stream; each later pass walks the same stream
 * one probe interval behind the pass before it, and passes over those that have answered. Nothing is remembered about targets that stay
 * silent.
 */
#define PROBER_PASSES 16

struct prober_settings {
	const struct target_walk *walk; /* borrowed */
	uint32_t worker_index;
	uint32_t worker_count;
	uint64_t max_targets;         /* of this worker; TARGET_STREAM_UNLIMITED: all */
	unsigned int probes;          /* 1 to PROBER_PASSES */
	uint64_t interval_ns;         /* between two probes of a target */
	uint64_t history_ns;          /* how far back prober_steps_at must know */
	const uint64_t *resume_steps; /* TARGET_LANES of them, or NULL to start at the beginning */
	struct siphash_key key;
};

struct prober {
	struct target_stream passes[PROBER_PASSES];
	struct target_stream
		start; /* as the first pass was at the beginning; never written later */
	unsigned int pass_count;
	unsigned int peeked_pass;
	uint64_t interval_ns;
	uint64_t probed[PROBER_PASSES]; /* SYNs that left, by pass */
	uint64_t skipped;               /* later probes not sent, since the target had answered */
	bool is_stopped;
	struct responder_set answered;
	struct position_log fronts[PROBER_PASSES - 1]; /* by pass: how far the next one may go */
	struct position_log rear; /* of the last pass: for checkpoints, read by another thread */
};

/* Returns 0 or ERROR_MEMORY. prober may be large: keep it off the stack. */
int prober_init(struct prober *prober, const struct prober_settings *settings);
void prober_clear(struct prober *prober);

/*
 * Point addresses_out at the next targets to be probed at now_ns, and return how many there are: later passes first, so that they keep their
 * interval. 0: none now.
 */
size_t prober_peek(struct prober *prober, uint64_t now_ns, const uint32_t **addresses_out);

/* The SYNs for the first count of those that the last peek showed have left. */
void prober_take(struct prober *prober, size_t count);

/* The target has answered somehow: it is no longer silent. Returns 0 or ERROR_MEMORY. */
int prober_note_answer(struct prober *prober, uint32_t address);

/* Start no new target: later probes of those begun are not sent either. */
void prober_stop(struct prober *prober);

/* Every pass is done, or it was stopped. */
bool prober_is_finished(const struct prober *prober);

/* Visits of targets by all passes: SYNs that left and visits skipped. Exact once the worker has ended; any thread. */
uint64_t prober_visited(const struct prober *prober);
uint64_t prober_skipped(const struct prober *prober);

/* SYNs of the second and later passes. */
uint64_t prober_repeated(const struct prober *prober);

/*
 * For each of its lanes, a step before which every target had its last probe at time_ns or earlier, and how many targets these were
 * since prober_init. False if that is not known: then nothing is written. Any thread.
 */
bool prober_steps_at(const struct prober *prober, uint64_t time_ns, uint64_t steps[TARGET_LANES],
	uint64_t *completed_out);

#endif
