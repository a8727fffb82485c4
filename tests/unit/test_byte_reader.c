/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_reader.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09 };

static void
test_reads_in_order(void **state)
{
	struct byte_reader reader;

	byte_reader_init(&reader, bytes, sizeof(bytes));
	assert_int_equal(byte_reader_u8(&reader), 0x01);
	assert_int_equal(byte_reader_be16(&reader), 0x0203);
	assert_int_equal(byte_reader_be32(&reader), 0x04050607);
	assert_int_equal(byte_reader_left(&reader), 2);
	assert_ptr_equal(byte_reader_take(&reader, 2), bytes + 7);
	assert_int_equal(byte_reader_left(&reader), 0);
	assert_false(reader.has_failed);
}

static void
test_failure_stays(void **state)
{
	struct byte_reader reader;

	byte_reader_init(&reader, bytes, 3);
	assert_int_equal(byte_reader_be32(&reader), 0);
	assert_true(reader.has_failed);
	/* Even what would fit is no longer given. */
	assert_int_equal(byte_reader_u8(&reader), 0);
	assert_int_equal(byte_reader_be16(&reader), 0);
	assert_null(byte_reader_take(&reader, 0));
	assert_int_equal(reader.offset, 0);
}

static void
test_ends_are_exact(void **state)
{
	for (size_t length = 0; length < 5; length++) {
		struct byte_reader reader;

		byte_reader_init(&reader, bytes, length);
		byte_reader_skip(&reader, length);
		assert_false(reader.has_failed);
		assert_non_null(byte_reader_take(&reader, 0));
		byte_reader_skip(&reader, 1);
		assert_true(reader.has_failed);
	}
}

static void
test_huge_count_does_not_wrap(void **state)
{
	struct byte_reader reader;

	byte_reader_init(&reader, bytes, sizeof(bytes));
	byte_reader_skip(&reader, 4);
	assert_null(byte_reader_take(&reader, SIZE_MAX));
	assert_null(byte_reader_take(&reader, SIZE_MAX - 3));
	assert_true(reader.has_failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_in_order),
		cmocka_unit_test(test_failure_stays),
		cmocka_unit_test(test_ends_are_exact),
		cmocka_unit_test(test_huge_count_does_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
