/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hexadecimal.h"

static void
test_every_byte(void **state)
{
	for (unsigned int i = 0; i < 256; i++) {
		const uint8_t byte = (uint8_t)i;
		char text[3];
		char expected[3];

		(void)snprintf(expected, sizeof(expected), "%02x", i);
		assert_ptr_equal(hexadecimal_format(&byte, 1, text), text);
		assert_string_equal(text, expected);
	}
}

static void
test_length_is_exact(void **state)
{
	const uint8_t bytes[] = { 0x00, 0xff, 0x0a };
	char text[8];

	memset(text, '!', sizeof(text));
	assert_string_equal(hexadecimal_format(bytes, 3, text), "00ff0a");
	assert_int_equal(text[7], '!');
	assert_string_equal(hexadecimal_format(bytes, 0, text), "");
	assert_int_equal(text[1], '0');
}

static void
test_parse_takes_back_what_format_gives(void **state)
{
	static const char *const wrong[] = { "0g", "0G", "AB", "a", "-1", " 1" };
	uint8_t bytes[2] = { 0 };

	for (unsigned int i = 0; i < 65536; i++) {
		char text[5];

		(void)snprintf(text, sizeof(text), "%04x", i);
		assert_true(hexadecimal_parse(text, bytes, 2));
		assert_int_equal(bytes[0] << 8 | bytes[1], i);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(hexadecimal_parse(wrong[i], bytes, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_length_is_exact),
		cmocka_unit_test(test_parse_takes_back_what_format_gives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
