/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "record/record_reader.h"
#include "record_fixture.h"

/* What was written reads back, and writes the same line again. */
static void
expect_round_trip(struct observation *observation)
{
	struct line_buffer first = { 0 };
	struct line_buffer second = { 0 };
	struct fault fault = { "" };
	struct record record = { 0 };

	assert_int_equal(record_write(&first, "lab", observation), 0);
	if (record_read(first.bytes, first.length, "x", 1, &record, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_string_equal(record.scan, "lab");
	assert_int_equal(record_write(&second, record.scan, &record.observation), 0);
	assert_int_equal(first.length, second.length);
	assert_memory_equal(first.bytes, second.bytes, first.length);
	line_buffer_clear(&first);
	line_buffer_clear(&second);
	observation_clear(&record.observation);
	observation_clear(observation);
}

static void
records_are_read_back(void **state)
{
	struct observation observation;

	fixture_silent(&observation, 0xffffffff);
	expect_round_trip(&observation);
	fixture_right(&observation, 0, 3);
	expect_round_trip(&observation);
	fixture_right(&observation, 9, 3);
	observation.outcome = OUTCOME_DNS_OTHER_RCODE;
	observation.dns[0].rcode = 77;
	observation.dns[0].flags = 0xffff;
	observation.certificate->has_validity = false;
	observation.certificate->flags = (1U << CERTIFICATE_FLAG_COUNT) - 1;
	strcpy(observation.error, "\"\\x41\\\"");
	observation.dns[0].edns = (struct edns_observation){ .is_present = true,
		.version = 255,
		.udp_size = 65535,
		.has_do = true,
		.has_broken_options = true,
		.padding = OBSERVATION_NONE,
		.option_count = OBSERVATION_OPTIONS };
	memset(observation.first_bytes, 0xee, sizeof(observation.first_bytes));
	observation.first_bytes_length = sizeof(observation.first_bytes);
	expect_round_trip(&observation);
}

static void
peer_text_comes_back_byte_by_byte(void **state)
{
	static const char hostile[] = "\\x41\0\xff\n\"\xc3\xbc";
	struct observation observation;
	struct line_buffer line = { 0 };
	struct fault fault = { "" };
	struct record record = { 0 };

	fixture_right(&observation, 9, 3);
	assert_int_equal(
		peer_text_set(&observation.certificate->names[0], hostile, sizeof(hostile)), 0);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	assert_int_equal(record_read(line.bytes, line.length, "x", 1, &record, &fault), 0);
	const struct peer_text *name = &record.observation.certificate->names[0];
	assert_int_equal(name->length, sizeof(hostile));
	assert_memory_equal(name->bytes, hostile, sizeof(hostile));
	assert_int_equal(record.observation.timestamp_us, FIXTURE_TIMESTAMP_US);
	assert_int_equal(record.observation.certificate->chain[0].sha256[31], 3);
	line_buffer_clear(&line);
	observation_clear(&record.observation);
	observation_clear(&observation);
}

/* A copy of the line with the first occurrence of one text replaced. */
static char *
replaced(const struct line_buffer *line, const char *from, const char *to)
{
	const char *at = memmem(line->bytes, line->length, from, strlen(from));
	char *text = calloc(1, line->length + strlen(to) + 1);

	assert_non_null(at);
	assert_non_null(text);
	const size_t before = (size_t)(at - line->bytes);
	memcpy(text, line->bytes, before);
	strcpy(text + before, to);
	memcpy(text + before + strlen(to), at + strlen(from), line->length - before - strlen(from));
	return text;
}

static void
each_fault_is_named(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		const char *fault;
	} rows[] = {
		{ "{\"schema\":1", "{\"schema\":2",
			"r.jsonl:7: field schema: expected an integer from 1 to 1" },
		{ "{", "", "r.jsonl:7: not JSON at byte" },
		{ "\"port\":853,", "", "r.jsonl:7: field port: is missing" },
		{ "\"error\":null", "\"error\":null,\"more\":1",
			"r.jsonl:7: expected 15 keys and no others, found 16" },
		{ "\"error\":null", "\"error\":null,\"error\":null", "not JSON" },
		{ "\"error\":null", "\"error\":\"\"",
			"field error: expected null or a text that is not empty" },
		{ "853", "65536", "field port: expected an integer from 0 to 65535" },
		{ "853", "853.0", "field port: expected an integer" },
		{ "9.9.9.9", "9.9.9.256", "field ip: expected an IPv4 address" },
		{ "answer-right", "answer-good", "field outcome: expected an outcome" },
		{ "\"stage\":\"answer\"", "\"stage\":\"tls\"",
			"field stage: expected the stage of this outcome" },
		{ "05.678901Z", "05Z", "field timestamp: expected a time like" },
		{ "\"ttl\":64", "\"ttl\":256", "field syn.ttl: expected an integer from 0 to 255" },
		{ "\"mss\":1460", "\"mss\":0",
			"field syn.mss: expected an integer from 1 to 65535" },
		{ "\"tls\":3120", "\"tls\":-1", "field timing_us.tls: expected an integer from 0" },
		{ "TLSv1.3", "TLSv1.3-and-much-more",
			"field tls.version: expected a shorter text" },
		{ "\"alpn\":\"dot\"", "\"alpn\":3", "field tls.alpn: expected a text" },
		{ "\"status\":\"self-signed\"", "\"status\":\"good\"",
			"field certificate.status: expected null or a certificate status" },
		{ "\"status\":\"self-signed\"", "\"status\":null",
			"field certificate.flags: expected null, because certificate.status is null" },
		{ "[\"self-signed\",", "[\"name-unchecked\",",
			"field certificate.flags[1]: expected a certificate flag, each once" },
		{ "\"sha256\":\"03", "\"sha256\":\"04",
			"field certificate.sha256: expected the first of chain_sha256" },
		{ "\"sha256\":\"03", "\"sha256\":\"0G",
			"field certificate.sha256: expected 64 lower-case" },
		{ "\"names\":[\"dot.test\"]", "\"names\":[null]",
			"field certificate.names[0]: expected a text" },
		{ "\"ip_in_names\":false", "\"ip_in_names\":0",
			"field certificate.ip_in_names: expected true or false" },
		{ "\"2027-01-01T00:00:00Z\"", "null",
			"field certificate.not_after: expected null exactly where" },
		{ "2027-01-01", "2027-01-32",
			"field certificate.not_after: expected null or a time" },
		{ "NOERROR", "NOERR", "field dns[0].rcode: expected null or the name of an rcode" },
		{ "\"NOERROR\"", "null",
			"field dns[0].flags: expected null, because rcode is null" },
		{ "\"rd\"", "\"qr\"",
			"field dns[0].flags[1]: expected a flag of a DNS reply, each once" },
		{ "\"ttl\":3600", "\"ttl\":4294967296", "field dns[0].answers[0].ttl: expected" },
		{ "\"octets\":468", "\"octets\":null",
			"field dns[0].edns: expected null, because octets is null" },
		{ "\"octets\":468", "\"octets\":11",
			"field dns[0].octets: expected an integer from 12" },
		{ "\"octets\":468,", "", "field dns[0].octets: is missing" },
		{ "\"udp\":1232", "\"udp\":65536",
			"field dns[0].edns.udp: expected an integer from 0" },
		{ "\"padding\":376", "\"padding\":-1",
			"field dns[0].edns.padding: expected an integer from 0" },
		{ "\"options\":[12]", "\"options\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
			"field dns[0].edns.options: expected an array of at most 16 items" },
		{ "\"broken\":false", "\"broken\":null",
			"field dns[0].edns.broken: expected true or false" },
		{ "\"first_bytes\":null", "\"first_bytes\":\"abc\"",
			"field first_bytes: expected" },
		{ "\"first_bytes\":null", "\"first_bytes\":\"\"",
			"field first_bytes: expected null or" },
		{ "\"scan\":\"lab\"", "\"scan\":null", "field scan: expected the name of a scan" },
		{ "\"scan\":\"lab\"", "\"scan\":\"a\\u0000b\"", "not JSON" },
	};
	struct observation observation;
	struct line_buffer line = { 0 };

	fixture_right(&observation, 0x09090909, 3);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault fault = { "" };
		struct record record = { .scan = "untouched" };
		char *text = replaced(&line, rows[i].from, rows[i].to);

		assert_int_equal(record_read(text, strlen(text), "r.jsonl", 7, &record, &fault),
			ERROR_INPUT);
		if (strstr(fault.text, rows[i].fault) == NULL)
			fail_msg("expected %s, found %s", rows[i].fault, fault.text);
		assert_string_equal(record.scan, "untouched");
		free(text);
	}
	line_buffer_clear(&line);
	observation_clear(&observation);
}

