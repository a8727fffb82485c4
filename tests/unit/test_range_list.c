/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "targets/range_list.h"

/* A small universe at the top of the address space, where 32-bit sums overflow. */
#define UNIVERSE 300u
#define BOTTOM   (UINT32_MAX - UNIVERSE + 1)

static void
add(struct range_list *list, uint32_t first, uint32_t last)
{
	assert_int_equal(range_list_add(list, (struct ipv4_range){ first, last }), 0);
}

static void
assert_ranges(const struct range_list *list, const struct ipv4_range *ranges, size_t count)
{
	assert_int_equal(list->count, count);
	if (count > 0)
		assert_memory_equal(list->ranges, ranges, count * sizeof(*ranges));
}

static void
merges_overlapping_and_touching_ranges(void **state)
{
	struct range_list list = { 0 };
	const struct ipv4_range expected[] = { { 0, 9 }, { 11, 30 }, { 0xfffffff0, UINT32_MAX } };

	add(&list, 0xfffffff0, UINT32_MAX);
	add(&list, 20, 30);
	add(&list, 5, 9);
	add(&list, 0, 4);
	add(&list, 11, 25);
	add(&list, 12, 13);
	add(&list, UINT32_MAX, UINT32_MAX);
	range_list_normalise(&list);
	assert_ranges(&list, expected, 3);
	assert_int_equal(range_list_address_count(&list), 10 + 20 + 16);
	range_list_clear(&list);
	assert_int_equal(list.count, 0);
}

static void
counts_the_whole_space(void **state)
{
	struct range_list list = { 0 };

	add(&list, 0, 0x7fffffff);
	add(&list, 0x80000000, UINT32_MAX);
	range_list_normalise(&list);
	assert_int_equal(list.count, 1);
	assert_true(range_list_address_count(&list) == 1ULL << 32);
	range_list_clear(&list);
}

static void
keeps_memory_small_for_repeats(void **state)
{
	struct range_list list = { 0 };

	for (uint32_t i = 0; i < 100000; i++)
		add(&list, i % 7 * 10, i % 7 * 10 + 3);
	assert_true(list.capacity <= 64);
	range_list_normalise(&list);
	assert_int_equal(list.count, 7);
	range_list_clear(&list);
}

static void
fill_randomly(struct range_list *list, uint8_t *marks, struct random_sequence *random)
{
	uint64_t count = random_below(random, 20);

	memset(marks, 0, UNIVERSE);
	for (uint64_t i = 0; i < count; i++) {
		uint32_t first = (uint32_t)random_below(random, UNIVERSE);
		uint32_t last = first + (uint32_t)random_below(random, UNIVERSE - first);

		last = first + (last - first) / (1 + (uint32_t)random_below(random, 40));
		add(list, BOTTOM + first, BOTTOM + last);
		memset(&marks[first], 1, last - first + 1);
	}
	range_list_normalise(list);
}

/* Checks that the list is normal and holds exactly the marked addresses. */
static void
assert_marks(const struct range_list *list, const uint8_t *marks)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < UNIVERSE; i++) {
		const struct ipv4_range *found = range_list_find(list, BOTTOM + i);

		assert_int_equal(found != NULL, marks[i]);
		assert_true(
			found == NULL || (found->first <= BOTTOM + i && found->last >= BOTTOM + i));
		count += marks[i];
	}
	for (size_t i = 1; i < list->count; i++)
		assert_true(list->ranges[i].first > (uint64_t)list->ranges[i - 1].last + 1);
	assert_int_equal(range_list_address_count(list), count);
}

static void
agrees_with_plain_marks(void **state)
{
	struct random_sequence random = { 20260101 };

	for (int round = 0; round < 2000; round++) {
		struct range_list left = { 0 };
		struct range_list right = { 0 };
		struct range_list difference = { 0 };
		struct range_list common = { 0 };
		uint8_t left_marks[UNIVERSE];
		uint8_t right_marks[UNIVERSE];
		uint8_t marks[UNIVERSE];

		fill_randomly(&left, left_marks, &random);
		fill_randomly(&right, right_marks, &random);
		assert_marks(&left, left_marks);
		assert_int_equal(range_list_subtract(&left, &right, &difference), 0);
		for (uint32_t i = 0; i < UNIVERSE; i++)
			marks[i] = left_marks[i] && !right_marks[i];
		assert_marks(&difference, marks);
		assert_int_equal(range_list_intersect(&left, &right, &common), 0);
		for (uint32_t i = 0; i < UNIVERSE; i++)
			marks[i] = left_marks[i] && right_marks[i];
		assert_marks(&common, marks);
		range_list_clear(&left);
		range_list_clear(&right);
		range_list_clear(&difference);
		range_list_clear(&common);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_overlapping_and_touching_ranges),
		cmocka_unit_test(counts_the_whole_space),
		cmocka_unit_test(keeps_memory_small_for_repeats),
		cmocka_unit_test(agrees_with_plain_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
