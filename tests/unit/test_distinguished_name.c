/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "dot/distinguished_name.h"

#define CN(tag, length) 0x31, (length) + 9, 0x30, (length) + 7, 6, 3, 0x55, 4, 3, tag, length
#define UTF8            12
#define PRINTABLE       19
#define T61             20
#define BMP             30

static void
expect_text(const char *text, const uint8_t *name, size_t length)
{
	uint8_t got[256];
	const size_t got_length =
		distinguished_name_format((struct byte_span){ name, length }, got, sizeof(got));

	assert_int_equal(got_length, strlen(text));
	assert_memory_equal(got, text, got_length);
}

#define EXPECT_TEXT(text, ...)                           \
	do {                                             \
		const uint8_t bytes[] = { __VA_ARGS__ }; \
		expect_text(text, bytes, sizeof(bytes)); \
	} while (0)

static void
writes_names_as_rfc_4514_does(void **state)
{
	EXPECT_TEXT("", 0x30, 0);
	EXPECT_TEXT("CN=ab", 0x30, 13, CN(UTF8, 2), 'a', 'b');
	/* The last part first. */
	EXPECT_TEXT("CN=b,C=US", 0x30, 25, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 6, PRINTABLE, 2, 'U',
		'S', CN(UTF8, 1), 'b');
	/* Two attributes of one set. */
	EXPECT_TEXT("CN=a+O=b", 0x30, 22, 0x31, 20, 0x30, 8, 6, 3, 0x55, 4, 3, UTF8, 1, 'a', 0x30,
		8, 6, 3, 0x55, 4, 10, UTF8, 1, 'b');
	EXPECT_TEXT("CN=\\ a\\,\\+\\\"\\\\\\<\\>\\;\\ ", 0x30, 21, CN(UTF8, 10), ' ', 'a', ',', '+',
		'"', '\\', '<', '>', ';', ' ');
	EXPECT_TEXT("CN=\\#a", 0x30, 13, CN(UTF8, 2), '#', 'a');
	EXPECT_TEXT("CN=\xc3\xa9", 0x30, 13, CN(BMP, 2), 0, 0xe9);
	/* An attribute nobody named, and a value that is no string. */
	EXPECT_TEXT("1.2.3=a", 0x30, 11, 0x31, 9, 0x30, 7, 6, 2, 0x2a, 3, UTF8, 1, 'a');
	EXPECT_TEXT("CN=#020107", 0x30, 12, CN(2, 1), 7);
}

static void
ends_early_where_it_cannot_read(void **state)
{
	EXPECT_TEXT("", 0x30);
	EXPECT_TEXT("", 0x31, 0);
	EXPECT_TEXT("CN=a", 0x30, 14, CN(UTF8, 1), 'a', 0x31, 9);
	EXPECT_TEXT("", 0x30, 80, CN(UTF8, 1), 'a');
}

static void
finds_the_last_common_name(void **state)
{
	const uint8_t two[] = { 0x30, 24, CN(UTF8, 1), 'a', CN(UTF8, 1), 'b' };
	const uint8_t none[] = { 0x30, 12, 0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 10, UTF8, 1, 'b' };
	uint8_t text[8];
	size_t length = 99;

	assert_true(distinguished_name_common(
		(struct byte_span){ two, sizeof(two) }, text, sizeof(text), &length));
	assert_int_equal(length, 1);
	assert_int_equal(text[0], 'b');
	length = 99;
	assert_false(distinguished_name_common(
		(struct byte_span){ none, sizeof(none) }, text, sizeof(text), &length));
	assert_int_equal(length, 99);
}

static void
expect_same(bool is_same, const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	uint8_t a_id[DISTINGUISHED_NAME_ID_BYTES];
	uint8_t b_id[DISTINGUISHED_NAME_ID_BYTES];

	distinguished_name_id((struct byte_span){ a, a_length }, a_id);
	distinguished_name_id((struct byte_span){ b, b_length }, b_id);
	assert_int_equal(memcmp(a_id, b_id, sizeof(a_id)) == 0, is_same);
}

static void
takes_names_for_equal_as_openssl_does(void **state)
{
	const uint8_t plain[] = { 0x30, 14, CN(UTF8, 3), 'a', ' ', 'b' };
	const uint8_t upper[] = { 0x30, 14, CN(PRINTABLE, 3), 'A', ' ', 'B' };
	const uint8_t blanks[] = { 0x30, 18, CN(UTF8, 7), ' ', 'a', ' ', ' ', ' ', 'b', ' ' };
	const uint8_t wide[] = { 0x30, 17, CN(BMP, 6), 0, 'a', 0, ' ', 0, 'b' };
	const uint8_t joined[] = { 0x30, 13, CN(UTF8, 2), 'a', 'b' };
	const uint8_t number[] = { 0x30, 14, CN(2, 3), 'a', ' ', 'b' };

	expect_same(true, plain, sizeof(plain), upper, sizeof(upper));
	expect_same(true, plain, sizeof(plain), blanks, sizeof(blanks));
	expect_same(true, plain, sizeof(plain), wide, sizeof(wide));
	expect_same(false, plain, sizeof(plain), joined, sizeof(joined));
	expect_same(false, plain, sizeof(plain), number, sizeof(number));
}

static void
cuts_at_the_capacity(void **state)
{
	const uint8_t name[] = { 0x30, 16, CN(UTF8, 5), 'a', 'b', 'c', 'd', 'e' };
	uint8_t text[5];

	assert_int_equal(
		distinguished_name_format((struct byte_span){ name, sizeof(name) }, text, 5), 5);
	assert_memory_equal(text, "CN=ab", 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_names_as_rfc_4514_does),
		cmocka_unit_test(ends_early_where_it_cannot_read),
		cmocka_unit_test(finds_the_last_common_name),
		cmocka_unit_test(takes_names_for_equal_as_openssl_does),
		cmocka_unit_test(cuts_at_the_capacity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
