/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "dot/ca_store.h"
#include "dot/certificate_facts.h"
#include "dot/chain_cache.h"
#include "support/certificate_maker.h"

/*
 * OpenSSL is the reference: each chain is judged by X509_verify_cert (purpose sslserver, level 2) and by us, against the same store.
 */

#define DAY_S      (24 * 3600L)
#define LINKS      4
#define FLAG(name) CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_##name)

enum who {
	NOBODY,
	ROOT,
	OTHER_ROOT,
	OLD_ROOT,
	INTERMEDIATE,
	SHORT_INTERMEDIATE,
	OLD_INTERMEDIATE,
	NO_CA,
	NO_SIGN,
	WEAK_INTERMEDIATE,
	CLIENT_INTERMEDIATE,
	STRANGER_INTERMEDIATE,
	SUB_INTERMEDIATE,
	MIMIC_ROOT,
	RSA_ROOT,
	ED_ROOT,
	WHO_COUNT
};

static EVP_PKEY *keys[WHO_COUNT];
static X509 *authorities[WHO_COUNT];
static EVP_PKEY *leaf_key;
static EVP_PKEY *weak_key;
static struct ca_store *store;
static X509_STORE *reference;

struct chain_case {
	const char *what;
	struct certificate_request leaf;
	enum who issuer;           /* NOBODY: the leaf signs itself */
	enum who presented[LINKS]; /* after the leaf */
	enum certificate_status status;
	uint32_t flags;
};

