/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARGET_WALK_H
#define TARGET_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "targets/address_set.h"
#include "targets/permutation.h"

/*
 * How one shard of a scan walks through an address set.
 *
 * The permutation's exponents are cut into shards, and each shard into TARGET_LANES lanes; a lane
 * is a contiguous slice, and so its progress is one number, the step: how many of its exponents are
 * done. Shards and lanes depend on the set, the seed and the number of shards alone. Threads only
 * own lanes, so a position saved by three threads can be taken up by two.
 *
 * What is permuted is the span from the set's first address to its last, and addresses outside the
 * set are skipped. Where less than 1 / TARGET_WALK_SPARSE of the span is in the set, its members
 * are numbered and the numbers permuted: that costs a search for each address, but skips nothing.
 */
#define TARGET_LANES 64

/*
 * Measured: a numbered address costs 3 to 16 ns however sparse the set, an address looked at about
 * 3 ns.
 */
#define TARGET_WALK_SPARSE 2

struct target_walk {
	const struct address_set *set; /* borrowed, outlives the walk */
	struct permutation permutation;
	uint64_t first_exponent;
	uint64_t exponent_count;
	uint32_t base; /* the address of number 0, unless is_numbered */
	bool is_numbered;
};

/*
 * Prepare the walk of shard shard_index, below shard_count. The shards of one seed share no address
 * and leave none out.
 */
void target_walk_init(struct target_walk *walk, const struct address_set *set, uint64_t seed,
	uint32_t shard_index, uint32_t shard_count);

/* The number of steps of a lane below TARGET_LANES; the lanes of a walk differ by at most one. */
uint64_t target_walk_lane_length(const struct target_walk *walk, uint32_t lane);

/* The permutation's element of a lane at a step up to its length. */
uint64_t target_walk_element(const struct target_walk *walk, uint32_t lane, uint64_t step);

#endif
