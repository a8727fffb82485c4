/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "record/certificate_status.h"
#include "record/outcome.h"

/* The texts are a contract with users, so they are written out here once more. */
static void
texts_are_those_of_the_contract(void **state)
{
	static const char *const texts[] = { "tcp-timeout", "tcp-reset", "tls-silent", "tls-closed",
		"tls-reset", "not-tls", "tls-alert", "tls-error", "tls-timeout", "dns-silent",
		"dns-closed", "not-dns", "dns-malformed", "dns-mismatch", "dns-formerr",
		"dns-servfail", "dns-nxdomain", "dns-notimp", "dns-refused", "dns-other-rcode",
		"dns-nodata", "dns-referral", "answer-wrong", "answer-unchecked", "answer-right" };

	assert_int_equal(OUTCOME_COUNT, sizeof(texts) / sizeof(texts[0]));
	for (unsigned int i = 0; i < OUTCOME_COUNT; i++) {
		enum outcome parsed = OUTCOME_COUNT;

		assert_string_equal(outcome_text(i), texts[i]);
		assert_true(outcome_parse(texts[i], &parsed));
		assert_int_equal(parsed, i);
		assert_true(strlen(outcome_sentence(i)) > 5);
	}
}

static void
other_texts_are_refused(void **state)
{
	enum outcome parsed = OUTCOME_NOT_TLS;

	assert_false(outcome_parse("", &parsed));
	assert_false(outcome_parse("answer", &parsed));
	assert_false(outcome_parse("answer-right ", &parsed));
	assert_int_equal(parsed, OUTCOME_NOT_TLS);
}

static void
stage_follows_from_the_outcome(void **state)
{
	assert_string_equal(stage_text(outcome_stage(OUTCOME_TCP_RESET)), "tcp");
	assert_string_equal(stage_text(outcome_stage(OUTCOME_NOT_TLS)), "tls");
	assert_string_equal(stage_text(outcome_stage(OUTCOME_DNS_REFERRAL)), "dns");
	assert_string_equal(stage_text(outcome_stage(OUTCOME_ANSWER_WRONG)), "answer");
	for (unsigned int i = 1; i < OUTCOME_COUNT; i++)
		assert_true(outcome_stage(i - 1) <= outcome_stage(i));
}

static void
only_what_loss_or_load_can_cause_may_improve(void **state)
{
	assert_true(outcome_may_improve(OUTCOME_TCP_TIMEOUT));
	assert_true(outcome_may_improve(OUTCOME_DNS_SERVFAIL));
	assert_false(outcome_may_improve(OUTCOME_NOT_TLS));
	assert_false(outcome_may_improve(OUTCOME_ANSWER_RIGHT));
	assert_false(outcome_may_improve(OUTCOME_ANSWER_WRONG));
}

static void
certificate_labels_are_those_of_the_contract(void **state)
{
	static const char *const texts[] = { "ok", "expired", "self-signed", "self-signed-in-chain",
		"unable-to-verify-first", "purpose", "other" };
	enum certificate_status parsed;

	assert_int_equal(CERTIFICATE_STATUS_COUNT, sizeof(texts) / sizeof(texts[0]));
	for (unsigned int i = 0; i < CERTIFICATE_STATUS_COUNT; i++) {
		assert_string_equal(certificate_status_text(i), texts[i]);
		assert_true(certificate_status_parse(texts[i], &parsed));
		assert_int_equal(parsed, i);
	}
	assert_false(certificate_status_parse("OK", &parsed));
	assert_string_equal(
		certificate_flag_text(CERTIFICATE_FLAG_NAME_UNCHECKED), "name-unchecked");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_those_of_the_contract),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(stage_follows_from_the_outcome),
		cmocka_unit_test(only_what_loss_or_load_can_cause_may_improve),
		cmocka_unit_test(certificate_labels_are_those_of_the_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
