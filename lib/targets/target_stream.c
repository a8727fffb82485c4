/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "targets/target_stream.h"

/*
 * The usual step: every lane gives an element, and the set sorts out which addresses are targets.
 * The lanes are independent, so that multiplications and loads overlap; no branch depends on an
 * address, for it would be mispredicted. Addresses in partial /24s, seldom many, come last.
 */
static void
work_out_skipping(struct target_stream *stream)
{
	const struct permutation permutation = stream->walk->permutation;
	const struct address_set *set = stream->walk->set;
	const uint32_t base = stream->walk->base;
	uint32_t partials[TARGET_LANES];
	uint32_t partial_count = 0;
	uint32_t count = 0;

	for (uint32_t i = 0; i < stream->lane_count; i++) {
		uint64_t element = stream->elements[i];
		uint32_t address = base + (uint32_t)(element - 1);
		uint32_t state = address_set_state(set, address);

		/* Above the span the sum can wrap around to addresses that are in the set. */
		state = permutation_has_number(&permutation, element) ? state : 0;
		stream->pending[count] = address;
		count += state & ADDRESS_SET_ALL;
		partials[partial_count] = address;
		partial_count += state / ADDRESS_SET_PARTIAL;
		stream->elements[i] = permutation_next(&permutation, element);
		address_set_prefetch(set, base + (uint32_t)(stream->elements[i] - 1));
	}
	count += address_set_keep_partial(set, partials, partial_count, &stream->pending[count]);
	stream->pending_count = count;
}

/* The same where the members are numbered, and every number is a target. */
static void
work_out_numbered(struct target_stream *stream)
{
	const struct permutation permutation = stream->walk->permutation;
	uint32_t numbers[TARGET_LANES];
	uint32_t count = 0;

	for (uint32_t i = 0; i < stream->lane_count; i++) {
		uint64_t element = stream->elements[i];

		numbers[count] = (uint32_t)(element - 1);
		count += permutation_has_number(&permutation, element);
		stream->elements[i] = permutation_next(&permutation, element);
	}
	for (uint32_t i = 0; i < count; i++)
		stream->pending[i] = address_set_nth(stream->walk->set, numbers[i]);
	stream->pending_count = count;
}

/* The address of an element, if it has one that is a target. */
static bool
find_address(const struct target_walk *walk, uint64_t element, uint32_t *address_out)
{
	if (!permutation_has_number(&walk->permutation, element))
		return false;
	*address_out = walk->is_numbered ? address_set_nth(walk->set, (uint32_t)(element - 1))
					 : walk->base + (uint32_t)(element - 1);
	return walk->is_numbered || address_set_contains(walk->set, *address_out);
}

/* A step near the start or the end, in which some lanes have not begun or are done. */
static void
work_out_ragged(struct target_stream *stream)
{
	stream->pending_count = 0;
	for (uint32_t i = 0; i < stream->lane_count; i++) {
		uint64_t element = stream->elements[i];

		if (stream->step < stream->lane_from[i] || stream->step >= stream->lane_until[i])
			continue;
		stream->elements[i] = permutation_next(&stream->walk->permutation, element);
		stream->pending_count += find_address(
			stream->walk, element, &stream->pending[stream->pending_count]);
	}
}

static void
work_out_step(struct target_stream *stream)
{
	stream->taken_before = stream->taken;
	stream->pending_next = 0;
	if (stream->step < stream->full_from || stream->step >= stream->full_until)
		work_out_ragged(stream);
	else if (stream->walk->is_numbered)
		work_out_numbered(stream);
	else
		work_out_skipping(stream);
	stream->step++;
}

/* The number of the walk's lane that is the i-th of this worker's. */
static uint32_t
own_lane(const struct target_stream *stream, uint32_t i)
{
	return stream->worker_index + i * stream->worker_count;
}

static void
place_lane(struct target_stream *stream, uint32_t i, uint64_t step)
{
	uint64_t length = target_walk_lane_length(stream->walk, own_lane(stream, i));

	if (step > length)
		step = length;
	stream->lane_from[i] = step;
	stream->lane_until[i] = length;
	stream->elements[i] = target_walk_element(stream->walk, own_lane(stream, i), step);
	if (step > stream->full_from)
		stream->full_from = step;
	if (length < stream->full_until)
		stream->full_until = length;
	if (length > stream->end)
		stream->end = length;
	if (step < stream->step)
		stream->step = step;
}

