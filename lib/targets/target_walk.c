/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "targets/target_walk.h"

/* Where slice index of parts begins when length is cut into that many nearly equal slices. */
static uint64_t
slice_start(uint64_t length, uint64_t index, uint64_t parts)
{
	return (uint64_t)((unsigned __int128)length * index / parts);
}

void
target_walk_init(struct target_walk *walk, const struct address_set *set, uint64_t seed,
	uint32_t shard_index, uint32_t shard_count)
{
	assert(shard_index < shard_count);
	uint64_t span = 0;

	*walk = (struct target_walk){ .set = set };
	if (set->count > 0) {
		walk->base = set->ranges[0].first;
		span = (uint64_t)set->ranges[set->range_count - 1].last - walk->base + 1;
	}
	walk->is_numbered = set->count < span / TARGET_WALK_SPARSE;
	permutation_init(&walk->permutation, walk->is_numbered ? set->count : span, seed);

	uint64_t length = permutation_length(&walk->permutation);
	walk->first_exponent = slice_start(length, shard_index, shard_count);
	walk->exponent_count =
		slice_start(length, (uint64_t)shard_index + 1, shard_count) - walk->first_exponent;
}

uint64_t
target_walk_lane_length(const struct target_walk *walk, uint32_t lane)
{
	assert(lane < TARGET_LANES);
	return slice_start(walk->exponent_count, lane + 1, TARGET_LANES) -
	       slice_start(walk->exponent_count, lane, TARGET_LANES);
}

uint64_t
target_walk_element(const struct target_walk *walk, uint32_t lane, uint64_t step)
{
	assert(step <= target_walk_lane_length(walk, lane));
	uint64_t lane_start = slice_start(walk->exponent_count, lane, TARGET_LANES);

	return permutation_element(&walk->permutation, walk->first_exponent + lane_start + step);
}
