/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "stats/progress.h"

#define SECOND 1000000000ULL

static void
rates_of_now_window_and_whole(void **state)
{
	struct rate_meter meter;

	rate_meter_init(&meter, 1000, 50 * SECOND);
	assert_int_equal((int)rate_meter_now(&meter), 0);
	rate_meter_sample(&meter, 1100, 51 * SECOND);
	assert_int_equal((int)rate_meter_now(&meter), 100);
	assert_int_equal((int)rate_meter_average(&meter), 100);
	rate_meter_sample(&meter, 1400, 52 * SECOND);
	assert_int_equal((int)rate_meter_now(&meter), 300);
	assert_int_equal((int)rate_meter_window(&meter), 200);
	/* The window forgets, the average does not. */
	for (uint64_t i = 1; i <= RATE_METER_SAMPLES; i++)
		rate_meter_sample(&meter, 1400, (52 + i) * SECOND);
	assert_int_equal((int)rate_meter_window(&meter), 0);
	assert_int_equal((int)(rate_meter_average(&meter) * 18 + 0.5), 400);
}

static void
no_time_is_no_rate(void **state)
{
	struct rate_meter meter;

	rate_meter_init(&meter, 0, 5);
	rate_meter_sample(&meter, 10, 5);
	assert_int_equal((int)rate_meter_now(&meter), 0);
	assert_int_equal((int)rate_meter_average(&meter), 0);
}

static void
percent_and_time_left(void **state)
{
	struct progress progress;

	progress_init(&progress, 1000, 0, 100 * SECOND);
	struct progress_view view = progress_update(&progress, 0, 101 * SECOND);
	assert_int_equal((int)view.percent, 0);
	assert_true(view.left_ns == PROGRESS_UNKNOWN);
	view = progress_update(&progress, 500, 102 * SECOND);
	assert_int_equal((int)view.percent, 50);
	assert_int_equal(view.elapsed_ns, 2 * SECOND);
	assert_int_equal((int)view.rate_now, 500);
	assert_int_equal((int)view.rate_average, 250);
	assert_int_equal(view.left_ns, 2 * SECOND);
	view = progress_update(&progress, 1000, 104 * SECOND);
	assert_int_equal((int)view.percent, 100);
	assert_int_equal(view.left_ns, 0);
}

/* What an earlier run did is progress, but not speed. */
static void
a_resumed_scan_is_not_fast(void **state)
{
	struct progress progress;

	progress_init(&progress, 1000, 900, 0);
	const struct progress_view view = progress_update(&progress, 910, SECOND);
	assert_int_equal((int)view.percent, 91);
	assert_int_equal((int)view.rate_average, 10);
	assert_int_equal(view.left_ns, 9 * SECOND);
}

static void
odd_totals(void **state)
{
	struct progress progress;

	progress_init(&progress, 0, 0, 0);
	assert_int_equal((int)progress_update(&progress, 0, SECOND).percent, 100);
	progress_init(&progress, UINT64_MAX, 0, 0);
	assert_true(progress_update(&progress, 1, SECOND).left_ns == PROGRESS_UNKNOWN);
}

static void
times_for_people(void **state)
{
	char text[32];

	assert_string_equal(progress_format_time(0, text), "0:00:00");
	assert_string_equal(progress_format_time(3723 * SECOND + 5, text), "1:02:03");
	assert_string_equal(progress_format_time((2 * 86400 + 7384) * SECOND, text), "2d02:03:04");
	assert_string_equal(progress_format_time(PROGRESS_UNKNOWN - 1, text), "213503d23:34:33");
	assert_string_equal(progress_format_time(PROGRESS_UNKNOWN, text), "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_of_now_window_and_whole),
		cmocka_unit_test(no_time_is_no_rate),
		cmocka_unit_test(percent_and_time_left),
		cmocka_unit_test(a_resumed_scan_is_not_fast),
		cmocka_unit_test(odd_totals),
		cmocka_unit_test(times_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
