/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "record/digest_set.h"

static void
number(uint32_t value, uint8_t digest[DIGEST_SIZE])
{
	memset(digest, 0, DIGEST_SIZE);
	memcpy(digest + 20, &value, sizeof(value));
}

/* Number 0 is the all-zero digest, which looks like a free slot. */
static void
each_is_added_once(void **state)
{
	const uint32_t many = 50000;
	struct digest_set set;
	uint8_t digest[DIGEST_SIZE];

	assert_int_equal(digest_set_init(&set), 0);
	for (uint32_t i = 0; i < many; i++) {
		number(i, digest);
		assert_false(digest_set_has(&set, digest));
		assert_int_equal(digest_set_add(&set, digest), 1);
	}
	for (uint32_t i = 0; i < many; i++) {
		number(i, digest);
		assert_true(digest_set_has(&set, digest));
		assert_int_equal(digest_set_add(&set, digest), 0);
	}
	number(many, digest);
	assert_false(digest_set_has(&set, digest));
	assert_int_equal(set.count, many);
	assert_true(set.slot_count * 3 >= set.count * 4);
	digest_set_clear(&set);
	digest_set_clear(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_added_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
