/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/send_buffer.h"
#include "tcp/tcp_limits.h"

static struct block_pool pool;

static int
setup(void **state)
{
	return block_pool_init(&pool, 1, TCP_SEND_BUFFER_BYTES);
}

static int
teardown(void **state)
{
	const int leaked = pool.free_count != 1;

	block_pool_clear(&pool);
	return leaked;
}

static void
bytes_stay_until_acknowledged(void **state)
{
	struct send_buffer buffer;

	send_buffer_init(&buffer);
	assert_int_equal(send_buffer_append(&buffer, &pool, (const uint8_t *)"abcdef", 6), 6);
	assert_int_equal(send_buffer_space(&buffer), TCP_SEND_BUFFER_BYTES - 6);
	send_buffer_acknowledge(&buffer, &pool, 0);
	send_buffer_acknowledge(&buffer, &pool, 2);
	assert_int_equal(send_buffer_append(&buffer, &pool, (const uint8_t *)"gh", 2), 2);
	assert_int_equal(buffer.length, 6);
	assert_memory_equal(send_buffer_at(&buffer, &pool, 0), "cdefgh", 6);
	assert_memory_equal(send_buffer_at(&buffer, &pool, 4), "gh", 2);
	assert_int_equal(pool.free_count, 0);
	send_buffer_acknowledge(&buffer, &pool, 6);
	assert_int_equal(pool.free_count, 1);
}

static void
full_takes_a_part_and_then_nothing(void **state)
{
	static uint8_t bytes[TCP_SEND_BUFFER_BYTES + 10];
	struct send_buffer buffer;

	send_buffer_init(&buffer);
	assert_int_equal(
		send_buffer_append(&buffer, &pool, bytes, sizeof(bytes)), TCP_SEND_BUFFER_BYTES);
	assert_int_equal(send_buffer_append(&buffer, &pool, bytes, 1), 0);
	send_buffer_release(&buffer, &pool);
	send_buffer_release(&buffer, &pool);
}

static void
empty_pool_takes_nothing(void **state)
{
	struct send_buffer first;
	struct send_buffer second;

	send_buffer_init(&first);
	send_buffer_init(&second);
	assert_int_equal(send_buffer_append(&first, &pool, (const uint8_t *)"a", 1), 1);
	assert_int_equal(send_buffer_append(&second, &pool, (const uint8_t *)"b", 1), 0);
	assert_int_equal(second.length, 0);
	send_buffer_acknowledge(&first, &pool, 1);
	assert_int_equal(send_buffer_append(&second, &pool, (const uint8_t *)"b", 1), 1);
	send_buffer_release(&second, &pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bytes_stay_until_acknowledged, setup, teardown),
		cmocka_unit_test_setup_teardown(
			full_takes_a_part_and_then_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(empty_pool_takes_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
