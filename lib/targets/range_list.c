/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "targets/range_list.h"

#define FIRST_CAPACITY 64

static int
compare_ranges(const void *left, const void *right)
{
	const struct ipv4_range *a = left;
	const struct ipv4_range *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

static int
make_room(struct range_list *list)
{
	if (list->count < list->capacity)
		return 0;
	/*
	 * A list of many repeats shrinks here instead of growing; only a truly long one gets more
	 * memory.
	 */
	range_list_normalise(list);
	if (list->capacity > 0 && list->count <= list->capacity / 2)
		return 0;

	size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
	struct ipv4_range *ranges = reallocarray(list->ranges, capacity, sizeof(*ranges));
	if (ranges == NULL)
		return ERROR_MEMORY;
	list->ranges = ranges;
	list->capacity = capacity;
	return 0;
}

int
range_list_add(struct range_list *list, struct ipv4_range range)
{
	int error = make_room(list);

	if (error != 0)
		return error;
	list->ranges[list->count++] = range;
	return 0;
}

void
range_list_normalise(struct range_list *list)
{
	if (list->count < 2)
		return;
	qsort(list->ranges, list->count, sizeof(*list->ranges), compare_ranges);

	struct ipv4_range *last = &list->ranges[0];
	for (size_t i = 1; i < list->count; i++) {
		struct ipv4_range next = list->ranges[i];

		/* 64 bits, because the address after 255.255.255.255 must not be 0.0.0.0. */
		if (next.first > (uint64_t)last->last + 1)
			*++last = next;
		else if (next.last > last->last)
			last->last = next.last;
	}
	list->count = (size_t)(last - list->ranges) + 1;
}

/*
 * Add what is left of the range once the ranges from *cursor on are taken away; *cursor moves past
 * those before it.
 */
static int
add_remainder(struct ipv4_range range, const struct range_list *removed, size_t *cursor,
	struct range_list *list)
{
	uint64_t first = range.first;

	while (*cursor < removed->count && removed->ranges[*cursor].last < range.first)
		(*cursor)++;
	for (size_t i = *cursor; i < removed->count && removed->ranges[i].first <= range.last;
		i++) {
		if (removed->ranges[i].first > first) {
			struct ipv4_range piece = { (uint32_t)first, removed->ranges[i].first - 1 };
			int error = range_list_add(list, piece);
			if (error != 0)
				return error;
		}
		first = (uint64_t)removed->ranges[i].last + 1;
		*cursor = i;
	}
	if (first > range.last)
		return 0;
	return range_list_add(list, (struct ipv4_range){ (uint32_t)first, range.last });
}

int
range_list_subtract(const struct range_list *left, const struct range_list *right,
	struct range_list *difference_out)
{
	struct range_list list = { 0 };
	size_t cursor = 0;

	for (size_t i = 0; i < left->count; i++) {
		int error = add_remainder(left->ranges[i], right, &cursor, &list);
		if (error != 0) {
			range_list_clear(&list);
			return error;
		}
	}
	*difference_out = list;
	return 0;
}

int
range_list_intersect(const struct range_list *left, const struct range_list *right,
	struct range_list *common_out)
{
	struct range_list list = { 0 };
	size_t i = 0;
	size_t j = 0;

	while (i < left->count && j < right->count) {
		struct ipv4_range a = left->ranges[i];
		struct ipv4_range b = right->ranges[j];
		struct ipv4_range common = { a.first > b.first ? a.first : b.first,
			a.last < b.last ? a.last : b.last };

		if (common.first <= common.last && range_list_add(&list, common) != 0) {
			range_list_clear(&list);
			return ERROR_MEMORY;
		}
		if (a.last < b.last)
			i++;
		else
			j++;
	}
	*common_out = list;
	return 0;
}

uint64_t
range_list_address_count(const struct range_list *list)
{
	uint64_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += (uint64_t)list->ranges[i].last - list->ranges[i].first + 1;
	return count;
}

const struct ipv4_range *
range_list_find(const struct range_list *list, uint32_t address)
{
	size_t low = 0;
	size_t high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->ranges[middle].last < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == list->count || list->ranges[low].first > address)
		return NULL;
	return &list->ranges[low];
}

void
range_list_clear(struct range_list *list)
{
	free(list->ranges);
	*list = (struct range_list){ 0 };
}
