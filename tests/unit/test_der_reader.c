/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "dot/der_reader.h"

static bool
read_one(const uint8_t *bytes, size_t length, struct der_value *value)
{
	struct byte_reader reader;

	byte_reader_init(&reader, bytes, length);
	return der_read_any(&reader, value) && der_is_at_end(&reader);
}

static void
reads_lengths_of_every_form(void **state)
{
	const uint8_t direct[] = { 4, 2, 'a', 'b' };
	const uint8_t one[] = { 4, 0x81, 2, 'a', 'b' };
	const uint8_t four[] = { 4, 0x84, 0, 0, 0, 2, 'a', 'b' };
	struct der_value value;

	assert_true(read_one(direct, sizeof(direct), &value));
	assert_int_equal(value.contents.length, 2);
	assert_int_equal(value.whole.length, 4);
	assert_true(read_one(one, sizeof(one), &value));
	assert_int_equal(value.contents.bytes[0], 'a');
	assert_true(read_one(four, sizeof(four), &value));
	assert_int_equal(value.tag, DER_OCTET_STRING);
}

static void
refuses_what_is_not_der(void **state)
{
	static const uint8_t cases[][8] = {
		{ 4, 7, 'a' },                       /* more than there is */
		{ 4, 0x80, 'a', 0, 0, 0, 0, 0 },     /* indefinite */
		{ 4, 0x85, 0, 0, 0, 0, 1, 'a' },     /* five octets of length */
		{ 4, 0x84, 0xff, 0xff, 0xff, 0xff }, /* 4 GiB */
		{ 0x1f, 6, 'a', 0, 0, 0, 0, 0 },     /* a tag of several octets */
	};
	struct der_value value;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_false(read_one(cases[i], sizeof(cases[i]), &value));
	assert_false(read_one(cases[0], 1, &value));
	assert_false(read_one(cases[0], 0, &value));
}

static void
leaves_an_optional_value_where_it_is(void **state)
{
	const uint8_t bytes[] = { 2, 1, 7 };
	struct byte_reader reader;
	struct der_value value;

	byte_reader_init(&reader, bytes, sizeof(bytes));
	assert_false(der_read_optional(&reader, DER_BOOLEAN, &value));
	assert_false(reader.has_failed);
	assert_true(der_read_optional(&reader, DER_INTEGER, &value));
	assert_false(der_read_optional(&reader, DER_INTEGER, &value));
	assert_true(der_is_at_end(&reader));
}

static bool
time_of(uint8_t tag, const char *text, int64_t *seconds)
{
	const struct der_value value = { .tag = tag,
		.contents = { (const uint8_t *)text, strlen(text) } };

	return der_time(&value, seconds);
}

static void
reads_dates(void **state)
{
	static const struct {
		uint8_t tag;
		const char *text;
		int64_t seconds;
	} good[] = {
		{ DER_UTC_TIME, "700101000000Z", 0 },
		{ DER_UTC_TIME, "260102030405Z", 1767323045 },
		{ DER_UTC_TIME, "491231235959Z", 2524607999 },
		{ DER_UTC_TIME, "500101000000Z", -631152000 },
		{ DER_GENERALIZED_TIME, "20000229000000Z", 951782400 },
		{ DER_GENERALIZED_TIME, "99991231235959Z", 253402300799 },
		{ DER_GENERALIZED_TIME, "00000101000000Z", -62167219200 },
	};
	static const char *const bad[] = { "", "2601020304Z", "260102030405", "260102030405+0100",
		"261302030405Z", "26010203040aZ", "260102030405Zx", "260100030405Z",
		"260102240405Z" };
	int64_t seconds;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(time_of(good[i].tag, good[i].text, &seconds));
		assert_true(seconds == good[i].seconds);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(time_of(DER_UTC_TIME, bad[i], &seconds));
	assert_false(time_of(DER_UTF8_STRING, "20000229000000Z", &seconds));
}

static void
writes_identifiers_in_dots(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t length;
		const char *text;
	} cases[] = {
		{ { 0x55, 4, 3 }, 3, "2.5.4.3" },
		{ { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d }, 6, "1.2.840.113549" },
		{ { 0x88, 0x37, 1 }, 3, "2.999.1" },
		{ { 0 }, 0, "" },
		{ { 0x55, 0x84 }, 2, "2.5" },
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		der_identifier_format(
			(struct byte_span){ cases[i].bytes, cases[i].length }, text, sizeof(text));
		assert_string_equal(text, cases[i].text);
	}
	der_identifier_format((struct byte_span){ cases[1].bytes, 6 }, text, 6);
	assert_string_equal(text, "1.2.8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lengths_of_every_form),
		cmocka_unit_test(refuses_what_is_not_der),
		cmocka_unit_test(leaves_an_optional_value_where_it_is),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(writes_identifiers_in_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
