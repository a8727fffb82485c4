/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <float.h>

#include "base/random.h"
#include "stats/histogram.h"

static void
an_empty_one_answers_zero(void **state)
{
	static struct histogram histogram;

	assert_int_equal(histogram_percentile(&histogram, 50), 0);
	assert_true(histogram_mean(&histogram) < DBL_MIN);
}

static void
small_values_are_exact(void **state)
{
	static struct histogram histogram;

	for (uint64_t value = 1; value <= 60; value++)
		histogram_add(&histogram, value);
	assert_int_equal(histogram_percentile(&histogram, 0), 1);
	assert_int_equal(histogram_percentile(&histogram, 50), 30);
	assert_int_equal(histogram_percentile(&histogram, 75), 45);
	assert_int_equal(histogram_percentile(&histogram, 100), 60);
	assert_int_equal((int)(histogram_mean(&histogram) * 10), 305);
}

static void
every_size_is_known_to_a_32nd(void **state)
{
	struct random_sequence sequence = { 5 };

	for (int round = 0; round < 2000; round++) {
		struct histogram histogram = { 0 };
		const uint64_t value = random_next(&sequence) >> random_below(&sequence, 64);

		histogram_add(&histogram, value);
		histogram_add(&histogram, UINT64_MAX);
		const uint64_t found = histogram_percentile(&histogram, 50.0);
		/* Rank 1 of 2 is the minimum, which is exact; look at the bucket by rank 2 of 3. */
		assert_int_equal(found, value);
		histogram_add(&histogram, value);
		const uint64_t middle = histogram_percentile(&histogram, 60);
		assert_true(middle >= value);
		assert_true(middle - value <= value / 32);
	}
}

static void
the_extremes_fit(void **state)
{
	static struct histogram histogram;

	histogram_add(&histogram, 0);
	histogram_add(&histogram, UINT64_MAX);
	assert_int_equal(histogram.buckets[0], 1);
	assert_int_equal(histogram.buckets[HISTOGRAM_BUCKETS - 1], 1);
	assert_int_equal(histogram_percentile(&histogram, 99), UINT64_MAX);
}

static void
merged_is_as_if_added_to_one(void **state)
{
	static struct histogram parts[2];
	static struct histogram whole;
	struct random_sequence sequence = { 9 };

	for (int i = 0; i < 10000; i++) {
		const uint64_t value = random_below(&sequence, 1000000);

		histogram_add(&parts[i % 2], value);
		histogram_add(&whole, value);
	}
	histogram_merge(&parts[0], &parts[1]);
	assert_int_equal(parts[0].count, whole.count);
	assert_int_equal(parts[0].minimum, whole.minimum);
	assert_int_equal(parts[0].maximum, whole.maximum);
	assert_memory_equal(parts[0].buckets, whole.buckets, sizeof(whole.buckets));
	for (int percent = 0; percent <= 100; percent++)
		assert_int_equal(histogram_percentile(&parts[0], percent),
			histogram_percentile(&whole, percent));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_answers_zero),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(every_size_is_known_to_a_32nd),
		cmocka_unit_test(the_extremes_fit),
		cmocka_unit_test(merged_is_as_if_added_to_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
