/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ldns/ldns.h>

#include "base/byte_writer.h"
#include "base/error.h"
#include "base/random.h"
#include "dns/dns_answer.h"
#include "dns/dns_rdata.h"
#include "dns/dns_truth.h"

/* What goes beyond the replies of test_dot_client: chains, truths and sections. */

#define A     1
#define CNAME 5

struct message {
	uint8_t bytes[4096];
	struct byte_writer writer;
};

static const struct dns_question question = {
	.name = { .bytes = { 1, 'q', 0 }, .length = 3 }, .type = A, .id = 7
};

static void
begin(struct message *message, uint16_t answers)
{
	byte_writer_init(&message->writer, message->bytes, sizeof(message->bytes));
	byte_writer_be16(&message->writer, 7);
	byte_writer_be16(&message->writer, 0x8180);
	byte_writer_be16(&message->writer, 1);
	byte_writer_be16(&message->writer, answers);
	byte_writer_be32(&message->writer, 0);
	byte_writer_bytes(&message->writer, "\1q\0\0\1\0\1", 7);
}

/* A record owned by a name of one letter. */
static void
add(struct message *message, char owner, uint16_t type, uint16_t class, const void *data,
	uint16_t length)
{
	byte_writer_u8(&message->writer, 1);
	byte_writer_u8(&message->writer, (uint8_t)owner);
	byte_writer_u8(&message->writer, 0);
	byte_writer_be16(&message->writer, type);
	byte_writer_be16(&message->writer, class);
	byte_writer_be32(&message->writer, 60);
	byte_writer_be16(&message->writer, length);
	byte_writer_bytes(&message->writer, data, length);
}

static void
add_alias(struct message *message, char owner, char target)
{
	const uint8_t name[] = { 1, (uint8_t)target, 0 };

	add(message, owner, CNAME, 1, name, 3);
}

static enum outcome
judge_of(const struct message *message, const struct dns_question *asked,
	const struct dns_truth *truth)
{
	struct observation seen;
	enum outcome outcome = OUTCOME_COUNT;
	const char *reason;

	observation_init(&seen);
	seen.dns_count = 1;
	assert_int_equal(dns_answer_judge(asked, truth, message->bytes, message->writer.length,
				 &seen.dns[0], &outcome, &reason),
		0);
	observation_clear(&seen);
	return outcome;
}

static enum outcome
judge(const struct message *message, const struct dns_truth *truth)
{
	return judge_of(message, &question, truth);
}

static struct dns_truth *
truth_of(uint16_t type, const char *const *first, size_t first_count, const char *const *second,
	size_t second_count)
{
	struct dns_truth *truth = dns_truth_create();
	struct fault fault = { .text = "" };

	assert_int_equal(dns_truth_add(truth, type, first, first_count, &fault), 0);
	if (second != NULL)
		assert_int_equal(dns_truth_add(truth, type, second, second_count, &fault), 0);
	return truth;
}

static void
compares_with_any_variant(void **state)
{
	const char *const one[] = { "1.2.3.4" };
	const char *const two[] = { "5.6.7.8", "1.2.3.5" };
	struct dns_truth *truth = truth_of(A, one, 1, two, 2);
	struct message message;

	begin(&message, 1);
	add(&message, 'q', A, 1, "\1\2\3\4", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_ANSWER_RIGHT);
	assert_int_equal(judge(&message, NULL), OUTCOME_ANSWER_UNCHECKED);

	/* In any order, and doubled. */
	begin(&message, 3);
	add(&message, 'q', A, 1, "\1\2\3\5", 4);
	add(&message, 'q', A, 1, "\5\6\7\10", 4);
	add(&message, 'q', A, 1, "\1\2\3\5", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_ANSWER_RIGHT);

	/* Part of one variant and part of the other are neither. */
	begin(&message, 2);
	add(&message, 'q', A, 1, "\1\2\3\4", 4);
	add(&message, 'q', A, 1, "\1\2\3\5", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_ANSWER_WRONG);
	begin(&message, 1);
	add(&message, 'q', A, 1, "\1\2\3\5", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_ANSWER_WRONG);
	dns_truth_destroy(truth);
}

static void
follows_aliases_to_their_end(void **state)
{
	const char *const one[] = { "1.2.3.4" };
	struct dns_truth *truth = truth_of(A, one, 1, NULL, 0);
	struct message message;

	/* In an order that helps nobody. */
	begin(&message, 4);
	add(&message, 'z', A, 1, "\1\2\3\4", 4);
	add_alias(&message, 'y', 'z');
	add_alias(&message, 'x', 'y');
	add_alias(&message, 'q', 'x');
	assert_int_equal(judge(&message, truth), OUTCOME_ANSWER_RIGHT);

	begin(&message, 3);
	add_alias(&message, 'q', 'x');
	add_alias(&message, 'x', 'y');
	add_alias(&message, 'y', 'q');
	assert_int_equal(judge(&message, truth), OUTCOME_DNS_NODATA);
	begin(&message, 1);
	add_alias(&message, 'q', 'q');
	assert_int_equal(judge(&message, truth), OUTCOME_DNS_NODATA);

	/* An address of somebody else, or of another class, answers nothing. */
	begin(&message, 1);
	add(&message, 'x', A, 1, "\1\2\3\4", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_DNS_NODATA);
	begin(&message, 1);
	add(&message, 'q', A, 3, "\1\2\3\4", 4);
	assert_int_equal(judge(&message, truth), OUTCOME_DNS_NODATA);
	dns_truth_destroy(truth);
}

