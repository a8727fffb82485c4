/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

/* Steele's SplitMix64 with seed 1234567, as other implementations publish it. */
static void
test_known_sequence(void **state)
{
	static const uint64_t expected[] = { 6457827717110365317ULL, 3203168211198807973ULL,
		9817491932198370423ULL, 4593380528125082431ULL, 16408922859458223821ULL };
	struct random_sequence random = { .state = 1234567 };

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_true(random_next(&random) == expected[i]);
}

static void
test_below_stays_below(void **state)
{
	static const uint64_t bounds[] = { 1, 2, 3, 1000, 1ULL << 32, UINT64_MAX };
	struct random_sequence random = { .state = 5 };

	for (size_t b = 0; b < sizeof(bounds) / sizeof(bounds[0]); b++)
		for (int i = 0; i < 2000; i++)
			assert_true(random_below(&random, bounds[b]) < bounds[b]);
}

/* Ten boxes, 100,000 draws: a box is off by more than 6 deviations once in 10^8 seeds, and this seed is fixed. */
static void
test_below_is_even(void **state)
{
	struct random_sequence random = { .state = 6 };
	int boxes[10] = { 0 };

	for (int i = 0; i < 100000; i++)
		boxes[random_below(&random, 10)]++;
	for (int i = 0; i < 10; i++)
		assert_in_range(boxes[i], 10000 - 570, 10000 + 570);
}

static void
test_secrets_fill_all(void **state)
{
	uint8_t seen[100] = { 0 };

	/* Each byte is 0 in all of 16 draws once in 2^128. */
	for (int round = 0; round < 16; round++) {
		uint8_t bytes[102] = { 0 };

		assert_int_equal(random_secret(bytes + 1, 100), 0);
		assert_int_equal(bytes[0], 0);
		assert_int_equal(bytes[101], 0);
		for (size_t i = 0; i < 100; i++)
			seen[i] |= bytes[i + 1];
	}
	for (size_t i = 0; i < 100; i++)
		assert_int_not_equal(seen[i], 0);
	assert_int_equal(random_secret(seen, 0), 0);
}

static void
test_secrets_differ(void **state)
{
	uint64_t a[4];
	uint64_t b[4];

	assert_int_equal(random_secret(a, sizeof(a)), 0);
	assert_int_equal(random_secret(b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_sequence),
		cmocka_unit_test(test_below_stays_below),
		cmocka_unit_test(test_below_is_even),
		cmocka_unit_test(test_secrets_fill_all),
		cmocka_unit_test(test_secrets_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