static const struct chain_case cases[] = {
	{ "good", { .subject = "a" }, INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, root presented too", { .subject = "a" }, INTERMEDIATE, { INTERMEDIATE, ROOT },
		CERTIFICATE_STATUS_OK, 0 },
	{ "good, under the root", { .subject = "a" }, ROOT, { NOBODY }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, order turned round", { .subject = "a" }, SUB_INTERMEDIATE,
		{ ROOT, INTERMEDIATE, SUB_INTERMEDIATE }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, RSA root", { .subject = "a" }, RSA_ROOT, { NOBODY }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, PSS", { .subject = "a", .has_pss_signature = true }, RSA_ROOT, { NOBODY },
		CERTIFICATE_STATUS_OK, 0 },
	{ "good, SHA-384", { .subject = "a", .digest = "SHA384" }, RSA_ROOT, { NOBODY },
		CERTIFICATE_STATUS_OK, 0 },
	{ "good, Ed25519 root", { .subject = "a" }, ED_ROOT, { NOBODY }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, with purposes",
		{ .subject = "a",
			.extended_key_usage = "serverAuth,clientAuth",
			.key_usage = "critical,digitalSignature" },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_OK, 0 },
	{ "good, unrelated certificate between", { .subject = "a" }, INTERMEDIATE,
		{ OTHER_ROOT, INTERMEDIATE }, CERTIFICATE_STATUS_OK, 0 },
	{ "expired", { .subject = "a", .not_before_s = -9 * DAY_S, .not_after_s = -DAY_S },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_EXPIRED, FLAG(EXPIRED) },
	{ "not yet valid", { .subject = "a", .not_before_s = DAY_S }, INTERMEDIATE,
		{ INTERMEDIATE }, CERTIFICATE_STATUS_OTHER, FLAG(NOT_YET_VALID) },
	{ "intermediate expired", { .subject = "a" }, OLD_INTERMEDIATE, { OLD_INTERMEDIATE },
		CERTIFICATE_STATUS_EXPIRED, FLAG(EXPIRED) },
	{ "root expired", { .subject = "a" }, OLD_ROOT, { NOBODY }, CERTIFICATE_STATUS_EXPIRED,
		FLAG(EXPIRED) },
	{ "self-signed", { .subject = "a" }, NOBODY, { NOBODY }, CERTIFICATE_STATUS_SELF_SIGNED,
		FLAG(SELF_SIGNED) },
	{ "self-signed and expired",
		{ .subject = "a", .not_before_s = -9 * DAY_S, .not_after_s = -DAY_S }, NOBODY,
		{ NOBODY }, CERTIFICATE_STATUS_SELF_SIGNED, FLAG(SELF_SIGNED) | FLAG(EXPIRED) },
	{ "self-signed, for clients", { .subject = "a", .extended_key_usage = "clientAuth" },
		NOBODY, { NOBODY }, CERTIFICATE_STATUS_SELF_SIGNED,
		FLAG(SELF_SIGNED) | FLAG(PURPOSE) },
	{ "self-signed, forged", { .subject = "a", .has_bad_signature = true }, NOBODY, { NOBODY },
		CERTIFICATE_STATUS_SELF_SIGNED, FLAG(SELF_SIGNED) | FLAG(BAD_SIGNATURE) },
	{ "self-signed, version 1", { .subject = "a", .is_version_1 = true }, NOBODY, { NOBODY },
		CERTIFICATE_STATUS_SELF_SIGNED, FLAG(SELF_SIGNED) },
	{ "self-signed, without a name", { .subject = NULL }, NOBODY, { NOBODY },
		CERTIFICATE_STATUS_SELF_SIGNED, FLAG(SELF_SIGNED) },
	{ "self-signed in chain", { .subject = "a" }, OTHER_ROOT, { OTHER_ROOT },
		CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN,
		FLAG(SELF_SIGNED_IN_CHAIN) | FLAG(UNTRUSTED_ROOT) },
	{ "self-signed in chain, expired",
		{ .subject = "a", .not_before_s = -9 * DAY_S, .not_after_s = -DAY_S }, OTHER_ROOT,
		{ OTHER_ROOT }, CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN,
		FLAG(SELF_SIGNED_IN_CHAIN) | FLAG(UNTRUSTED_ROOT) | FLAG(EXPIRED) },
	{ "root that only looks like ours", { .subject = "a" }, MIMIC_ROOT, { MIMIC_ROOT },
		CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN,
		FLAG(SELF_SIGNED_IN_CHAIN) | FLAG(UNTRUSTED_ROOT) },
	{ "intermediate absent", { .subject = "a" }, INTERMEDIATE, { NOBODY },
		CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST, FLAG(INCOMPLETE_CHAIN) },
	{ "private root absent", { .subject = "a" }, OTHER_ROOT, { NOBODY },
		CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST, FLAG(INCOMPLETE_CHAIN) },
	{ "private root absent behind an intermediate", { .subject = "a" }, STRANGER_INTERMEDIATE,
		{ STRANGER_INTERMEDIATE }, CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST,
		FLAG(INCOMPLETE_CHAIN) },
	{ "incomplete and expired",
		{ .subject = "a", .not_before_s = -9 * DAY_S, .not_after_s = -DAY_S }, INTERMEDIATE,
		{ NOBODY }, CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST,
		FLAG(INCOMPLETE_CHAIN) | FLAG(EXPIRED) },
	{ "for clients only", { .subject = "a", .extended_key_usage = "clientAuth" }, INTERMEDIATE,
		{ INTERMEDIATE }, CERTIFICATE_STATUS_PURPOSE, FLAG(PURPOSE) },
	{ "for clients only, and expired",
		{ .subject = "a",
			.extended_key_usage = "clientAuth",
			.not_before_s = -9 * DAY_S,
			.not_after_s = -DAY_S },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_PURPOSE,
		FLAG(PURPOSE) | FLAG(EXPIRED) },
	{ "any purpose is not ours",
		{ .subject = "a", .extended_key_usage = "anyExtendedKeyUsage" }, INTERMEDIATE,
		{ INTERMEDIATE }, CERTIFICATE_STATUS_PURPOSE, FLAG(PURPOSE) },
	{ "key may only sign certificates", { .subject = "a", .key_usage = "critical,keyCertSign" },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_PURPOSE, FLAG(PURPOSE) },
	{ "intermediate for clients only", { .subject = "a" }, CLIENT_INTERMEDIATE,
		{ CLIENT_INTERMEDIATE }, CERTIFICATE_STATUS_PURPOSE, FLAG(PURPOSE) },
	{ "issuer is no CA", { .subject = "a" }, NO_CA, { NO_CA }, CERTIFICATE_STATUS_OTHER,
		FLAG(NOT_A_CA) },
	{ "issuer may not sign", { .subject = "a" }, NO_SIGN, { NO_SIGN }, CERTIFICATE_STATUS_OTHER,
		FLAG(NOT_A_CA) },
	{ "path too long", { .subject = "a" }, SUB_INTERMEDIATE,
		{ SUB_INTERMEDIATE, SHORT_INTERMEDIATE }, CERTIFICATE_STATUS_OTHER,
		FLAG(NOT_A_CA) },
	{ "forged", { .subject = "a", .has_bad_signature = true }, INTERMEDIATE, { INTERMEDIATE },
		CERTIFICATE_STATUS_OTHER, FLAG(BAD_SIGNATURE) },
	{ "forged and expired",
		{ .subject = "a",
			.has_bad_signature = true,
			.not_before_s = -9 * DAY_S,
			.not_after_s = -DAY_S },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_OTHER,
		FLAG(BAD_SIGNATURE) | FLAG(EXPIRED) },
	{ "forged by RSA", { .subject = "a", .has_bad_signature = true }, RSA_ROOT, { NOBODY },
		CERTIFICATE_STATUS_OTHER, FLAG(BAD_SIGNATURE) },
	{ "forged by PSS", { .subject = "a", .has_bad_signature = true, .has_pss_signature = true },
		RSA_ROOT, { NOBODY }, CERTIFICATE_STATUS_OTHER, FLAG(BAD_SIGNATURE) },
	{ "forged by Ed25519", { .subject = "a", .has_bad_signature = true }, ED_ROOT, { NOBODY },
		CERTIFICATE_STATUS_OTHER, FLAG(BAD_SIGNATURE) },
	{ "weak intermediate", { .subject = "a" }, WEAK_INTERMEDIATE, { WEAK_INTERMEDIATE },
		CERTIFICATE_STATUS_OTHER, FLAG(WEAK_KEY) },
	{ "SHA-1", { .subject = "a", .digest = "SHA1" }, RSA_ROOT, { NOBODY },
		CERTIFICATE_STATUS_OTHER, FLAG(WEAK_SIGNATURE) },
	{ "MD5 and expired",
		{ .subject = "a",
			.digest = "MD5",
			.not_before_s = -9 * DAY_S,
			.not_after_s = -DAY_S },
		RSA_ROOT, { NOBODY }, CERTIFICATE_STATUS_OTHER,
		FLAG(WEAK_SIGNATURE) | FLAG(EXPIRED) },
	{ "unknown critical extension", { .subject = "a", .critical_extension = "1.2.3.4" },
		INTERMEDIATE, { INTERMEDIATE }, CERTIFICATE_STATUS_OTHER, FLAG(UNPARSED) },
	{ "weak leaf", { .subject = "a", .comment_bytes = 1 }, INTERMEDIATE, { INTERMEDIATE },
		CERTIFICATE_STATUS_OTHER, FLAG(WEAK_KEY) },
};