/* What place_lane() narrows down for each lane. */
static void
forget_position(struct target_stream *stream)
{
	stream->taken_before = stream->taken;
	stream->pending_next = 0;
	stream->pending_count = 0;
	stream->full_from = 0;
	stream->full_until = UINT64_MAX;
	stream->end = 0;
	stream->step = stream->lane_count == 0 ? 0 : UINT64_MAX;
}

void
target_stream_init(struct target_stream *stream, const struct target_walk *walk,
	uint32_t worker_index, uint32_t worker_count, uint64_t maximum)
{
	assert(worker_index < worker_count);
	*stream = (struct target_stream){
		.walk = walk,
		.maximum = maximum,
		.worker_index = worker_index,
		.worker_count = worker_count,
	};
	if (worker_index < TARGET_LANES)
		stream->lane_count = 1 + (TARGET_LANES - 1 - worker_index) / worker_count;
	target_stream_seek(stream, 0);
}

void
target_stream_seek(struct target_stream *stream, uint64_t step)
{
	forget_position(stream);
	for (uint32_t i = 0; i < stream->lane_count; i++)
		place_lane(stream, i, step);
}

void
target_stream_restore(struct target_stream *stream, const uint64_t steps[TARGET_LANES])
{
	forget_position(stream);
	for (uint32_t i = 0; i < stream->lane_count; i++)
		place_lane(stream, i, steps[own_lane(stream, i)]);
}

void
target_stream_save_at(
	const struct target_stream *stream, uint64_t step, uint64_t steps[TARGET_LANES])
{
	for (uint32_t i = 0; i < stream->lane_count; i++) {
		uint64_t lane_step = step;

		if (lane_step < stream->lane_from[i])
			lane_step = stream->lane_from[i];
		if (lane_step > stream->lane_until[i])
			lane_step = stream->lane_until[i];
		steps[own_lane(stream, i)] = lane_step;
	}
}

void
target_stream_save(const struct target_stream *stream, uint64_t steps[TARGET_LANES])
{
	target_stream_save_at(stream, target_stream_step(stream), steps);
}

size_t
target_stream_peek(
	struct target_stream *stream, uint64_t step_limit, const uint32_t **addresses_out)
{
	uint64_t limit = step_limit < stream->end ? step_limit : stream->end;
	uint64_t allowed = stream->maximum - stream->taken;

	if (allowed == 0)
		return 0;
	while (stream->pending_next == stream->pending_count && stream->step < limit)
		work_out_step(stream);

	size_t count = stream->pending_count - stream->pending_next;
	/* What waits may belong to a step that an earlier call with a higher limit worked out. */
	if (count == 0 || target_stream_step(stream) >= limit)
		return 0;
	*addresses_out = &stream->pending[stream->pending_next];
	return count < allowed ? count : (size_t)allowed;
}

void
target_stream_take(struct target_stream *stream, size_t count)
{
	assert(count <= stream->pending_count - stream->pending_next);
	assert(count <= stream->maximum - stream->taken);
	stream->pending_next += (uint32_t)count;
	stream->taken += count;
}

size_t
target_stream_next_until(
	struct target_stream *stream, uint64_t step_limit, uint32_t *addresses_out, size_t maximum)
{
	size_t total = 0;

	while (total < maximum) {
		const uint32_t *addresses = NULL;
		size_t count = target_stream_peek(stream, step_limit, &addresses);

		if (count == 0)
			break;
		if (count > maximum - total)
			count = maximum - total;
		memcpy(&addresses_out[total], addresses, count * sizeof(*addresses));
		target_stream_take(stream, count);
		total += count;
	}
	return total;
}

size_t
target_stream_next(struct target_stream *stream, uint32_t *addresses_out, size_t maximum)
{
	return target_stream_next_until(stream, TARGET_STREAM_UNLIMITED, addresses_out, maximum);
}

uint64_t
target_stream_step(const struct target_stream *stream)
{
	return stream->pending_next < stream->pending_count ? stream->step - 1 : stream->step;
}

uint64_t
target_stream_taken(const struct target_stream *stream)
{
	return stream->taken;
}

uint64_t
target_stream_settled(const struct target_stream *stream)
{
	return stream->pending_next < stream->pending_count ? stream->taken_before : stream->taken;
}

uint64_t
target_stream_count_rest(const struct target_stream *stream)
{
	struct target_stream copy = *stream;
	const uint32_t *addresses = NULL;
	size_t count = 0;

	while ((count = target_stream_peek(&copy, TARGET_STREAM_UNLIMITED, &addresses)) > 0)
		target_stream_take(&copy, count);
	return copy.taken - stream->taken;
}

uint64_t
target_stream_length(const struct target_stream *stream)
{
	return stream->end;
}
