/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "scan/parked_hits.h"

static void
test_first_come_first_served(void **state)
{
	struct random_sequence random = { .state = 2 };
	struct parked_hits parked;
	uint32_t pushed = 0;
	uint32_t popped = 0;

	assert_int_equal(parked_hits_init(&parked, 64), 0);
	/* More turns of the ring than it has room, by far. */
	for (int i = 0; i < 100000; i++) {
		if (random_below(&random, 2) == 0) {
			const struct parked_hit hit = { .remote_address = pushed };
			const bool has_room = pushed - popped < 64;

			assert_int_equal(parked_hits_push(&parked, &hit), has_room);
			pushed += has_room ? 1 : 0;
		} else if (popped < pushed) {
			assert_int_equal(parked_hits_first(&parked)->remote_address, popped);
			parked_hits_pop(&parked);
			popped++;
		}
		assert_int_equal(parked.count, pushed - popped);
	}
	assert_true(popped > 10000);
	parked_hits_clear(&parked);
}

static void
test_all_is_kept(void **state)
{
	const struct parked_hit hit = { 1ULL << 60, 0xc6120001, 0xcb007102, 0xdeadbeef, 812, 40000,
		64240, 1460, 14, 64 };
	struct parked_hits parked;

	assert_int_equal(parked_hits_init(&parked, 1), 0);
	assert_null(parked_hits_first(&parked));
	assert_true(parked_hits_push(&parked, &hit));
	assert_false(parked_hits_push(&parked, &hit));
	assert_memory_equal(parked_hits_first(&parked), &hit, sizeof(hit));
	parked_hits_pop(&parked);
	assert_null(parked_hits_first(&parked));
	parked_hits_clear(&parked);
	parked_hits_clear(&parked);
}

/* The counters of the ring wrap after 2^32 hits. */
static void
test_survives_the_wrap(void **state)
{
	struct parked_hits parked;

	assert_int_equal(parked_hits_init(&parked, 8), 0);
	parked.head = UINT32_MAX - 3;
	for (uint32_t i = 0; i < 8; i++) {
		const struct parked_hit hit = { .remote_address = i };
		assert_true(parked_hits_push(&parked, &hit));
	}
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(parked_hits_first(&parked)->remote_address, i);
		parked_hits_pop(&parked);
	}
	parked_hits_clear(&parked);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_come_first_served),
		cmocka_unit_test(test_all_is_kept),
		cmocka_unit_test(test_survives_the_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
