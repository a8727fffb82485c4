/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "record/timestamp.h"

static void
moments_are_written(void **state)
{
	char text[TIMESTAMP_SIZE];

	assert_true(timestamp_format_us(1767323045678901LL, text));
	assert_string_equal(text, "2026-01-02T03:04:05.678901Z");
	assert_true(timestamp_format_us(-1, text));
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
	assert_true(timestamp_format_seconds(0, text));
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	assert_true(timestamp_format_seconds(-62167219200, text));
	assert_string_equal(text, "0000-01-01T00:00:00Z");
	assert_true(timestamp_format_seconds(253402300799, text));
	assert_string_equal(text, "9999-12-31T23:59:59Z");
}

static void
other_years_have_no_text(void **state)
{
	char text[TIMESTAMP_SIZE] = "before";

	assert_false(timestamp_format_seconds(253402300800, text));
	assert_string_equal(text, "");
	assert_false(timestamp_format_seconds(-62167219201, text));
	assert_false(timestamp_format_seconds(INT64_MAX, text));
	assert_false(timestamp_format_seconds(INT64_MIN, text));
	assert_true(timestamp_format_us(INT64_MIN, text) == false || text[0] != '\0');
}

static void
texts_are_read_back(void **state)
{
	int64_t value;

	assert_true(timestamp_parse_us("2026-01-02T03:04:05.678901Z", &value));
	assert_int_equal(value, 1767323045678901LL);
	assert_true(timestamp_parse_us("1969-12-31T23:59:59.999999Z", &value));
	assert_int_equal(value, -1);
	assert_true(timestamp_parse_seconds("2024-02-29T00:00:00Z", &value));
	assert_int_equal(value, 1709164800);
}

static void
other_texts_are_refused(void **state)
{
	static const char *const bad[] = { "", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z",
		"2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z",
		"2026-01-02T03:04:60Z", "2026-01-02T03:04:05z", "+026-01-02T03:04:05Z",
		"2026-01-02T03:04:05Z ", "2026-1-002T03:04:05Z" };
	int64_t value = 5;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(timestamp_parse_seconds(bad[i], &value));
	assert_false(timestamp_parse_us("2026-01-02T03:04:05Z", &value));
	assert_false(timestamp_parse_us("2026-01-02T03:04:05.67890xZ", &value));
	assert_false(timestamp_parse_us("2026-01-02T03:04:05,678901Z", &value));
	assert_int_equal(value, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_written),
		cmocka_unit_test(other_years_have_no_text),
		cmocka_unit_test(texts_are_read_back),
		cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
