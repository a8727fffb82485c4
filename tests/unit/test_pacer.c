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

/* A second of virtual time that a scan's loop may see: rounds of a microsecond, and a machine that goes away. */
struct virtual_clock {
	struct random_sequence random;
	uint64_t now_ns;
	uint64_t longest_ns; /* of the gaps */
	uint64_t round_ns;
};

static void
go_on(struct virtual_clock *clock)
{
	const uint64_t draw = random_below(&clock->random, 1000);

	/* Now and then two readings are the same, and now and then the thread was away. */
	if (draw < 20)
		return;
	if (draw < 980)
		clock->now_ns += 1 + random_below(&clock->random, clock->round_ns);
	else
		clock->now_ns += 1 + random_below(&clock->random, clock->longest_ns);
}

#define WINDOW_NS 10000000ULL
#define SENDS     4096

/* Sends of the last window. */
struct window {
	uint64_t times[SENDS];
	uint64_t counts[SENDS];
	size_t first;
	size_t next;
	uint64_t sum;
};

static uint64_t
slide(struct window *window, uint64_t count, uint64_t now_ns)
{
	while (window->first != window->next &&
		window->times[window->first % SENDS] + WINDOW_NS < now_ns)
		window->sum -= window->counts[window->first++ % SENDS];
	assert_true(window->next - window->first < SENDS);
	window->times[window->next % SENDS] = now_ns;
	window->counts[window->next++ % SENDS] = count;
	window->sum += count;
	return window->sum;
}

/*
 * Whatever the clock does, no window of 10 ms has more than the rate and the burst; and what was granted, with what a pause beyond the
 * burst costs and what is still in hand, is the rate times the time, to the packet.
 */
static void
check_pacing(uint64_t rate, uint64_t longest_ns)
{
	static struct window window;
	const uint64_t burst = 1 + rate / 200;
	struct virtual_clock clock = { .random = { rate + longest_ns },
		.now_ns = 1ULL << 62,
		.longest_ns = longest_ns,
		.round_ns = rate < 1000 ? 500000 : 5000 };
	const uint64_t start_ns = clock.now_ns;
	unsigned __int128 lost = 0; /* in billionths */
	uint64_t granted = 0;
	struct pacer pacer;

	window = (struct window){ .first = 0 };
	pacer_init(&pacer, rate, burst, start_ns);
	for (int round = 0; round < 200000; round++) {
		go_on(&clock);
		const unsigned __int128 credit =
			pacer.credit + (unsigned __int128)rate * (clock.now_ns - pacer.last_ns);
		const unsigned __int128 full = (unsigned __int128)burst * SECOND_NS;
		lost += credit > full ? credit - full : 0;
		const uint64_t count = pacer_take(&pacer, UINT64_MAX, clock.now_ns);
		granted += count;
		if (count == 0)
			continue;
		const uint64_t held = slide(&window, count, clock.now_ns);
		assert_true(held <= rate * WINDOW_NS / SECOND_NS + burst);
	}
	const unsigned __int128 earned = (unsigned __int128)rate * (clock.now_ns - start_ns);
	assert_true((unsigned __int128)granted * SECOND_NS + pacer.credit + lost == earned);
	/* Credit of one packet is full before the next look at the clock: that costs less than a hundredth. */
	if (longest_ns < 2000000)
		assert_true(burst > 1 ? lost == 0 : lost * 100 < earned);
	else
		assert_true(lost > 0);
}

static void
test_rates_hold_on_a_hostile_clock(void **state)
{
	static const uint64_t rates[] = { 5, 1000, 100000, 1000000, 14880952, 1000000000 };
	static const uint64_t gaps_ns[] = { 1000000, 20000000, 3600 * SECOND_NS };

	for (size_t rate = 0; rate < sizeof(rates) / sizeof(rates[0]); rate++)
		for (size_t gap = 0; gap < sizeof(gaps_ns) / sizeof(gaps_ns[0]); gap++)
			check_pacing(rates[rate], gaps_ns[gap]);
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
		cmocka_unit_test(test_rates_hold_on_a_hostile_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
