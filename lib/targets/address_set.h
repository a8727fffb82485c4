/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ADDRESS_SET_H
#define ADDRESS_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipv4.h"
#include "targets/range_list.h"

/*
 * A frozen set of IPv4 addresses, made for one question asked for every address of a scan: is it
 * in?
 *
 * Membership walks no list. A table of the 65,536 /16s, which stays in the second-level cache, tells
 * of each that it is full, empty, or full but for one network: that is what 20,000 exclusions make
 * of nearly all. The rest name a page of one cache line, which holds two bits for each of its 256
 * /24s: none, all or partial. Only a partial /24 there has a bitmap of 256 bits. So the answer costs
 * two loads and, in a partial /24, two more, whatever the number of ranges.
 *
 * For small sets there is also the other direction: the n-th address in ascending order.
 */
struct address_page {
	_Alignas(64) uint64_t states[8]; /* word (address >> 13 & 7), 32 pairs of bits each */
};

/*
 * What is known of a /16. With the highest bit: the page of the rest. Without: the lower 16 bits of
 * the excluded network's first address, with bit 16 where there is none, and above them how many of
 * an address's lower bits do not matter to it, 17 if all are excluded.
 */
#define ADDRESS_SET_PAGED      0x80000000u
#define ADDRESS_SET_HOLE_SHIFT 17
#define ADDRESS_SET_FULL       0x10000u
#define ADDRESS_SET_EMPTY      (17u << ADDRESS_SET_HOLE_SHIFT)

struct address_set {
	uint32_t *slash16s;          /* by address >> 16 */
	struct address_page *pages;  /* the first stands for all /16s without one, and has all */
	uint32_t (*first_bitmap)[8]; /* by page and word: index into bitmaps */
	uint64_t (*bitmaps)[4];
	struct ipv4_range *ranges; /* sorted, disjoint, not touching */
	uint32_t *preceding;       /* by range: how many addresses of the set lie below it */
	uint32_t *buckets; /* by n >> bucket_shift: the range of the bucket's first address */
	size_t range_count;
	uint64_t count; /* 0 to 2^32 */
	unsigned bucket_shift;
	size_t size_bytes; /* memory held, for the printed plan */
};

/* Build the set of a normal list, which is copied. Returns 0 or ERROR_MEMORY. */
int address_set_init(struct address_set *set, const struct range_list *list);

/* Free what the set holds. Accepts a zeroed or half-built set. */
void address_set_clear(struct address_set *set);

/* Bits of what is known of an address's /24; where neither is set, none of it is in the set. */
#define ADDRESS_SET_ALL     1u
#define ADDRESS_SET_PARTIAL 2u

/* Is the address in the network that is excluded from a /16 without a page? */
static inline bool
address_set_in_hole(uint32_t slash16, uint32_t address)
{
	return ((address & 0xffff) ^ (slash16 & 0x1ffff)) >> (slash16 >> ADDRESS_SET_HOLE_SHIFT) ==
	       0;
}

/*
 * What is known of the address or its /24. The first half of address_set_contains(), for a loop that
 * wants no branch.
 */
static inline uint32_t
address_set_state(const struct address_set *set, uint32_t address)
{
	const uint32_t slash16 = set->slash16s[address >> 16];
	const uint32_t is_paged = slash16 >> 31;
	/* A mask in place of a choice, which would be a branch. */
	const uint32_t page = slash16 & (0x7fffffffu & (0 - is_paged));
	const uint32_t hole = slash16 & ~(0 - is_paged);
	const uint32_t pair =
		(uint32_t)(set->pages[page].states[address >> 13 & 7] >> (address >> 8 & 31) * 2);
	const uint32_t in_hole = address_set_in_hole(hole, address) & ~is_paged;

	return pair & 3 & (in_hole - 1);
}

/* The address will be asked for soon: bring what is known of its /16 into the cache. */
static inline void
address_set_prefetch(const struct address_set *set, uint32_t address)
{
	__builtin_prefetch(&set->slash16s[address >> 16]);
}

/*
 * The second half: copy those of count addresses in partial /24s that are in the set to kept_out;
 * returns how many.
 */
uint32_t address_set_keep_partial(const struct address_set *set, const uint32_t *addresses,
	uint32_t count, uint32_t *kept_out);

/* Is the address in the set? */
bool address_set_contains(const struct address_set *set, uint32_t address);

/* The address that has exactly index addresses of the set below it; index must be below count. */
static inline uint32_t
address_set_nth(const struct address_set *set, uint32_t index)
{
	uint32_t low = set->buckets[index >> set->bucket_shift];
	uint32_t high = set->buckets[(index >> set->bucket_shift) + 1];

	/* The few ranges of one bucket: the last one that starts at or below the index. */
	while (low < high) {
		uint32_t middle = high - (high - low) / 2;

		if (set->preceding[middle] <= index)
			low = middle;
		else
			high = middle - 1;
	}
	return set->ranges[low].first + (index - set->preceding[low]);
}

/*
 * A number that changes with the set's contents, so that a resumed scan can refuse other targets.
 */
uint64_t address_set_fingerprint(const struct address_set *set);

#endif
