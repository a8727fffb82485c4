/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "targets/address_set.h"

/*
 * The reference is one byte for each address of four /16s around a place where all parts of an
 * address change.
 */
#define REFERENCE_FIRST 0x0afe0000u
#define REFERENCE_SIZE  (4u << 16)

static void
add(struct range_list *list, uint32_t first, uint32_t last)
{
	assert_int_equal(range_list_add(list, (struct ipv4_range){ first, last }), 0);
}

static void
init_and_clear_list(struct address_set *set, struct range_list *list)
{
	range_list_normalise(list);
	assert_int_equal(address_set_init(set, list), 0);
	range_list_clear(list);
}

/* The two halves of membership, as a loop without branches uses them. */
static void
assert_halves_like_reference(const struct address_set *set, const uint8_t *reference)
{
	uint32_t *partials = malloc(REFERENCE_SIZE * sizeof(*partials));
	uint32_t *kept = malloc(REFERENCE_SIZE * sizeof(*kept));
	uint32_t partial_count = 0;
	uint32_t expected = 0;

	assert_true(partials != NULL && kept != NULL);
	for (uint32_t i = 0; i < REFERENCE_SIZE; i++) {
		uint32_t state = address_set_state(set, REFERENCE_FIRST + i);

		assert_in_range(state, 0, 2);
		if (state != ADDRESS_SET_PARTIAL) {
			assert_int_equal(state == ADDRESS_SET_ALL, reference[i] != 0);
			continue;
		}
		partials[partial_count++] = REFERENCE_FIRST + i;
		expected += reference[i];
	}
	uint32_t count = address_set_keep_partial(set, partials, partial_count, kept);
	assert_int_equal(count, expected);
	for (uint32_t i = 0; i < count; i++) {
		assert_true(reference[kept[i] - REFERENCE_FIRST]);
		assert_true(i == 0 || kept[i] > kept[i - 1]);
	}
	free(partials);
	free(kept);
}

/* Membership and the n-th address against the reference. */
static void
assert_like_reference(const struct address_set *set, const uint8_t *reference)
{
	uint32_t index = 0;

	for (uint32_t i = 0; i < REFERENCE_SIZE; i++) {
		uint32_t address = REFERENCE_FIRST + i;
		bool is_in = reference[i] != 0;

		if (address_set_contains(set, address) != is_in)
			fail_msg("address %x: expected %d", address, is_in);
		if (is_in && address_set_nth(set, index++) != address)
			fail_msg("address %x is not number %u", address, index - 1);
	}
	assert_int_equal(set->count, index);
	assert_halves_like_reference(set, reference);
}

static void
build_randomly(struct address_set *set, uint8_t *reference, struct random_sequence *random,
	uint32_t operations)
{
	struct range_list included = { 0 };
	struct range_list excluded = { 0 };
	struct range_list planned = { 0 };

	memset(reference, 0, REFERENCE_SIZE);
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < operations; i++) {
			uint32_t first = (uint32_t)random_below(random, REFERENCE_SIZE);
			uint32_t size = 1u << random_below(random, pass == 0 ? 18 : 9);
			uint32_t last = first + (uint32_t)random_below(random, size);

			if (last >= REFERENCE_SIZE)
				last = REFERENCE_SIZE - 1;
			memset(&reference[first], pass == 0, last - first + 1);
			add(pass == 0 ? &included : &excluded, REFERENCE_FIRST + first,
				REFERENCE_FIRST + last);
		}
	}
	range_list_normalise(&included);
	range_list_normalise(&excluded);
	assert_int_equal(range_list_subtract(&included, &excluded, &planned), 0);
	assert_int_equal(address_set_init(set, &planned), 0);
	range_list_clear(&included);
	range_list_clear(&excluded);
	range_list_clear(&planned);
}

static void
agrees_with_a_plain_map(void **state)
{
	static const uint32_t operations[] = { 1, 2, 5, 20, 300, 5000 };
	struct random_sequence random = { 31337 };
	uint8_t *reference = malloc(REFERENCE_SIZE);

	assert_non_null(reference);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		for (int round = 0; round < 3; round++) {
			struct address_set set;

			build_randomly(&set, reference, &random, operations[i]);
			assert_like_reference(&set, reference);
			address_set_clear(&set);
		}
	}
	free(reference);
}

