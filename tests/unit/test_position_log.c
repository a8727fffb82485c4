/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "scan/position_log.h"

#define INTERVAL_NS 1000

static struct position_log log_under_test;

static void
note(uint64_t time_ns)
{
	/* Both follow from the time, so that a torn sample shows. */
	const struct position_sample sample = { time_ns, time_ns * 3, time_ns * 7 };

	position_log_note(&log_under_test, &sample);
}

static void
test_nothing_is_known_at_first(void **state)
{
	struct position_sample found = { 1, 2, 3 };

	position_log_init(&log_under_test, INTERVAL_NS);
	assert_false(position_log_find(&log_under_test, UINT64_MAX, &found));
	note(5000);
	assert_false(position_log_find(&log_under_test, 4999, &found));
	assert_int_equal(found.step, 2);
	assert_true(position_log_find(&log_under_test, 5000, &found));
	assert_int_equal(found.time_ns, 5000);
	assert_int_equal(found.step, 15000);
	assert_int_equal(found.settled, 35000);
}

static void
test_latest_at_or_before(void **state)
{
	struct random_sequence random = { .state = 3 };
	static uint64_t kept[30000];
	uint64_t count = 0;
	uint64_t now_ns = 0;

	position_log_init(&log_under_test, INTERVAL_NS);
	for (int i = 0; i < 30000; i++) {
		now_ns += random_below(&random, 3 * INTERVAL_NS);
		note(now_ns);
		if (count == 0 || now_ns - kept[count - 1] >= INTERVAL_NS)
			kept[count++] = now_ns;
		if (i % 10 != 0)
			continue;
		const uint64_t back = random_below(&random, 3000);
		const uint64_t wanted = back < count ? kept[count - 1 - back] : kept[0];
		struct position_sample found;
		assert_true(position_log_find(
			&log_under_test, wanted + random_below(&random, INTERVAL_NS), &found));
		assert_int_equal(found.time_ns, wanted);
		assert_int_equal(found.step, wanted * 3);
		assert_int_equal(found.settled, wanted * 7);
	}
	assert_true(count > 3 * POSITION_LOG_SAMPLES);
}

/* What the ring has overwritten is unknown, never guessed. */
static void
test_too_old_is_unknown(void **state)
{
	struct position_sample found;

	position_log_init(&log_under_test, INTERVAL_NS);
	for (uint64_t i = 1; i <= 2 * POSITION_LOG_SAMPLES; i++)
		note(i * INTERVAL_NS);
	assert_false(position_log_find(
		&log_under_test, POSITION_LOG_SAMPLES * (uint64_t)INTERVAL_NS, &found));
	assert_true(position_log_find(
		&log_under_test, (POSITION_LOG_SAMPLES + 100) * (uint64_t)INTERVAL_NS, &found));
	assert_int_equal(found.time_ns, (POSITION_LOG_SAMPLES + 100) * (uint64_t)INTERVAL_NS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_known_at_first),
		cmocka_unit_test(test_latest_at_or_before),
		cmocka_unit_test(test_too_old_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
