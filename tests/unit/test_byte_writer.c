/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_writer.h"

static void
test_writes_in_order(void **state)
{
	const uint8_t expected[] = { 1, 2, 3, 4, 5, 6, 7, 'a', 'b' };
	uint8_t room[sizeof(expected)];
	struct byte_writer writer;

	byte_writer_init(&writer, room, sizeof(room));
	byte_writer_u8(&writer, 0x01);
	byte_writer_be16(&writer, 0x0203);
	byte_writer_be32(&writer, 0x04050607);
	byte_writer_bytes(&writer, "ab", 2);
	assert_false(writer.has_failed);
	assert_int_equal(writer.length, sizeof(expected));
	assert_memory_equal(room, expected, sizeof(expected));
	byte_writer_bytes(&writer, NULL, 0);
	assert_false(writer.has_failed);
}

static void
test_what_does_not_fit_writes_nothing(void **state)
{
	uint8_t room[8];
	struct byte_writer writer;

	memset(room, 0xee, sizeof(room));
	byte_writer_init(&writer, room, 3);
	byte_writer_be32(&writer, 0x01020304);
	assert_true(writer.has_failed);
	/* And so does what would fit: a hole in the middle is worse than an end. */
	byte_writer_u8(&writer, 1);
	byte_writer_be16(&writer, 2);
	byte_writer_bytes(&writer, "x", 1);
	assert_null(byte_writer_reserve(&writer, 0));
	assert_int_equal(writer.length, 0);
	for (size_t i = 0; i < sizeof(room); i++)
		assert_int_equal(room[i], 0xee);
}

static void
test_never_beyond_capacity(void **state)
{
	for (size_t capacity = 0; capacity < 12; capacity++) {
		uint8_t room[16];
		struct byte_writer writer;

		memset(room, 0xee, sizeof(room));
		byte_writer_init(&writer, room, capacity);
		for (int i = 0; i < 4; i++)
			byte_writer_be32(&writer, 0);
		assert_true(writer.has_failed);
		assert_int_equal(writer.length, capacity / 4 * 4);
		for (size_t i = writer.length; i < sizeof(room); i++)
			assert_int_equal(room[i], 0xee);
	}
}

static void
test_huge_count_does_not_wrap(void **state)
{
	uint8_t room[8];
	struct byte_writer writer;

	byte_writer_init(&writer, room, sizeof(room));
	byte_writer_be32(&writer, 1);
	assert_null(byte_writer_reserve(&writer, SIZE_MAX - 2));
	assert_true(writer.has_failed);
	assert_int_equal(writer.length, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_in_order),
		cmocka_unit_test(test_what_does_not_fit_writes_nothing),
		cmocka_unit_test(test_never_beyond_capacity),
		cmocka_unit_test(test_huge_count_does_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