/* Cut off anywhere, or with one byte changed: an error or a record, never more than that. */
static void
damaged_lines_are_survived(void **state)
{
	struct random_sequence sequence = { 11 };
	struct observation observation;
	struct line_buffer line = { 0 };
	struct record record;

	fixture_right(&observation, 0x09090909, 3);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	for (size_t length = 0; length < line.length - 1; length++) {
		struct fault fault = { "" };
		assert_int_equal(
			record_read(line.bytes, length, "x", 1, &record, &fault), ERROR_INPUT);
		assert_true(fault.text[0] != '\0');
	}
	for (int round = 0; round < 5000; round++) {
		struct fault fault = { "" };
		char *at = &line.bytes[random_below(&sequence, line.length)];
		const char kept = *at;

		*at = (char)random_next(&sequence);
		if (record_read(line.bytes, line.length, "x", 1, &record, &fault) == 0)
			observation_clear(&record.observation);
		*at = kept;
	}
	line_buffer_clear(&line);
	observation_clear(&observation);
}

/* Scans before octets and edns wrote neither: nothing is known of the reply's form, and that is no error. */
static void
records_without_edns_are_read(void **state)
{
	struct observation observation;
	struct line_buffer line = { 0 };
	struct fault fault = { "" };
	struct record record = { 0 };

	fixture_right(&observation, 9, 3);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	char *text = replaced(&line,
		",\"octets\":468,\"edns\":{\"version\":0,\"udp\":1232,\"do\":false,"
		"\"padding\":376,\"options\":[12],\"broken\":false}",
		"");
	if (record_read(text, strlen(text), "x", 1, &record, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(record.observation.dns[0].octets, OBSERVATION_NONE);
	assert_false(record.observation.dns[0].edns.is_present);
	assert_int_equal(record.observation.dns[0].answer_count, 1);
	free(text);
	line_buffer_clear(&line);
	observation_clear(&record.observation);
	observation_clear(&observation);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_back),
		cmocka_unit_test(peer_text_comes_back_byte_by_byte),
		cmocka_unit_test(each_fault_is_named),
		cmocka_unit_test(records_without_edns_are_read),
		cmocka_unit_test(damaged_lines_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