static void
compares_names_in_data_without_regard_to_case(void **state)
{
	const struct dns_question asked = { .name = question.name, .type = 15, .id = 7 };
	const char *const one[] = { "10 Mail.Example." };
	struct dns_truth *truth = truth_of(15, one, 1, NULL, 0);
	struct message message;

	begin(&message, 1);
	message.bytes[16] = 15;
	add(&message, 'q', 15, 1, "\0\12\4mAIL\7eXAMPLE\0", 16);
	assert_int_equal(judge_of(&message, &asked, truth), OUTCOME_ANSWER_RIGHT);
	message.bytes[message.writer.length - 15] = 11;
	assert_int_equal(judge_of(&message, &asked, truth), OUTCOME_ANSWER_WRONG);
	dns_truth_destroy(truth);
}

static void
keeps_a_bounded_number_of_answers(void **state)
{
	struct observation seen;
	struct message message;
	enum outcome outcome;
	const char *reason;

	begin(&message, 60);
	for (uint8_t i = 0; i < 60; i++) {
		const uint8_t address[] = { 10, 0, 0, i };
		add(&message, 'q', A, 1, address, 4);
	}
	observation_init(&seen);
	seen.dns_count = 1;
	assert_int_equal(dns_answer_judge(&question, NULL, message.bytes, message.writer.length,
				 &seen.dns[0], &outcome, &reason),
		0);
	assert_int_equal(outcome, OUTCOME_ANSWER_UNCHECKED);
	assert_int_equal(seen.dns[0].answer_count, OBSERVATION_ANSWERS);
	assert_string_equal(seen.dns[0].answers[31].data.bytes, "10.0.0.31");
	observation_clear(&seen);
}

static void
refuses_a_truth_that_is_no_data(void **state)
{
	static const struct {
		uint16_t type;
		const char *text;
	} cases[] = { { A, "" }, { A, "192.0.2" }, { A, "2001:db8::1" }, { A, "192.0.2.53 x" },
		{ 28, "192.0.2.53" }, { 15, "mail.example." }, { A, "a b c" } };
	struct dns_truth *truth = dns_truth_create();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault = { .text = "" };
		if (dns_truth_add(truth, cases[i].type, &cases[i].text, 1, &fault) != ERROR_INPUT)
			fail_msg("%s was taken", cases[i].text);
		assert_non_null(strstr(fault.text, "is no data of the type asked for"));
	}
	dns_truth_destroy(truth);
}

static void
adds_a_bounded_number_of_variants(void **state)
{
	struct dns_truth *truth = dns_truth_create();
	struct fault fault = { .text = "" };
	char address[32];
	const char *const one = address;

	for (unsigned i = 0; i < DNS_TRUTH_VARIANTS_MAX; i++) {
		(void)snprintf(address, sizeof(address), "192.0.2.%u", i);
		assert_int_equal(dns_truth_add(truth, A, &one, 1, &fault), 0);
		assert_int_equal(dns_truth_add(truth, A, &one, 1, &fault), 0);
		assert_int_equal(dns_truth_count(truth), i + 1);
	}
	(void)snprintf(address, sizeof(address), "192.0.2.255");
	assert_int_equal(dns_truth_add(truth, A, &one, 1, &fault), ERROR_INPUT);
	assert_string_equal(fault.text, "more than 64 different answers");
	dns_truth_destroy(truth);
}

static void
expect_address(uint16_t type, ldns_rdf_type kind, const uint8_t *octets, size_t length)
{
	ldns_rdf *rdf = ldns_rdf_new_frm_data(kind, length, octets);
	char *expected = ldns_rdf2str(rdf);
	char *text = dns_rdata_format(type, octets, length);

	assert_non_null(expected);
	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
	free(expected);
	ldns_rdf_deep_free(rdf);
}

/* Addresses and names of types do not go through ldns, and must not look otherwise. */
static void
texts_are_those_of_ldns(void **state)
{
	struct random_sequence random = { 20260104 };

	print_message("seed 20260104\n");
	for (int i = 0; i < 2000; i++) {
		uint8_t octets[16];

		/* Every other octet zero, to have them abbreviated. */
		for (size_t k = 0; k < sizeof(octets); k++)
			octets[k] =
				(uint8_t)(random_below(&random, 2) * random_below(&random, 256));
		expect_address(A, LDNS_RDF_TYPE_A, octets, 4);
		expect_address(DNS_TYPE_AAAA, LDNS_RDF_TYPE_AAAA, octets, 16);
	}
	for (uint16_t type = 1; type < 300; type++) {
		const struct dns_rdata_shape *shape = dns_rdata_shape(type);
		char *expected = ldns_rr_type2str((ldns_rr_type)type);

		assert_non_null(expected);
		if (shape != NULL)
			assert_string_equal(shape->name, expected);
		free(expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_with_any_variant),
		cmocka_unit_test(follows_aliases_to_their_end),
		cmocka_unit_test(compares_names_in_data_without_regard_to_case),
		cmocka_unit_test(keeps_a_bounded_number_of_answers),
		cmocka_unit_test(refuses_a_truth_that_is_no_data),
		cmocka_unit_test(adds_a_bounded_number_of_variants),
		cmocka_unit_test(texts_are_those_of_ldns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