static void
make_authority(enum who who, const char *name, const char *kind, enum who issuer,
	struct certificate_request request)
{
	keys[who] = who == MIMIC_ROOT ? certificate_maker_key("ecdsa-256")
				      : certificate_maker_key(kind);
	request.key = keys[who];
	request.subject = name;
	if (issuer != NOBODY) {
		request.issuer = authorities[issuer];
		request.issuer_key = keys[issuer];
	}
	authorities[who] = certificate_maker_make(&request);
}

static void
trust(enum who who)
{
	assert_int_equal(X509_STORE_add_cert(reference, authorities[who]), 1);
}

static int
make_authorities(void **state)
{
	const struct certificate_request ca = { .is_ca = true,
		.key_usage = "critical,keyCertSign,cRLSign" };
	struct certificate_request odd;
	struct fault fault = { .text = "" };
	char path[] = "/tmp/dotscan-ca-XXXXXX";

	leaf_key = certificate_maker_key("ecdsa-256");
	weak_key = certificate_maker_key("rsa-1024");
	make_authority(ROOT, "Root", "ecdsa-384", NOBODY, ca);
	make_authority(OTHER_ROOT, "Other root", "ecdsa-256", NOBODY, ca);
	make_authority(MIMIC_ROOT, "Root", "ecdsa-256", NOBODY,
		(struct certificate_request){ .is_ca = true });
	make_authority(RSA_ROOT, "RSA root", "rsa-2048", NOBODY, ca);
	make_authority(ED_ROOT, "Ed25519 root", "ed25519", NOBODY, ca);
	odd = ca;
	odd.not_before_s = -9 * DAY_S;
	odd.not_after_s = -DAY_S;
	make_authority(OLD_ROOT, "Old root", "ecdsa-256", NOBODY, odd);
	make_authority(OLD_INTERMEDIATE, "Old intermediate", "ecdsa-256", ROOT, odd);
	make_authority(INTERMEDIATE, "Intermediate", "ecdsa-256", ROOT, ca);
	make_authority(SUB_INTERMEDIATE, "Sub", "ecdsa-256", INTERMEDIATE, ca);
	make_authority(STRANGER_INTERMEDIATE, "Stranger", "ecdsa-256", OTHER_ROOT, ca);
	make_authority(WEAK_INTERMEDIATE, "Weak", "rsa-1024", ROOT, ca);
	make_authority(NO_CA, "No CA", "ecdsa-256", ROOT,
		(struct certificate_request){ .path_length = 0 });
	odd = ca;
	odd.key_usage = "critical,digitalSignature";
	make_authority(NO_SIGN, "No sign", "ecdsa-256", ROOT, odd);
	odd = ca;
	odd.extended_key_usage = "clientAuth";
	make_authority(CLIENT_INTERMEDIATE, "Clients", "ecdsa-256", ROOT, odd);
	/* The same key and name as INTERMEDIATE, but nothing may stand between it and a leaf. */
	odd = ca;
	odd.path_length = 1;
	keys[SHORT_INTERMEDIATE] = keys[INTERMEDIATE];
	EVP_PKEY_up_ref(keys[INTERMEDIATE]);
	odd.key = keys[INTERMEDIATE];
	odd.subject = "Intermediate";
	odd.issuer = authorities[ROOT];
	odd.issuer_key = keys[ROOT];
	authorities[SHORT_INTERMEDIATE] = certificate_maker_make(&odd);

	X509 *trusted[] = { authorities[ROOT], authorities[RSA_ROOT], authorities[ED_ROOT],
		authorities[OLD_ROOT] };
	reference = X509_STORE_new();
	trust(ROOT);
	trust(RSA_ROOT);
	trust(ED_ROOT);
	trust(OLD_ROOT);
	close(mkstemp(path));
	certificate_maker_write_pem(path, trusted, 4);
	store = ca_store_load(path, &fault);
	unlink(path);
	assert_non_null(store);
	assert_int_equal(ca_store_count(store), 4);
	return 0;
}

