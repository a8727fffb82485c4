/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/ssl.h>
#include <wolfssl/options.h>

#include "dot/tls_client.h"
#include "support/certificate_maker.h"
#include "support/tls_server.h"

#define ROUNDS 40

static struct tls_worker *worker;

struct meeting {
	enum tls_state state;
	struct tls_observation tls;
	struct certificate_observation *chain;
	char error[160];
};

/* A client and a server with a chain of that many certificates of that key meet. */
static void
meet(const char *kind, size_t chain_count, size_t comment_bytes,
	struct tls_server_settings settings, struct meeting *meeting)
{
	EVP_PKEY *key = certificate_maker_key(kind);
	X509 *chain[16];
	uint8_t bytes[65536];
	size_t length;

	for (size_t i = 0; i < chain_count; i++)
		chain[i] = certificate_maker_make(&(struct certificate_request){
			.key = key, .subject = "dot.test", .comment_bytes = comment_bytes });
	settings.key = key;
	settings.chain = chain;
	settings.chain_count = chain_count;
	struct tls_server_context *context = tls_server_context_create(&settings);
	struct tls_server *server = tls_server_create(context);
	struct tls_client *client = tls_client_create(worker, true);
	assert_non_null(client);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		while ((length = tls_client_output(client, bytes, sizeof(bytes))) > 0)
			(void)tls_server_input(server, bytes, length);
		length = tls_server_output(server, bytes, sizeof(bytes));
		(void)tls_client_input(client, bytes, length);
		assert_int_equal(tls_client_read(client, bytes, sizeof(bytes)), 0);
	}
	meeting->state = tls_client_state(client);
	tls_client_describe(client, &meeting->tls);
	meeting->chain = tls_client_take_chain(client);
	snprintf(meeting->error, sizeof(meeting->error), "%s", tls_client_error(client));
	tls_client_finish(client);
	tls_client_destroy(client);
	tls_server_destroy(server);
	tls_server_context_destroy(context);
	for (size_t i = 0; i < chain_count; i++)
		X509_free(chain[i]);
	EVP_PKEY_free(key);
}

static void
clear(struct meeting *meeting)
{
	struct observation holder;

	observation_init(&holder);
	holder.certificate = meeting->chain;
	observation_clear(&holder);
}

