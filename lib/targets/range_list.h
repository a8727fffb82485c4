/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RANGE_LIST_H
#define RANGE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/ipv4.h"

/*
 * A growing list of address ranges, used while targets are being chosen. It is "normal" when its
 * ranges are sorted, disjoint and do not touch; most functions want that. A zeroed struct is an
 * empty, normal list. Memory grows with the number of distinct ranges, not with the number of
 * additions.
 */
struct range_list {
	struct ipv4_range *ranges;
	size_t count;
	size_t capacity;
};

/*
 * Add a range, in any order, overlapping or not. Returns 0, or ERROR_MEMORY with the list
 * unchanged.
 */
int range_list_add(struct range_list *list, struct ipv4_range range);

/* Sort and merge, so that the list is normal. */
void range_list_normalise(struct range_list *list);

/*
 * What is in left and not in right, both normal. Returns 0 or ERROR_MEMORY; the caller clears
 * difference_out.
 */
int range_list_subtract(const struct range_list *left, const struct range_list *right,
	struct range_list *difference_out);

/* What is in both, both normal. Returns 0 or ERROR_MEMORY; the caller clears common_out. */
int range_list_intersect(const struct range_list *left, const struct range_list *right,
	struct range_list *common_out);

/* The number of addresses in a normal list, 0 to 2^32. */
uint64_t range_list_address_count(const struct range_list *list);

/* The one range of a normal list that holds the address, or NULL. */
const struct ipv4_range *range_list_find(const struct range_list *list, uint32_t address);

/* Free the ranges and leave an empty list. */
void range_list_clear(struct range_list *list);

#endif
