/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/ssl.h>

#include "support/certificate_maker.h"
#include "support/dot_bench.h"

#define RIGHT                                 \
	{                                     \
		.addresses = { "192.0.2.53" } \
	}
#define WRONG                                 \
	{                                     \
		.addresses = { "192.0.2.66" } \
	}

/* One key and certificate for all: making them is what costs. */
static EVP_PKEY *key;
static X509 *certificate;

static struct tls_server_context *
make_server(const struct tls_server_settings *wanted)
{
	struct tls_server_settings settings = *wanted;

	if (settings.chain == NULL) {
		settings.key = key;
		settings.chain = &certificate;
		settings.chain_count = 1;
	}
	return tls_server_context_create(&settings);
}

/* The outcome of an exchange with an ordinary server, and what was seen. */
static enum outcome
run(const struct tls_server_settings *settings, struct dot_exchange *exchange,
	struct observation *seen, uint32_t *hints_out)
{
	struct dot_bench bench;

	dot_bench_init(&bench, NULL);
	exchange->server = make_server(settings);
	const uint32_t hints = dot_bench_run(&bench, exchange, seen);
	if (hints_out != NULL)
		*hints_out = hints;
	tls_server_context_destroy(exchange->server);
	dot_bench_clear(&bench);
	return seen->outcome;
}

static enum outcome
run_plainly(struct dot_exchange *exchange)
{
	const struct tls_server_settings settings = { .alpn = TLS_SERVER_SELECTS_DOT };
	struct observation seen;

	const enum outcome outcome = run(&settings, exchange, &seen, NULL);
	observation_clear(&seen);
	return outcome;
}

static void
tells_all_of_a_right_resolver(void **state)
{
	const struct tls_server_settings settings = { .alpn = TLS_SERVER_SELECTS_DOT,
		.tickets = 2 };
	struct dot_exchange exchange = { .replies = { RIGHT, RIGHT }, .reply_count = 2 };
	struct observation seen;
	uint32_t hints;

	assert_int_equal(run(&settings, &exchange, &seen, &hints), OUTCOME_ANSWER_RIGHT);
	assert_int_equal(hints, 0);
	assert_true(seen.tls.has_server_hello);
	assert_string_equal(seen.tls.version, "TLSv1.3");
	assert_string_equal(seen.tls.cipher, "TLS_AES_128_GCM_SHA256");
	assert_string_equal(seen.tls.group, "x25519");
	assert_string_equal(seen.tls.alpn, "dot");
	assert_string_equal(seen.tls.alert, "");
	assert_string_equal(seen.error, "");
	assert_non_null(seen.certificate);
	assert_int_equal(seen.certificate->status, CERTIFICATE_STATUS_SELF_SIGNED);
	assert_int_equal(seen.certificate->flags,
		CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_SELF_SIGNED) |
			CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_NAME_UNCHECKED));
	assert_int_equal(seen.certificate->chain_count, 1);
	assert_int_equal(seen.dns_count, 2);
	assert_string_not_equal(seen.dns[0].name, seen.dns[1].name);
	assert_int_equal(strlen(seen.dns[0].name), strlen("0123456789abcdef.probe.example."));
	assert_string_equal(seen.dns[0].type, "A");
	assert_int_equal(seen.dns[0].rcode, 0);
	assert_int_equal(seen.dns[0].flags, DNS_FLAG_QR | DNS_FLAG_RD | DNS_FLAG_RA);
	assert_int_equal(seen.dns[0].answer_count, 1);
	assert_string_equal(seen.dns[0].answers[0].name, seen.dns[0].name);
	assert_memory_equal(seen.dns[0].answers[0].data.bytes, "192.0.2.53", 10);
	assert_int_equal(seen.dns[0].answers[0].ttl, 3600);
	assert_true(seen.timing.tls_us > 0 && seen.timing.dns_us >= 0 && seen.timing.total_us > 0);
	assert_int_equal(seen.timing.tcp_us, OBSERVATION_NONE);
	assert_int_equal(seen.first_bytes_length, 0);
	observation_clear(&seen);
}

static void
takes_bytes_in_any_pieces(void **state)
{
	static const size_t chunks[] = { 1, 2, 3, 5, 7, 64, 536, 1400 };
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	for (size_t v = 0; v < 2; v++) {
		for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
			const struct tls_server_settings settings = { .minimum_version =
									      versions[v],
				.maximum_version = versions[v],
				.tickets = 1 };
			struct dot_exchange exchange = {
				.replies = { RIGHT, RIGHT }, .reply_count = 2, .chunk = chunks[i]
			};
			struct observation seen;
			assert_int_equal(
				run(&settings, &exchange, &seen, NULL), OUTCOME_ANSWER_RIGHT);
			observation_clear(&seen);
		}
	}
}

