/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ldns/ldns.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "dns/dns_question.h"

static struct dns_question_template
parse(const char *name, const char *type)
{
	struct dns_question_template template;
	struct fault fault = { .text = "" };

	if (dns_question_template_parse(name, type, &template, &fault) != 0)
		fail_msg("%s %s: %s", name, type, fault.text);
	return template;
}

static void
text_of(const struct dns_question_template *template, uint64_t salt, unsigned int query, char *text)
{
	struct dns_question question;

	dns_question_make(template, salt, query, &question);
	dns_name_format(&question.name, text);
}

static void
makes_a_name_of_its_own_for_each_query(void **state)
{
	const struct dns_question_template template = parse("{label}.probe.example.", "A");
	char first[DNS_NAME_TEXT_BYTES], again[DNS_NAME_TEXT_BYTES], second[DNS_NAME_TEXT_BYTES];
	char other[DNS_NAME_TEXT_BYTES];

	text_of(&template, 1, 0, first);
	text_of(&template, 1, 0, again);
	text_of(&template, 1, 1, second);
	text_of(&template, 2, 0, other);
	assert_string_equal(first, again);
	assert_string_not_equal(first, second);
	assert_string_not_equal(first, other);
	assert_int_equal(strspn(first, "abcdefghijklmnopqrstuvwxyz234567"), DNS_LABEL_LENGTH);
	assert_string_equal(first + DNS_LABEL_LENGTH, ".probe.example.");
}

static void
takes_templates_of_many_forms(void **state)
{
	static const struct {
		const char *name;
		size_t label_offset;
		const char *end;
	} cases[] = {
		{ "Probe.Example", 0, "probe.example." },
		{ "a.{label}.example", 3, ".example." },
		{ "x-{label}-y.example.", 3, "-y.example." },
		{ ".", 0, "." },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct dns_question_template template = parse(cases[i].name, "AAAA");
		char text[DNS_NAME_TEXT_BYTES];

		text_of(&template, 7, 0, text);
		assert_int_equal(template.label_offset, cases[i].label_offset);
		assert_non_null(strstr(text, cases[i].end));
		assert_int_equal(template.type, 28);
	}
	assert_string_equal(parse("a.", "TYPE65280").type_text, "TYPE65280");
	assert_int_equal(parse("a.", "HTTPS").type, 65);
}

static void
says_what_is_wrong_with_a_template(void **state)
{
	static const char long_label[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.";
	static const char *const cases[][3] = {
		{ "", "A", "empty" },
		{ "a..b", "A", "is no domain name" },
		{ long_label, "A", "is no domain name" },
		{ "{label}.{label}.example.", "A", "accepted once" },
		{ "a.example.", "B", "is no type to ask for" },
		{ "a.example.", "ANY", "is no type to ask for" },
		{ "a.example.", "OPT", "is no type to ask for" },
		{ "a.example.", "", "is no type to ask for" },
		{ "{label}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.", "A",
			"is no domain name" },
	};
	struct dns_question_template template = { .type = 99 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault = { .text = "" };
		assert_int_equal(
			dns_question_template_parse(cases[i][0], cases[i][1], &template, &fault),
			ERROR_INPUT);
		if (strstr(fault.text, cases[i][2]) == NULL)
			fail_msg("case %zu: %s", i, fault.text);
		assert_int_equal(template.type, 99);
	}
}

static void
takes_no_name_that_is_too_long(void **state)
{
	struct dns_question_template template;
	struct fault fault = { .text = "" };
	char name[300] = "";

	for (unsigned int i = 0; i < 127; i++)
		strcat(name, "a.");
	assert_int_equal(dns_question_template_parse(name, "A", &template, &fault), 0);
	assert_int_equal(template.name.length, 255);
	strcat(name, "a.");
	assert_int_equal(dns_question_template_parse(name, "A", &template, &fault), ERROR_INPUT);
}

/* ldns reads back what was written. */
static void
writes_a_padded_query(void **state)
{
	static const char *const names[] = {
		".", "a.", "probe.example.", "{label}.probe.example.",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b."
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct dns_question_template template = parse(names[i], "A");
		struct dns_question question;
		uint8_t bytes[DNS_QUERY_BYTES];
		ldns_pkt *packet = NULL;

		dns_question_make(&template, 99, 1, &question);
		const size_t length = dns_question_write(&question, bytes);
		assert_int_equal(load_be16(bytes), length - 2);
		assert_int_equal((length - 2) % 128, 0);
		assert_int_equal(ldns_wire2pkt(&packet, bytes + 2, length - 2), LDNS_STATUS_OK);
		assert_int_equal(ldns_pkt_id(packet), question.id);
		assert_true(ldns_pkt_rd(packet));
		assert_false(ldns_pkt_qr(packet));
		assert_int_equal(ldns_pkt_qdcount(packet), 1);
		assert_int_equal(ldns_pkt_edns_udp_size(packet), 1232);
		const ldns_rr *asked = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
		assert_int_equal(ldns_rr_get_type(asked), LDNS_RR_TYPE_A);
		char text[DNS_NAME_TEXT_BYTES];
		char *owner = ldns_rdf2str(ldns_rr_owner(asked));
		dns_name_format(&question.name, text);
		assert_string_equal(owner, text);
		free(owner);
		ldns_pkt_free(packet);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_name_of_its_own_for_each_query),
		cmocka_unit_test(takes_templates_of_many_forms),
		cmocka_unit_test(says_what_is_wrong_with_a_template),
		cmocka_unit_test(takes_no_name_that_is_too_long),
		cmocka_unit_test(writes_a_padded_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
