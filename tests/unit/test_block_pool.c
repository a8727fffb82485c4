/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/block_pool.h"

static void
blocks_are_distinct_and_come_back(void **state)
{
	struct block_pool pool;
	uint32_t taken[5];

	assert_int_equal(block_pool_init(&pool, 5, 13), 0);
	assert_int_equal(pool.block_size, 16);
	for (uint32_t i = 0; i < 5; i++) {
		taken[i] = block_pool_take(&pool);
		assert_true(taken[i] < 5);
		memset(block_pool_at(&pool, taken[i]), (int)i + 1, 13);
	}
	assert_int_equal(block_pool_take(&pool), BLOCK_NONE);
	for (uint32_t i = 0; i < 5; i++) {
		const uint8_t *block = block_pool_at(&pool, taken[i]);
		assert_int_equal((uintptr_t)block % 8, 0);
		assert_int_equal(block[0], i + 1);
		assert_int_equal(block[12], i + 1);
	}
	block_pool_give(&pool, taken[3]);
	assert_int_equal(block_pool_take(&pool), taken[3]);
	block_pool_clear(&pool);
	block_pool_clear(&pool);
	block_pool_clear(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_distinct_and_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