static void
tells_every_outcome_of_a_reply(void **state)
{
	static const struct {
		struct dns_reply_settings reply;
		enum outcome outcome;
	} cases[] = {
		{ RIGHT, OUTCOME_ANSWER_RIGHT },
		{ WRONG, OUTCOME_ANSWER_WRONG },
		{ { .addresses = { "192.0.2.53", "192.0.2.66" } }, OUTCOME_ANSWER_WRONG },
		{ { .addresses = { "192.0.2.53" }, .canonical = "other" }, OUTCOME_ANSWER_RIGHT },
		{ { .addresses = { "192.0.2.53" }, .has_upper_case = true }, OUTCOME_ANSWER_RIGHT },
		{ { .canonical = "other" }, OUTCOME_DNS_NODATA },
		{ { .rcode = 1 }, OUTCOME_DNS_FORMERR },
		{ { .rcode = 1, .lacks_question = true }, OUTCOME_DNS_FORMERR },
		{ { .rcode = 2 }, OUTCOME_DNS_SERVFAIL },
		{ { .rcode = 3, .has_soa = true }, OUTCOME_DNS_NXDOMAIN },
		{ { .rcode = 4 }, OUTCOME_DNS_NOTIMP },
		{ { .rcode = 5 }, OUTCOME_DNS_REFUSED },
		{ { .rcode = 9 }, OUTCOME_DNS_OTHER_RCODE },
		{ { .extended_rcode = 16 }, OUTCOME_DNS_OTHER_RCODE },
		{ { .rcode = 0 }, OUTCOME_DNS_NODATA },
		{ { .has_soa = true }, OUTCOME_DNS_NODATA },
		{ { .has_ns = true }, OUTCOME_DNS_REFERRAL },
		{ { .has_ns = true, .has_soa = true }, OUTCOME_DNS_NODATA },
		{ { .addresses = { "192.0.2.53" }, .has_other_id = true }, OUTCOME_DNS_MISMATCH },
		{ { .addresses = { "192.0.2.53" }, .has_other_question = true },
			OUTCOME_DNS_MISMATCH },
		{ { .addresses = { "192.0.2.53" }, .lacks_question = true },
			OUTCOME_DNS_MALFORMED },
		{ { .lacks_question = true }, OUTCOME_DNS_MISMATCH },
		{ { .addresses = { "192.0.2.53" }, .has_broken_address = true },
			OUTCOME_DNS_MALFORMED },
		{ { .addresses = { "192.0.2.53" }, .has_trailing_octet = true },
			OUTCOME_DNS_MALFORMED },
		{ { .is_query = true }, OUTCOME_NOT_DNS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dot_exchange exchange = { .replies = { cases[i].reply, cases[i].reply },
			.reply_count = 2 };
		const enum outcome outcome = run_plainly(&exchange);
		if (outcome != cases[i].outcome)
			fail_msg("case %zu: %s, not %s", i, outcome_text(outcome),
				outcome_text(cases[i].outcome));
	}
}

static void
weighs_several_queries(void **state)
{
	struct dot_exchange right_wrong = { .replies = { RIGHT, WRONG }, .reply_count = 2 };
	struct dot_exchange wrong_right = { .replies = { WRONG, RIGHT }, .reply_count = 2 };
	struct dot_exchange refused_right = { .replies = { { .rcode = 5 }, RIGHT },
		.reply_count = 2 };
	struct dot_exchange right_silent = { .replies = { RIGHT }, .reply_count = 1 };
	struct dot_exchange right_closed = {
		.replies = { RIGHT }, .reply_count = 1, .closes_after_replies = true
	};

	assert_int_equal(run_plainly(&right_wrong), OUTCOME_ANSWER_WRONG);
	assert_int_equal(run_plainly(&wrong_right), OUTCOME_ANSWER_WRONG);
	assert_int_equal(run_plainly(&refused_right), OUTCOME_ANSWER_RIGHT);
	assert_int_equal(run_plainly(&right_silent), OUTCOME_ANSWER_RIGHT);
	assert_int_equal(run_plainly(&right_closed), OUTCOME_ANSWER_RIGHT);
}

static void
tells_what_is_no_dns(void **state)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct dot_exchange silent = { .reply_count = 0 };
	struct dot_exchange closed = { .reply_count = 0, .closes_after_replies = true };
	struct dot_exchange text = { .raw_reply = http, .raw_reply_length = sizeof(http) - 1 };
	struct dot_exchange short_text = { .raw_reply = "OK\n", .raw_reply_length = 3 };
	struct dot_exchange tiny = { .raw_reply = "\0\4abcd", .raw_reply_length = 6 };
	struct dot_exchange part = { .raw_reply = "\0\100abcd", .raw_reply_length = 6 };

	assert_int_equal(run_plainly(&silent), OUTCOME_DNS_SILENT);
	assert_int_equal(run_plainly(&closed), OUTCOME_DNS_CLOSED);
	assert_int_equal(run_plainly(&text), OUTCOME_NOT_DNS);
	assert_int_equal(run_plainly(&short_text), OUTCOME_NOT_DNS);
	assert_int_equal(run_plainly(&tiny), OUTCOME_NOT_DNS);
	assert_int_equal(run_plainly(&part), OUTCOME_DNS_SILENT);
	part.closes_after_replies = true;
	assert_int_equal(run_plainly(&part), OUTCOME_DNS_CLOSED);
}

