/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_writer.h"
#include "dns/dns_rdata.h"
#include "dns/dns_walk.h"

#define QUESTION                    1, 'a', 0, 0, 1, 0, 1 /* a. A IN, at offset 12 */
#define HEADER(answers, additional) 0x12, 0x34, 0x81, 0x80, 0, 1, 0, answers, 0, 0, 0, additional
#define HEAD(type, length)          0xc0, 12, 0, type, 0, 1, 0, 0, 0, 9, 0, length

static struct dns_record records[DNS_RECORDS_MAX];
static const struct dns_walk_room room = { DNS_MESSAGE_MAX, DNS_RECORDS_MAX, records };

/* NULL: the walk takes it. */
static const char *
walk(const uint8_t *message, size_t length, struct dns_walk *walk_out)
{
	const char *reason = NULL;
	/* An exact copy, so that a read past its end is seen; it lives as long as the walk. */
	uint8_t *copy = malloc(length > 0 ? length : 1);

	memcpy(copy, message, length);
	const bool is_taken = dns_walk_message(copy, length, &room, walk_out, &reason);
	assert_int_equal(is_taken, reason == NULL);
	if (!is_taken)
		free(copy);
	return reason;
}

static void
expect(const char *reason, const uint8_t *message, size_t length)
{
	struct dns_walk seen;
	const char *got = walk(message, length, &seen);

	if (reason == NULL)
		assert_null(got);
	else
		assert_string_equal(got, reason);
	if (got == NULL)
		free((uint8_t *)seen.message);
}

#define EXPECT(reason, ...)                              \
	do {                                             \
		const uint8_t bytes[] = { __VA_ARGS__ }; \
		expect(reason, bytes, sizeof(bytes));    \
	} while (0)

static void
takes_honest_messages(void **state)
{
	EXPECT(NULL, HEADER(0, 0), QUESTION);
	EXPECT(NULL, HEADER(1, 0), QUESTION, HEAD(1, 4), 192, 0, 2, 53);
	EXPECT(NULL, HEADER(1, 0), QUESTION, HEAD(5, 4), 1, 'b', 0xc0, 12);
	EXPECT(NULL, HEADER(1, 0), QUESTION, HEAD(16, 5), 3, 'a', 'b', 'c', 0);
	EXPECT(NULL, HEADER(1, 0), QUESTION, HEAD(15, 4), 0, 10, 0xc0, 12);
	EXPECT(NULL, HEADER(0, 1), QUESTION, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0);
	EXPECT(NULL, HEADER(1, 0), QUESTION, HEAD(99, 0));
	EXPECT(NULL, 0x12, 0x34, 0x81, 0x85, 0, 0, 0, 0, 0, 0, 0, 0);
}

static void
refuses_what_is_cut_off(void **state)
{
	const uint8_t whole[] = { HEADER(1, 1), QUESTION, HEAD(1, 4), 192, 0, 2, 53, 0, 0, 41, 4,
		208, 0, 0, 0, 0, 0, 0 };

	expect(NULL, whole, sizeof(whole));
	for (size_t length = 0; length < sizeof(whole); length++) {
		struct dns_walk seen;
		assert_non_null(walk(whole, length, &seen));
	}
}

static void
refuses_pointers_that_do_not_go_back(void **state)
{
	EXPECT("bad owner name", HEADER(1, 0), QUESTION, 0xc0, 19, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1,
		2, 3, 4);
	EXPECT("bad owner name", HEADER(1, 0), QUESTION, 0xc0, 30, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1,
		2, 3, 4);
	EXPECT("bad owner name", HEADER(1, 0), QUESTION, 0xc0, 3, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1,
		2, 3, 4);
	EXPECT("bad question name", HEADER(0, 0), 0xc0, 12, 0, 1, 0, 1);
	EXPECT("bad question name", HEADER(0, 0), 0x41, 'a', 0, 0, 1, 0, 1);
	/* A name that runs into itself by way of a label. */
	EXPECT("data that does not fit its length", HEADER(1, 0), QUESTION, HEAD(5, 4), 1, 'b',
		0xc0, 31);
}

static void
refuses_data_of_the_wrong_length(void **state)
{
	static const char reason[] = "data that does not fit its length";

	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(1, 0));
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(1, 5), 192, 0, 2, 53, 0);
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(28, 4), 192, 0, 2, 53);
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(2, 1), 1);
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(2, 4), 1, 'b', 0, 0);
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(6, 2), 0, 0);
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(16, 3), 3, 'a', 'b');
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(16, 0));
	EXPECT(reason, HEADER(1, 0), QUESTION, HEAD(15, 1), 0);
}

static void
refuses_what_we_never_asked_for(void **state)
{
	EXPECT("two OPT records", HEADER(0, 2), QUESTION, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0, 0, 0,
		41, 4, 208, 0, 0, 0, 0, 0, 0);
	EXPECT("OPT out of place", HEADER(1, 0), QUESTION, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0);
	EXPECT("OPT out of place", HEADER(0, 1), QUESTION, 0xc0, 12, 0, 41, 4, 208, 0, 0, 0, 0, 0,
		0);
	EXPECT("TSIG without being asked", HEADER(0, 1), QUESTION, HEAD(250, 0));
	EXPECT("octets behind the last record", HEADER(0, 0), QUESTION, 0);
	EXPECT("several questions", 0x12, 0x34, 0x81, 0x80, 0, 2, 0, 0, 0, 0, 0, 0, QUESTION,
		QUESTION);
	EXPECT("too many records", 0x12, 0x34, 0x81, 0x80, 0, 1, 0, 22, 0, 22, 0, 22, QUESTION);
	EXPECT("too many records", 0x12, 0x34, 0x81, 0x80, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		QUESTION);
}

