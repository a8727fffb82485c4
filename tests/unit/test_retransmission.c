/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/retransmission.h"
#include "tcp/tcp_limits.h"

static void
timeout_doubles_up_to_a_minute(void **state)
{
	struct retransmission retransmission;

	retransmission_init(&retransmission);
	assert_int_equal(retransmission_timeout_us(&retransmission), 1000000);
	retransmission.tries = 1;
	assert_int_equal(retransmission_timeout_us(&retransmission), 2000000);
	retransmission.tries = 3;
	assert_int_equal(retransmission_timeout_us(&retransmission), 8000000);
	retransmission.tries = 6;
	assert_int_equal(retransmission_timeout_us(&retransmission), 60000000);
	retransmission.tries = UINT32_MAX;
	assert_int_equal(retransmission_timeout_us(&retransmission), 60000000);
}

static void
samples_follow_rfc_6298(void **state)
{
	struct retransmission retransmission;

	retransmission_init(&retransmission);
	retransmission_sample(&retransmission, 800000);
	assert_int_equal(retransmission.smoothed_us, 800000);
	assert_int_equal(retransmission.variation_us, 400000);
	assert_int_equal(retransmission.timeout_us, 2400000);
	/* 3/4 * 400 ms + 1/4 * 400 ms; 7/8 * 800 ms + 1/8 * 400 ms */
	retransmission_sample(&retransmission, 400000);
	assert_int_equal(retransmission.variation_us, 400000);
	assert_int_equal(retransmission.smoothed_us, 750000);
	assert_int_equal(retransmission.timeout_us, 2350000);
	/* 3/4 * 400 ms + 1/4 * 50 ms; 7/8 * 750 ms + 1/8 * 800 ms */
	retransmission_sample(&retransmission, 800000);
	assert_int_equal(retransmission.variation_us, 312500);
	assert_int_equal(retransmission.smoothed_us, 756250);
	assert_int_equal(retransmission.timeout_us, 2006250);
}

static void
timeout_is_never_below_a_second(void **state)
{
	struct retransmission retransmission;

	retransmission_init(&retransmission);
	for (int i = 0; i < 50; i++) {
		retransmission_sample(&retransmission, i % 2 == 0 ? 0 : 300);
		assert_int_equal(retransmission.timeout_us, TCP_TIMEOUT_MINIMUM_US);
		assert_true(retransmission.smoothed_us > 0);
	}
}

static void
absurd_samples_are_capped(void **state)
{
	struct retransmission retransmission;

	retransmission_init(&retransmission);
	for (int i = 0; i < 50; i++)
		retransmission_sample(&retransmission, i % 2 == 0 ? UINT64_MAX : 0);
	assert_true(retransmission.timeout_us <= TCP_TIMEOUT_MAXIMUM_US);
	assert_true(retransmission.smoothed_us <= TCP_TIMEOUT_MAXIMUM_US);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timeout_doubles_up_to_a_minute),
		cmocka_unit_test(samples_follow_rfc_6298),
		cmocka_unit_test(timeout_is_never_below_a_second),
		cmocka_unit_test(absurd_samples_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