static void
names_alerts(void **state)
{
	const struct tls_server_settings mutual_13 = { .requires_client_certificate = true };
	const struct tls_server_settings mutual_12 = { .requires_client_certificate = true,
		.maximum_version = TLS1_2_VERSION };
	const struct tls_server_settings no_cipher = { .maximum_version = TLS1_2_VERSION,
		.ciphers = "ECDHE-RSA-AES128-GCM-SHA256" };
	struct dot_exchange exchange = { .replies = { RIGHT, RIGHT }, .reply_count = 2 };
	struct observation seen;
	uint32_t hints;

	assert_int_equal(run(&mutual_13, &exchange, &seen, &hints), OUTCOME_TLS_ALERT);
	assert_string_equal(seen.tls.alert, "certificate_required");
	assert_string_equal(seen.tls.version, "TLSv1.3");
	assert_int_equal(seen.dns_count, 0);
	assert_int_equal(seen.timing.tls_us, OBSERVATION_NONE);
	assert_non_null(seen.certificate);
	assert_int_equal(hints, 0);
	observation_clear(&seen);

	assert_int_equal(run(&mutual_12, &exchange, &seen, NULL), OUTCOME_TLS_ALERT);
	assert_string_equal(seen.tls.alert, "handshake_failure");
	assert_string_equal(seen.tls.version, "TLSv1.2");
	observation_clear(&seen);

	assert_int_equal(run(&no_cipher, &exchange, &seen, NULL), OUTCOME_TLS_ALERT);
	assert_string_equal(seen.tls.alert, "handshake_failure");
	assert_false(seen.tls.has_server_hello);
	assert_null(seen.certificate);
	observation_clear(&seen);
}

static void
goes_without_alpn_where_it_is_refused(void **state)
{
	const struct tls_server_settings settings = { .alpn = TLS_SERVER_REFUSES_ALPN };
	struct dot_exchange exchange = { .replies = { RIGHT, RIGHT }, .reply_count = 2 };
	struct observation seen;
	uint32_t hints;

	assert_int_equal(run(&settings, &exchange, &seen, &hints), OUTCOME_TLS_ALERT);
	assert_string_equal(seen.tls.alert, "no_application_protocol");
	assert_int_equal(hints, DOT_HINT_NO_ALPN);
	observation_clear(&seen);

	exchange.hints = hints;
	assert_int_equal(run(&settings, &exchange, &seen, &hints), OUTCOME_ANSWER_RIGHT);
	assert_string_equal(seen.tls.alpn, "");
	assert_int_equal(hints, 0);
	observation_clear(&seen);
}

static void
ends_when_the_server_falls_silent_anywhere(void **state)
{
	const struct tls_server_settings settings = { .alpn = TLS_SERVER_SELECTS_DOT };
	enum outcome last = OUTCOME_TLS_SILENT;

	for (size_t stop = 1; stop < 1200; stop += 7) {
		struct dot_exchange exchange = {
			.replies = { RIGHT, RIGHT }, .reply_count = 2, .stop_after = stop
		};
		struct observation seen;
		const enum outcome outcome = run(&settings, &exchange, &seen, NULL);
		assert_true(outcome == OUTCOME_TLS_TIMEOUT || outcome == OUTCOME_DNS_SILENT ||
			    outcome == OUTCOME_ANSWER_RIGHT);
		/* The more came, the further it got. */
		assert_true(outcome >= last);
		last = outcome;
		observation_clear(&seen);
	}
	assert_int_equal(last, OUTCOME_ANSWER_RIGHT);
}

static void
answers_new_keys(void **state)
{
	const struct tls_server_settings settings = { .minimum_version = TLS1_3_VERSION };
	struct dot_exchange exchange = {
		.replies = { RIGHT, RIGHT }, .reply_count = 2, .updates_keys = true
	};
	struct observation seen;

	assert_int_equal(run(&settings, &exchange, &seen, NULL), OUTCOME_ANSWER_RIGHT);
	observation_clear(&seen);
}

static int
make_certificate(void **state)
{
	key = certificate_maker_key("ecdsa-256");
	certificate = certificate_maker_make(
		&(struct certificate_request){ .key = key, .subject = "dot.test" });
	return 0;
}

static int
free_certificate(void **state)
{
	X509_free(certificate);
	EVP_PKEY_free(key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_all_of_a_right_resolver),
		cmocka_unit_test(takes_bytes_in_any_pieces),
		cmocka_unit_test(tells_every_outcome_of_a_reply),
		cmocka_unit_test(weighs_several_queries),
		cmocka_unit_test(tells_what_is_no_dns),
		cmocka_unit_test(names_alerts),
		cmocka_unit_test(goes_without_alpn_where_it_is_refused),
		cmocka_unit_test(ends_when_the_server_falls_silent_anywhere),
		cmocka_unit_test(answers_new_keys),
	};

	return cmocka_run_group_tests(tests, make_certificate, free_certificate);
}
