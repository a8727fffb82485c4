/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include "stats/counter.h"

#define SAMPLE_COUNTER_LIST(X)     \
	X(SYN, "syn", "SYNs sent") \
	X(SLOWEST, "slowest", "longest round")

enum sample_counter { SAMPLE_SYN, SAMPLE_SLOWEST, SAMPLE_COUNTER_COUNT };

static const struct counter_name names[] = { SAMPLE_COUNTER_LIST(COUNTER_NAME) };

static void
one_list_makes_all(void **state)
{
	uint64_t counters[SAMPLE_COUNTER_COUNT] = { 0 };

	assert_int_equal(sizeof(names) / sizeof(names[0]), SAMPLE_COUNTER_COUNT);
	assert_string_equal(names[SAMPLE_SLOWEST].key, "slowest");
	assert_string_equal(names[SAMPLE_SYN].text, "SYNs sent");
	counter_add(&counters[SAMPLE_SYN], 5);
	counter_add(&counters[SAMPLE_SYN], 7);
	counter_set(&counters[SAMPLE_SLOWEST], 9);
	counter_set(&counters[SAMPLE_SLOWEST], 3);
	assert_int_equal(counter_read(&counters[SAMPLE_SYN]), 12);
	assert_int_equal(counter_read(&counters[SAMPLE_SLOWEST]), 3);
}

#define ADDITIONS 2000000

static void *
add_many(void *context)
{
	uint64_t *counter = context;

	for (int i = 0; i < ADDITIONS; i++)
		counter_add(counter, 1);
	return NULL;
}

/* A reader beside the writer sees the count grow and never shrink. */
static void
readers_see_it_grow(void **state)
{
	uint64_t counter = 0;
	pthread_t writer;
	uint64_t last = 0;

	assert_int_equal(pthread_create(&writer, NULL, add_many, &counter), 0);
	while (last < ADDITIONS) {
		const uint64_t now = counter_read(&counter);
		assert_true(now >= last);
		last = now;
	}
	assert_int_equal(pthread_join(writer, NULL), 0);
	assert_int_equal(counter_read(&counter), ADDITIONS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_list_makes_all),
		cmocka_unit_test(readers_see_it_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
