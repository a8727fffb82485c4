/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "pacing/pacer.h"

#define SECOND_NS 1000000000ULL

static void
test_long_run_is_exact(void **state)
{
	struct pacer pacer;
	uint64_t granted = 0;

	pacer_init(&pacer, 14880952, 32, 0);
	for (uint64_t now_ns = 0; now_ns <= SECOND_NS; now_ns += 1000)
		granted += pacer_take(&pacer, UINT64_MAX, now_ns);
	assert_int_equal(granted, 14880952);
}

static void
test_pause_earns_only_the_burst(void **state)
{
	struct pacer pacer;

	pacer_init(&pacer, 1000, 32, 0);
	assert_int_equal(pacer_take(&pacer, 100, 3600 * SECOND_NS), 32);
	assert_int_equal(pacer_take(&pacer, 100, 3600 * SECOND_NS), 0);
}

static void
test_extremes_do_not_overflow(void **state)
{
	struct pacer pacer;

	pacer_init(&pacer, SECOND_NS, SECOND_NS, 0);
	assert_int_equal(pacer_take(&pacer, UINT64_MAX, UINT64_MAX), SECOND_NS);
}

static void
test_what_is_given_back_can_be_taken_again(void **state)
{
	struct pacer pacer;

	pacer_init(&pacer, 1000, 32, 0);
	assert_int_equal(pacer_take(&pacer, 20, SECOND_NS), 20);
	pacer_give_back(&pacer, 15);
	assert_int_equal(pacer_take(&pacer, 100, SECOND_NS), 27);
}

/* The promise: no span of t seconds has more than rate * t + burst, however the caller polls and whatever it gives back. */
static void
test_no_span_exceeds_the_rate_by_more_than_the_burst(void **state)
{
	enum { POLLS = 400 };
	uint64_t times[POLLS];
	uint64_t granted[POLLS];

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct random_sequence random = { seed };
		const uint64_t rate = 1 + random_below(&random, 10000000);
		const uint64_t burst = 1 + random_below(&random, 1000);
		struct pacer pacer;
		uint64_t now_ns = 0;

		pacer_init(&pacer, rate, burst, 0);
		for (int i = 0; i < POLLS; i++) {
			now_ns += random_below(&random, 3000000);
			times[i] = now_ns;
			granted[i] =
				pacer_take(&pacer, 1 + random_below(&random, 2 * burst), now_ns);
			const uint64_t unused =
				granted[i] == 0 ? 0 : random_below(&random, granted[i] + 1);
			pacer_give_back(&pacer, unused);
			granted[i] -= unused;
		}
		for (int first = 0; first < POLLS; first += 7) {
			uint64_t sum = 0;
			for (int last = first; last < POLLS; last++) {
				sum += granted[last];
				const uint64_t span_ns = times[last] - times[first];
				const uint64_t earned =
					(uint64_t)((unsigned __int128)rate * span_ns / SECOND_NS) +
					1;
				assert_true(sum <= earned + burst);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_run_is_exact),
		cmocka_unit_test(test_pause_earns_only_the_burst),
		cmocka_unit_test(test_extremes_do_not_overflow),
		cmocka_unit_test(test_what_is_given_back_can_be_taken_again),
		cmocka_unit_test(test_no_span_exceeds_the_rate_by_more_than_the_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