static int
free_authorities(void **state)
{
	for (int who = 0; who < WHO_COUNT; who++) {
		X509_free(authorities[who]);
		EVP_PKEY_free(keys[who]);
	}
	EVP_PKEY_free(leaf_key);
	EVP_PKEY_free(weak_key);
	X509_STORE_free(reference);
	ca_store_destroy(store);
	return 0;
}

static X509 *
make_leaf(const struct chain_case *chain)
{
	struct certificate_request request = chain->leaf;

	request.key = request.comment_bytes > 0 ? weak_key : leaf_key;
	if (chain->issuer != NOBODY) {
		request.issuer = authorities[chain->issuer];
		request.issuer_key = keys[chain->issuer];
	}
	return certificate_maker_make(&request);
}

static enum certificate_status
status_of_error(int error)
{
	switch (error) {
	case X509_V_OK:
		return CERTIFICATE_STATUS_OK;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return CERTIFICATE_STATUS_EXPIRED;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return CERTIFICATE_STATUS_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST;
	case X509_V_ERR_INVALID_PURPOSE:
		return CERTIFICATE_STATUS_PURPOSE;
	default:
		return CERTIFICATE_STATUS_OTHER;
	}
}

/* What OpenSSL says first. */
static enum certificate_status
judge_by_reference(X509 *leaf, STACK_OF(X509) * others)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *parameters;

	assert_int_equal(X509_STORE_CTX_init(context, reference, leaf, others), 1);
	parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_auth_level(parameters, 2);
	assert_int_equal(X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER), 1);
	(void)X509_verify_cert(context);
	const int error = X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	return status_of_error(error);
}

static void
add(struct certificate_observation *chain, X509 *certificate)
{
	size_t length;
	uint8_t *der = certificate_maker_der(certificate, &length);

	assert_int_equal(certificate_facts_add(chain, der, length), 0);
	free(der);
}

static void
free_chain(struct certificate_observation *chain)
{
	for (size_t i = 0; i < chain->chain_count; i++)
		free(chain->chain[i].bytes);
}

