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

#define SAMPLE_COUNTER_LIST(X) \
	X(syn, "sent.syn") X(synack, "received.synack") X(rst, "received.rst")

struct sample_counters {
	SAMPLE_COUNTER_LIST(COUNTER_MEMBER)
};

static const char *const texts[] = { SAMPLE_COUNTER_LIST(COUNTER_TEXT) };

static void
one_list_makes_all(void **state)
{
	struct sample_counters io[2] = { 0 };
	uint64_t totals[COUNTER_COUNT(struct sample_counters)] = { 0 };

	assert_int_equal(COUNTER_COUNT(struct sample_counters), sizeof(texts) / sizeof(texts[0]));
	assert_string_equal(texts[1], "received.synack");
	counter_add(&io[0].syn, 5);
	counter_add(&io[1].syn, 7);
	counter_add(&io[1].rst, 1);
	counter_set(&io[1].synack, 9);
	counter_set(&io[1].synack, 3);
	for (size_t i = 0; i < 2; i++)
		counters_sum(&io[i], COUNTER_COUNT(struct sample_counters), totals);
	assert_int_equal(totals[0], 12);
	assert_int_equal(totals[1], 3);
	assert_int_equal(totals[2], 1);
}

#define ADDITIONS 2000000

static void *
add_many(void *context)
{
	struct counter *counter = context;

	for (int i = 0; i < ADDITIONS; i++)
		counter_add(counter, 1);
	return NULL;
}

/* A reader beside the writer sees the count grow and never shrink. */
static void
readers_see_it_grow(void **state)
{
	struct counter counter = { 0 };
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