/* One network of each size is excluded from its /16, and then a neighbour of the same size as well. */
static void
leaves_out_one_network_of_a_block(void **state)
{
	uint8_t *reference = malloc(REFERENCE_SIZE);
	struct random_sequence random = { 1716 };

	assert_non_null(reference);
	for (uint32_t bits = 0; bits <= 16; bits++) {
		for (uint32_t holes = 1; holes <= 2; holes++) {
			const uint32_t size = 1u << bits;
			const uint32_t first =
				(uint32_t)random_below(&random, REFERENCE_SIZE / size - 1) * size;
			const uint32_t end = first + holes * size;
			struct range_list list = { 0 };
			struct address_set set;

			memset(reference, 1, REFERENCE_SIZE);
			memset(&reference[first], 0, holes * size);
			if (first > 0)
				add(&list, REFERENCE_FIRST, REFERENCE_FIRST + first - 1);
			if (end < REFERENCE_SIZE)
				add(&list, REFERENCE_FIRST + end,
					REFERENCE_FIRST + REFERENCE_SIZE - 1);
			init_and_clear_list(&set, &list);
			assert_like_reference(&set, reference);
			address_set_clear(&set);
		}
	}
	free(reference);
}

static void
holds_nothing(void **state)
{
	struct range_list list = { 0 };
	struct address_set set;

	init_and_clear_list(&set, &list);
	assert_int_equal(set.count, 0);
	assert_false(address_set_contains(&set, 0));
	assert_false(address_set_contains(&set, 0x01020304));
	assert_false(address_set_contains(&set, UINT32_MAX));
	address_set_clear(&set);
}

static void
holds_everything(void **state)
{
	struct range_list list = { 0 };
	struct address_set set;

	add(&list, 0, UINT32_MAX);
	init_and_clear_list(&set, &list);
	assert_true(set.count == 1ULL << 32);
	assert_true(address_set_contains(&set, 0));
	assert_true(address_set_contains(&set, UINT32_MAX));
	assert_int_equal(address_set_nth(&set, 0), 0);
	assert_int_equal(address_set_nth(&set, 0x80000001), 0x80000001);
	assert_int_equal(address_set_nth(&set, UINT32_MAX), UINT32_MAX);
	address_set_clear(&set);
}

static void
holds_the_two_ends_of_the_space(void **state)
{
	struct range_list list = { 0 };
	struct address_set set;

	add(&list, 0, 0);
	add(&list, UINT32_MAX, UINT32_MAX);
	init_and_clear_list(&set, &list);
	assert_int_equal(set.count, 2);
	assert_true(address_set_contains(&set, 0));
	assert_false(address_set_contains(&set, 1));
	assert_false(address_set_contains(&set, UINT32_MAX - 1));
	assert_true(address_set_contains(&set, UINT32_MAX));
	assert_int_equal(address_set_nth(&set, 1), UINT32_MAX);
	address_set_clear(&set);
}

/*
 * Every second address of a /12: all /24s partial, two hundred thousand ranges, many ranges beside
 * one big one.
 */
static void
holds_half_of_a_block(void **state)
{
	struct range_list list = { 0 };
	struct address_set set;
	const uint32_t half = 1u << 19;

	for (uint32_t i = 0; i < half; i++)
		add(&list, 0xac100000 + 2 * i, 0xac100000 + 2 * i);
	add(&list, 0xc0000000, 0xcfffffff);
	init_and_clear_list(&set, &list);
	assert_int_equal(set.count, half + (1u << 28));
	/* 12 bytes a range, 16 to 32 of buckets, 16 pages and 4096 bitmaps. */
	assert_in_range(set.size_bytes, half * 12, half * 32);
	for (uint32_t i = 0; i < half; i++) {
		assert_true(address_set_contains(&set, 0xac100000 + 2 * i));
		assert_false(address_set_contains(&set, 0xac100001 + 2 * i));
		assert_int_equal(address_set_nth(&set, i), 0xac100000 + 2 * i);
	}
	assert_int_equal(address_set_nth(&set, half), 0xc0000000);
	assert_int_equal(address_set_nth(&set, half + (1u << 28) - 1), 0xcfffffff);
	address_set_clear(&set);
}

static void
fingerprint_follows_the_contents(void **state)
{
	struct range_list first = { 0 };
	struct range_list second = { 0 };
	struct range_list other = { 0 };
	struct address_set sets[3];

	add(&first, 10, 20);
	add(&first, 30, 40);
	add(&second, 30, 40);
	add(&second, 15, 20);
	add(&second, 10, 15);
	add(&other, 10, 20);
	add(&other, 30, 41);
	init_and_clear_list(&sets[0], &first);
	init_and_clear_list(&sets[1], &second);
	init_and_clear_list(&sets[2], &other);
	assert_true(address_set_fingerprint(&sets[0]) == address_set_fingerprint(&sets[1]));
	assert_true(address_set_fingerprint(&sets[0]) != address_set_fingerprint(&sets[2]));
	for (size_t i = 0; i < 3; i++)
		address_set_clear(&sets[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_plain_map),
		cmocka_unit_test(leaves_out_one_network_of_a_block),
		cmocka_unit_test(holds_nothing),
		cmocka_unit_test(holds_everything),
		cmocka_unit_test(holds_the_two_ends_of_the_space),
		cmocka_unit_test(holds_half_of_a_block),
		cmocka_unit_test(fingerprint_follows_the_contents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