static void
refuses_long_messages(void **state)
{
	uint8_t *message = calloc(1, DNS_MESSAGE_MAX + 1);

	assert_non_null(message);
	expect("longer than any answer to us", message, DNS_MESSAGE_MAX + 1);
	free(message);
}

/* What one caller's bounds refuse, another's take: 300 A records in 4819 octets. */
static void
obeys_the_bounds_of_its_caller(void **state)
{
	static struct dns_record many[300];
	const struct dns_walk_room wide = { 4819, 300, many };
	const struct dns_walk_room short_of_records = { 4819, 299, many };
	const struct dns_walk_room short_of_octets = { 4818, 300, many };
	uint8_t bytes[4819] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 1, 44, 0, 0, 0, 0, QUESTION };
	struct byte_writer writer = { .bytes = bytes, .capacity = sizeof(bytes), .length = 19 };
	struct dns_walk seen;
	const char *reason = NULL;

	for (unsigned int i = 0; i < 300; i++)
		byte_writer_bytes(&writer, "\xc0\14\0\1\0\1\0\0\0\1\0\4abcd", 16);
	assert_false(writer.has_failed);
	assert_true(dns_walk_message(bytes, writer.length, &wide, &seen, &reason));
	assert_int_equal(seen.record_count, 300);
	assert_int_equal(many[299].data, writer.length - 4);
	assert_false(dns_walk_message(bytes, writer.length, &short_of_records, &seen, &reason));
	assert_string_equal(reason, "too many records");
	assert_false(dns_walk_message(bytes, writer.length, &short_of_octets, &seen, &reason));
	assert_string_equal(reason, "longer than any answer to us");
}

/* 63 records whose names hang on one another: bounded work, whatever the pointers say. */
static void
follows_long_chains_of_pointers(void **state)
{
	uint8_t bytes[2048] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 0, 63, 0, 0, 0, 0, QUESTION };
	struct byte_writer writer = { .bytes = bytes, .capacity = sizeof(bytes), .length = 19 };
	size_t previous = 12;
	struct dns_walk seen;

	for (unsigned int i = 0; i < 63; i++) {
		const size_t start = writer.length;
		byte_writer_u8(&writer, 1);
		byte_writer_u8(&writer, 'x');
		byte_writer_be16(&writer, (uint16_t)(0xc000 | previous));
		byte_writer_bytes(&writer, "\0\1\0\1\0\0\0\1\0\4abcd", 14);
		previous = start;
	}
	assert_null(walk(bytes, writer.length, &seen));
	struct dns_name name;
	dns_walk_owner(&seen, &seen.records[62], &name);
	assert_int_equal(name.length, 63 * 2 + 3);
	free((uint8_t *)seen.message);
}

static void
uncompresses_and_prints_data(void **state)
{
	static const struct {
		uint8_t message[64];
		size_t length;
		const char *text;
	} cases[] = {
		{ { HEADER(1, 0), QUESTION, HEAD(1, 4), 192, 0, 2, 53 }, 35, "192.0.2.53" },
		{ { HEADER(1, 0), QUESTION, HEAD(5, 4), 1, 'B', 0xc0, 12 }, 35, "B.a." },
		{ { HEADER(1, 0), QUESTION, HEAD(15, 4), 0, 10, 0xc0, 12 }, 35, "10 a." },
		{ { HEADER(1, 0), QUESTION, HEAD(33, 8), 0, 1, 0, 2, 0, 3, 0xc0, 12 }, 39,
			"1 2 3 a." },
		{ { HEADER(1, 0), QUESTION, HEAD(16, 4), 3, 'a', '"', 200 }, 35, "\"a\\\"\\200\"" },
		{ { HEADER(1, 0), QUESTION, HEAD(99, 2), 10, 255 }, 33, "\\# 2 0aff" },
		{ { HEADER(1, 0), QUESTION, HEAD(99, 0) }, 31, "\\# 0" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dns_walk seen;
		uint8_t rdata[DNS_RDATA_BYTES(DNS_MESSAGE_MAX)];
		assert_null(walk(cases[i].message, cases[i].length, &seen));
		const size_t length = dns_walk_rdata(&seen, &seen.records[0], rdata);
		char *text = dns_rdata_format(seen.records[0].type, rdata, length);
		assert_string_equal(text, cases[i].text);
		free(text);
		free((uint8_t *)seen.message);
	}
}

static void
formats_names_with_escapes(void **state)
{
	const struct dns_name name = { .bytes = { 4, 'a', '.', ' ', 200, 1, '\\', 0 },
		.length = 8 };
	const struct dns_name root = { .bytes = { 0 }, .length = 1 };
	char text[DNS_NAME_TEXT_BYTES];

	dns_name_format(&name, text);
	assert_string_equal(text, "a\\.\\032\\200.\\\\.");
	dns_name_format(&root, text);
	assert_string_equal(text, ".");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_honest_messages),
		cmocka_unit_test(refuses_what_is_cut_off),
		cmocka_unit_test(refuses_pointers_that_do_not_go_back),
		cmocka_unit_test(refuses_data_of_the_wrong_length),
		cmocka_unit_test(refuses_what_we_never_asked_for),
		cmocka_unit_test(refuses_long_messages),
		cmocka_unit_test(obeys_the_bounds_of_its_caller),
		cmocka_unit_test(follows_long_chains_of_pointers),
		cmocka_unit_test(uncompresses_and_prints_data),
		cmocka_unit_test(formats_names_with_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
