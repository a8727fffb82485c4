/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "record/record_writer.h"
#include "record_fixture.h"
#include "survey/record_loader.h"
#include "survey/survey_line.h"

static void
write_record(struct line_buffer *buffer, const struct observation *observation)
{
	assert_int_equal(record_write(buffer, "a, \"b\"", observation), 0);
}

static void
assert_text(const struct line_text *text, const char *expected)
{
	char plain[4096];

	assert_non_null(text->bytes);
	const size_t length = line_text_copy(text, plain);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(plain, expected, length);
}

static void
reads_all_that_a_resolver_told(void **state)
{
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;

	(void)state;
	fixture_right(&observation, 0xc6120709, 7);
	write_record(&buffer, &observation);
	assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
	assert_int_equal(line.address, 0xc6120709);
	assert_int_equal(line.port, 853);
	assert_int_equal(line.timestamp_us, FIXTURE_TIMESTAMP_US);
	assert_int_equal(line.outcome, OUTCOME_ANSWER_RIGHT);
	assert_int_equal(line.rtt_us, 812);
	assert_int_equal(line.tls_us, 3120);
	assert_int_equal(line.dns_us, 640);
	assert_int_equal(line.total_us, 4600);
	assert_text(&line.version, "TLSv1.3");
	assert_text(&line.alpn, "dot");
	assert_null(line.alert.bytes);
	assert_int_equal(line.status, CERTIFICATE_STATUS_SELF_SIGNED);
	assert_int_equal(line.flags, observation.certificate->flags);
	assert_memory_equal(line.spki_sha256.bytes, observation.certificate->spki_sha256, 32);
	assert_memory_equal(line.sha256.bytes, observation.certificate->chain[0].sha256, 32);
	assert_text(&line.common_name, "dot.test");
	assert_int_equal(line.names.count, 1);
	assert_text(&line.names.texts[0], "dot.test");
	assert_int_equal(line.not_after, 1798761600);
	assert_text(&line.key, "ecdsa-256");
	assert_text(&line.reply.rcode, "NOERROR");
	assert_text(&line.reply.answer, "192.0.2.53");
	assert_true(line.reply.edns.is_known);
	assert_true(line.reply.edns.is_present);
	assert_int_equal(line.reply.edns.octets, 468);
	assert_int_equal(line.reply.edns.udp_size, 1232);
	assert_int_equal(line.reply.edns.padding, 376);
	assert_text(&line.reply.edns.options, "12");
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

/* As scans wrote it before they kept the form of a reply. */
static void
reads_a_record_without_edns(void **state)
{
	static const char keys[] = ",\"octets\":468,\"edns\":null";
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;

	(void)state;
	fixture_right(&observation, 1, 7);
	observation.dns[0].edns.is_present = false;
	write_record(&buffer, &observation);
	assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
	assert_true(line.reply.edns.is_known);
	assert_false(line.reply.edns.is_present);
	char *at = memmem(buffer.bytes, buffer.length, keys, strlen(keys));
	assert_non_null(at);
	buffer.length -= strlen(keys);
	memmove(at, at + strlen(keys), buffer.length - (size_t)(at - buffer.bytes));
	assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
	assert_false(line.reply.edns.is_known);
	assert_text(&line.reply.answer, "192.0.2.53");
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

static void
reads_an_address_that_was_silent(void **state)
{
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;

	(void)state;
	fixture_silent(&observation, 1);
	write_record(&buffer, &observation);
	assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
	assert_false(line.has_certificate);
	assert_int_equal(line.tls_us, -1);
	assert_null(line.reply.rcode.bytes);
	assert_int_equal(line.query_count, 0);
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

static void
keeps_quotes_backslashes_and_letters_beyond_ascii(void **state)
{
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;

	(void)state;
	fixture_right(&observation, 1, 1);
	fixture_text(&observation.certificate->common_name, "caf\xc3\xa9 \"a\\b\" \xff");
	write_record(&buffer, &observation);
	assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
	assert_text(&line.common_name, "caf\xc3\xa9 \"a\\b\" \\xff");
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

/* Every cut and every changed byte: refused or read, never more than the line. */
static void
refuses_every_line_that_is_cut(void **state)
{
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;

	(void)state;
	fixture_right(&observation, 1, 1);
	write_record(&buffer, &observation);
	for (size_t length = 0; length + 1 < buffer.length; length++) {
		char *copy = malloc(length + 1);
		assert_non_null(copy);
		memcpy(copy, buffer.bytes, length);
		assert_false(survey_line_read(copy, length, &line));
		free(copy);
	}
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

/* Another order of keys, spaces: the full reader knows them. */
static void
takes_a_record_in_another_form(void **state)
{
	struct survey_set set;
	struct line_buffer buffer = { 0 };
	struct observation observation;
	struct survey_line line;
	struct fault fault = { "" };

	(void)state;
	fixture_right(&observation, 77, 1);
	write_record(&buffer, &observation);
	char *spaced = malloc(buffer.length + 2);
	assert_non_null(spaced);
	spaced[0] = '{';
	spaced[1] = ' ';
	memcpy(spaced + 2, buffer.bytes + 1, buffer.length - 1);
	assert_false(survey_line_read(spaced, buffer.length + 1, &line));
	assert_int_equal(survey_set_init(&set), 0);
	assert_int_equal(
		record_loader_add_line(&set, spaced, buffer.length + 1, "x", 1, &fault), 0);
	assert_int_equal(set.host_count, 1);
	assert_int_equal(set.hosts[0].address, 77);
	assert_int_equal(record_loader_add_line(&set, "{}", 2, "x", 2, &fault), 1);
	assert_non_null(strstr(fault.text, "x:2"));
	free(spaced);
	survey_set_clear(&set);
	observation_clear(&observation);
	line_buffer_clear(&buffer);
}

/* Of two records of one address the later stands, whichever came first. */
static void
keeps_the_last_record_of_an_address(void **state)
{
	struct observation observation;
	struct survey_line line;

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		struct survey_set set;
		assert_int_equal(survey_set_init(&set), 0);
		for (int i = 0; i < 3; i++) {
			struct line_buffer buffer = { 0 };
			const bool is_late = i == (turn == 0 ? 0 : 2);
			fixture_silent(&observation, i == 1 ? 9 : 5);
			observation.timestamp_us += is_late ? 1000000 : 0;
			observation.outcome = is_late ? OUTCOME_TLS_CLOSED : OUTCOME_TLS_SILENT;
			write_record(&buffer, &observation);
			assert_true(survey_line_read(buffer.bytes, buffer.length, &line));
			assert_int_equal(survey_set_add(&set, &line), 0);
			observation_clear(&observation);
			line_buffer_clear(&buffer);
		}
		assert_int_equal(survey_set_finish(&set), 0);
		assert_int_equal(set.host_count, 2);
		assert_int_equal(set.repeated, 1);
		assert_int_equal(set.hosts[0].address, 5);
		assert_int_equal(set.hosts[0].outcome, OUTCOME_TLS_CLOSED);
		assert_int_equal(set.hosts[1].address, 9);
		survey_set_clear(&set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_that_a_resolver_told),
		cmocka_unit_test(reads_a_record_without_edns),
		cmocka_unit_test(reads_an_address_that_was_silent),
		cmocka_unit_test(keeps_quotes_backslashes_and_letters_beyond_ascii),
		cmocka_unit_test(refuses_every_line_that_is_cut),
		cmocka_unit_test(takes_a_record_in_another_form),
		cmocka_unit_test(keeps_the_last_record_of_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