static void
judges_as_openssl_does(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct chain_case *wanted = &cases[i];
		struct certificate_observation chain = { .chain_count = 0 };
		struct chain_verdict verdict;
		STACK_OF(X509) *others = sk_X509_new_null();
		X509 *leaf = make_leaf(wanted);

		add(&chain, leaf);
		for (size_t k = 0; k < LINKS && wanted->presented[k] != NOBODY; k++) {
			add(&chain, authorities[wanted->presented[k]]);
			sk_X509_push(others, authorities[wanted->presented[k]]);
		}
		chain_status_judge(store, chain.chain, chain.chain_count, time(NULL), &verdict);
		const enum certificate_status expected = judge_by_reference(leaf, others);
		if (verdict.status != wanted->status || verdict.flags != wanted->flags ||
			expected != wanted->status)
			fail_msg("%s: %s with flags %x, wanted %s with %x, OpenSSL says %s",
				wanted->what, certificate_status_text(verdict.status),
				verdict.flags, certificate_status_text(wanted->status),
				wanted->flags, certificate_status_text(expected));
		sk_X509_free(others);
		X509_free(leaf);
		free_chain(&chain);
	}
}

static void
trusts_a_leaf_that_is_in_the_store(void **state)
{
	const struct chain_case self_signed = { .leaf = { .subject = "a" } };
	X509 *leaf = make_leaf(&self_signed);
	struct certificate_observation chain = { .chain_count = 0 };
	struct fault fault = { .text = "" };
	struct chain_verdict verdict;
	char path[] = "/tmp/dotscan-ca-XXXXXX";

	close(mkstemp(path));
	certificate_maker_write_pem(path, &leaf, 1);
	struct ca_store *own = ca_store_load(path, &fault);
	unlink(path);
	add(&chain, leaf);
	chain_status_judge(own, chain.chain, 1, time(NULL), &verdict);
	assert_int_equal(verdict.status, CERTIFICATE_STATUS_OK);
	assert_int_equal(verdict.flags, FLAG(SELF_SIGNED));
	ca_store_destroy(own);
	free_chain(&chain);
	X509_free(leaf);
}

static void
remembers_a_verdict_only_as_long_as_it_holds(void **state)
{
	const struct chain_case good = { .leaf = { .subject = "a" }, .issuer = INTERMEDIATE };
	X509 *leaf = make_leaf(&good);
	struct certificate_observation chain = { .chain_count = 0 };
	struct chain_verdict verdict;
	struct chain_cache *cache = chain_cache_create(store);
	const int64_t now_s = time(NULL);

	add(&chain, leaf);
	add(&chain, authorities[INTERMEDIATE]);
	for (unsigned int i = 0; i < 2; i++) {
		chain_cache_judge(cache, chain.chain, 2, now_s, &verdict);
		assert_int_equal(verdict.status, CERTIFICATE_STATUS_OK);
		chain_cache_judge(cache, chain.chain, 2, now_s + 366 * DAY_S, &verdict);
		assert_int_equal(verdict.status, CERTIFICATE_STATUS_EXPIRED);
		chain_cache_judge(cache, chain.chain, 2, now_s - DAY_S, &verdict);
		assert_int_equal(verdict.status, CERTIFICATE_STATUS_OTHER);
	}
	/* Without its intermediate it is another chain. */
	chain_cache_judge(cache, chain.chain, 1, now_s, &verdict);
	assert_int_equal(verdict.status, CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST);
	chain_cache_destroy(cache);
	free_chain(&chain);
	X509_free(leaf);
}

static void
says_what_is_wrong_with_a_store(void **state)
{
	struct fault fault = { .text = "" };

	assert_null(ca_store_load("/nowhere/ca.crt", &fault));
	assert_string_equal(
		fault.text, "/nowhere/ca.crt: cannot be read: No such file or directory");
	fault.text[0] = '\0';
	assert_null(ca_store_load("meson.build", &fault));
	assert_non_null(strstr(fault.text, "meson.build: no certificate in PEM form"));
}

static void
takes_garbage_for_unparsed(void **state)
{
	struct certificate_observation chain = { .chain_count = 0 };
	struct chain_verdict verdict;

	assert_int_equal(certificate_facts_add(&chain, (const uint8_t *)"0\3abc", 5), 0);
	chain_status_judge(store, chain.chain, 1, time(NULL), &verdict);
	assert_int_equal(verdict.status, CERTIFICATE_STATUS_OTHER);
	assert_int_equal(verdict.flags, FLAG(UNPARSED));
	free_chain(&chain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_as_openssl_does),
		cmocka_unit_test(trusts_a_leaf_that_is_in_the_store),
		cmocka_unit_test(remembers_a_verdict_only_as_long_as_it_holds),
		cmocka_unit_test(says_what_is_wrong_with_a_store),
		cmocka_unit_test(takes_garbage_for_unparsed),
	};

	return cmocka_run_group_tests(tests, make_authorities, free_authorities);
}
