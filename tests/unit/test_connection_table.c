/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/random.h"
#include "tcp/connection_table.h"

static const struct siphash_key hash_key = { 1, 2 };

static void
keys_differ_in_every_part(void **state)
{
	struct connection_table table;

	assert_int_equal(connection_table_init(&table, 8, &hash_key), 0);
	const uint64_t keys[] = {
		connection_table_key(0x01020304, 40000, 0),
		connection_table_key(0x01020305, 40000, 0),
		connection_table_key(0x01020304, 40001, 0),
		connection_table_key(0x01020304, 40000, 1),
		connection_table_key(0, 0, 0),
	};
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(connection_table_find(&table, keys[i]), CONNECTION_NONE);
		assert_int_equal(connection_table_insert(&table, keys[i], 100 + i), 0);
	}
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(connection_table_find(&table, keys[i]), 100 + i);
	assert_int_equal(connection_table_remove(&table, keys[2]), 102);
	assert_int_equal(connection_table_remove(&table, keys[2]), CONNECTION_NONE);
	assert_int_equal(connection_table_find(&table, keys[4]), 104);
	connection_table_clear(&table);
	connection_table_clear(NULL);
}

static void
full_is_said(void **state)
{
	struct connection_table table;

	assert_int_equal(connection_table_init(&table, 3, &hash_key), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(connection_table_insert(&table, i, i), 0);
	assert_int_equal(connection_table_insert(&table, 3, 3), ERROR_FULL);
	assert_int_equal(connection_table_find(&table, 3), CONNECTION_NONE);
	connection_table_remove(&table, 1);
	assert_int_equal(connection_table_insert(&table, 3, 3), 0);
	assert_int_equal(connection_table_find(&table, 3), 3);
	connection_table_clear(&table);
}

/* Against a plain array: keys below 512 come and go, so runs grow, wrap around the end and shrink. */
static void
random_changes_agree_with_an_array(void **state)
{
	enum { KEYS = 512, CAPACITY = 128 };
	struct connection_table table;
	uint32_t reference[KEYS];
	uint32_t count = 0;
	struct random_sequence random = { .state = 7 };

	assert_int_equal(connection_table_init(&table, CAPACITY, &hash_key), 0);
	for (uint32_t i = 0; i < KEYS; i++)
		reference[i] = CONNECTION_NONE;
	for (uint32_t step = 0; step < 200000; step++) {
		const uint32_t key = (uint32_t)random_below(&random, KEYS);
		if (reference[key] != CONNECTION_NONE) {
			assert_int_equal(connection_table_remove(&table, key), reference[key]);
			reference[key] = CONNECTION_NONE;
			count--;
		} else if (count < CAPACITY) {
			assert_int_equal(connection_table_insert(&table, key, step), 0);
			reference[key] = step;
			count++;
		}
		const uint32_t other = (uint32_t)random_below(&random, KEYS);
		assert_int_equal(connection_table_find(&table, other), reference[other]);
		assert_int_equal(table.count, count);
	}
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(connection_table_find(&table, i), reference[i]);
	connection_table_clear(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_differ_in_every_part),
		cmocka_unit_test(full_is_said),
		cmocka_unit_test(random_changes_agree_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
