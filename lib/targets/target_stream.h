/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARGET_STREAM_H
#define TARGET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/target_walk.h"

/* For a step limit or a maximum: none. */
#define TARGET_STREAM_UNLIMITED UINT64_MAX

/*
 * The addresses that one I/O worker probes, each exactly once, without allocation, system call or
 * division.
 *
 * Worker j of W owns the lanes j, j + W, j + 2W ... of a walk; a worker beyond TARGET_LANES owns
 * none. The lanes go forward in lock-step, so the worker's position is one number, its step. A step
 * holds at most TARGET_LANES addresses and is looked at before it is taken (peek, take): what could
 * not be sent is simply not taken, and so is neither lost nor doubled.
 *
 * A stream is a plain value. A copy by assignment goes its own way from where the original stands;
 * a later probe of the same targets is a second stream with the same beginning and maximum, which
 * is given the step it must not reach. The walk and its set are shared and never written.
 */
struct target_stream {
	const struct target_walk *walk;
	uint64_t step;      /* the next to be worked out; the step before it may be partly taken */
	uint64_t full_from; /* in steps full_from .. full_until - 1 every lane gives an element */
	uint64_t full_until;
	uint64_t end; /* every lane is done at this step */
	uint64_t taken;
	uint64_t taken_before; /* by the steps before the one in pending */
	uint64_t maximum;      /* no more than these are handed out */
	uint32_t worker_index;
	uint32_t worker_count;
	uint32_t lane_count;
	uint32_t pending_next; /* pending[pending_next .. pending_count - 1] waits to be taken */
	uint32_t pending_count;
	uint32_t pending[TARGET_LANES];
	uint64_t elements[TARGET_LANES];   /* by own lane, at its next step */
	uint64_t lane_from[TARGET_LANES];  /* the lane begins at this step */
	uint64_t lane_until[TARGET_LANES]; /* and is done at this one */
};

/*
 * Begin at step 0 with worker_index below worker_count, and hand out no more than maximum addresses
 * in all.
 */
void target_stream_init(struct target_stream *stream, const struct target_walk *walk,
	uint32_t worker_index, uint32_t worker_count, uint64_t maximum);

/*
 * Continue at a step: what belongs to earlier steps is left out. Forgets what waits to be taken;
 * counts go on.
 */
void target_stream_seek(struct target_stream *stream, uint64_t step);

/*
 * Continue each of this worker's lanes at its own step, as target_stream_save() gave it, whoever
 * saved it.
 */
void target_stream_restore(struct target_stream *stream, const uint64_t steps[TARGET_LANES]);

/* Write the steps of this worker's lanes, and of no others: all targets before them were taken. */
void target_stream_save(const struct target_stream *stream, uint64_t steps[TARGET_LANES]);

/* The same for a step where the stream stood before, or a stream that began as this one did. */
void target_stream_save_at(
	const struct target_stream *stream, uint64_t step, uint64_t steps[TARGET_LANES]);

/*
 * Point addresses_out (host order) at what comes next of the steps below step_limit, and return how
 * many; 0 if nothing does.
 */
size_t target_stream_peek(
	struct target_stream *stream, uint64_t step_limit, const uint32_t **addresses_out);

/* The first count of the addresses that the last peek showed are dealt with. */
void target_stream_take(struct target_stream *stream, size_t count);

/*
 * Copy up to maximum addresses of the steps below step_limit and take them. Returns how many; 0 if
 * there are none.
 */
size_t target_stream_next_until(
	struct target_stream *stream, uint64_t step_limit, uint32_t *addresses_out, size_t maximum);

/* The same without a step limit: 0 means that the stream is exhausted. */
size_t target_stream_next(struct target_stream *stream, uint32_t *addresses_out, size_t maximum);

/* The checkpoint: every address of the steps below it was taken. */
uint64_t target_stream_step(const struct target_stream *stream);

/*
 * Nothing is left, or the maximum is reached; a stream may only learn it from a peek that shows
 * nothing.
 */
static inline bool
target_stream_is_exhausted(const struct target_stream *stream)
{
	return stream->taken == stream->maximum ||
	       (stream->pending_next == stream->pending_count && stream->step >= stream->end);
}

/* How many addresses were taken since the start. */
uint64_t target_stream_taken(const struct target_stream *stream);

/*
 * How many of these belong to steps below target_stream_step(), which a continuation there does not
 * repeat.
 */
uint64_t target_stream_settled(const struct target_stream *stream);

/*
 * How many addresses are still to come. Walks through all of them, at a nanosecond or two for each.
 */
uint64_t target_stream_count_rest(const struct target_stream *stream);

/* The number of steps in all: of a stream that has run to its end, target_stream_step() is this. */
uint64_t target_stream_length(const struct target_stream *stream);

#endif