static void
speaks_with_every_kind_of_key(void **state)
{
	static const struct {
		const char *kind;
		int version;
		const char *text;
	} cases[] = {
		{ "rsa-1024", TLS1_2_VERSION, "TLSv1.2" },
		{ "rsa-1024", TLS1_3_VERSION, "TLSv1.3" },
		{ "rsa-2048", TLS1_1_VERSION, "TLSv1.1" },
		{ "rsa-2048", TLS1_2_VERSION, "TLSv1.2" },
		{ "rsa-2048", TLS1_3_VERSION, "TLSv1.3" },
		{ "rsa-3072", TLS1_3_VERSION, "TLSv1.3" },
		{ "rsa-4096", TLS1_2_VERSION, "TLSv1.2" },
		{ "rsa-4096", TLS1_3_VERSION, "TLSv1.3" },
		{ "ecdsa-256", TLS1_2_VERSION, "TLSv1.2" },
		{ "ecdsa-256", TLS1_3_VERSION, "TLSv1.3" },
		{ "ecdsa-384", TLS1_2_VERSION, "TLSv1.2" },
		{ "ecdsa-384", TLS1_3_VERSION, "TLSv1.3" },
		{ "ecdsa-521", TLS1_3_VERSION, "TLSv1.3" },
		{ "ed25519", TLS1_2_VERSION, "TLSv1.2" },
		{ "ed25519", TLS1_3_VERSION, "TLSv1.3" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct meeting meeting;
		meet(cases[i].kind, 1, 0,
			(struct tls_server_settings){ .minimum_version = cases[i].version,
				.maximum_version = cases[i].version },
			&meeting);
		if (meeting.state != TLS_ESTABLISHED)
			fail_msg("%s %s: %s", cases[i].kind, cases[i].text, meeting.error);
		assert_string_equal(meeting.tls.version, cases[i].text);
		assert_string_equal(meeting.tls.group, "x25519");
		assert_non_null(meeting.chain);
		assert_int_equal(meeting.chain->chain_count, 1);
		clear(&meeting);
	}
}

/* Which of the two happens is the library's choice when it was built; what is said must fit. */
static void
knows_whether_it_speaks_tls_1_0(void **state)
{
	struct meeting meeting;

	meet("rsa-2048", 1, 0, (struct tls_server_settings){ .maximum_version = TLS1_VERSION },
		&meeting);
#ifdef WOLFSSL_ALLOW_TLSV10
	assert_int_equal(meeting.state, TLS_ESTABLISHED);
	assert_string_equal(meeting.tls.version, "TLSv1.0");
#else
	assert_int_equal(meeting.state, TLS_ALERTED);
	assert_string_equal(meeting.tls.alert, "protocol_version");
#endif
	clear(&meeting);
}

static void
takes_the_group_the_server_has(void **state)
{
	static const char *const groups[][2] = { { "P-256", "secp256r1" }, { "P-384", "secp384r1" },
		{ "P-521", "secp521r1" }, { "X25519", "x25519" } };
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	for (size_t i = 0; i < 8; i++) {
		struct meeting meeting;
		meet("rsa-2048", 1, 0,
			(struct tls_server_settings){ .groups = groups[i / 2][0],
				.minimum_version = versions[i % 2],
				.maximum_version = versions[i % 2] },
			&meeting);
		assert_int_equal(meeting.state, TLS_ESTABLISHED);
		assert_string_equal(meeting.tls.group, groups[i / 2][1]);
		clear(&meeting);
	}
}

static void
names_suites_as_iana_does(void **state)
{
	static const char *const suites[][2] = {
		{ "ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
		{ "ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
		{ "ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
		{ "ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
		{ "DHE-RSA-AES128-GCM-SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
		{ "DHE-RSA-AES256-SHA", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" },
	};

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		struct meeting meeting;
		meet("rsa-2048", 1, 0,
			(struct tls_server_settings){
				.ciphers = suites[i][0], .maximum_version = TLS1_2_VERSION },
			&meeting);
		assert_int_equal(meeting.state, TLS_ESTABLISHED);
		assert_string_equal(meeting.tls.cipher, suites[i][1]);
		clear(&meeting);
	}
}

/* Without a certificate there would be nothing to learn. */
static void
accepts_no_anonymous_server(void **state)
{
	struct meeting meeting;

	meet("rsa-2048", 1, 0,
		(struct tls_server_settings){
			.ciphers = "aNULL:eNULL:@SECLEVEL=0", .maximum_version = TLS1_2_VERSION },
		&meeting);
	assert_int_equal(meeting.state, TLS_ALERTED);
	assert_string_equal(meeting.tls.alert, "handshake_failure");
	assert_null(meeting.chain);
}

static void
keeps_chains_of_16_kilobytes(void **state)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	for (size_t i = 0; i < 2; i++) {
		const struct tls_server_settings settings = { .minimum_version = versions[i],
			.maximum_version = versions[i] };
		struct meeting meeting;
		meet("ecdsa-256", 1, 16000, settings, &meeting);
		assert_int_equal(meeting.state, TLS_ESTABLISHED);
		assert_true(meeting.chain->chain[0].length > 16000);
		clear(&meeting);
		meet("ecdsa-256", 6, 2400, settings, &meeting);
		assert_int_equal(meeting.state, TLS_ESTABLISHED);
		assert_int_equal(meeting.chain->chain_count, 6);
		clear(&meeting);
	}
}

static void
ends_on_chains_without_measure(void **state)
{
	struct meeting meeting;

	meet("ecdsa-256", 3, 40000,
		(struct tls_server_settings){ .maximum_version = TLS1_2_VERSION }, &meeting);
	assert_int_equal(meeting.state, TLS_FAILED);
	assert_string_not_equal(meeting.error, "");
	clear(&meeting);
}

static int
create_worker(void **state)
{
	struct fault fault = { .text = "" };

	worker = tls_worker_create(&fault);
	return worker == NULL;
}

static int
destroy_worker(void **state)
{
	tls_worker_destroy(worker);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speaks_with_every_kind_of_key),
		cmocka_unit_test(knows_whether_it_speaks_tls_1_0),
		cmocka_unit_test(takes_the_group_the_server_has),
		cmocka_unit_test(names_suites_as_iana_does),
		cmocka_unit_test(accepts_no_anonymous_server),
		cmocka_unit_test(keeps_chains_of_16_kilobytes),
		cmocka_unit_test(ends_on_chains_without_measure),
	};

	return cmocka_run_group_tests(tests, create_worker, destroy_worker);
}
