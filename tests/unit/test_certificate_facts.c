/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "dot/certificate_facts.h"
#include "support/certificate_maker.h"

#define ADDRESS 0xc6120001 /* 198.18.0.1 */

static EVP_PKEY *key;

static void
take_der(struct observation *seen, const uint8_t *der, size_t length)
{
	observation_init(seen);
	seen->certificate = calloc(1, sizeof(*seen->certificate));
	assert_int_equal(certificate_facts_add(seen->certificate, der, length), 0);
	assert_int_equal(certificate_facts_take(seen->certificate, ADDRESS), 0);
}

/* Makes the certificate that is asked for, with the common key unless it names one. */
static void
take(struct observation *seen, struct certificate_request request, X509 **certificate_out)
{
	size_t length;

	if (request.key == NULL)
		request.key = key;
	X509 *certificate = certificate_maker_make(&request);
	uint8_t *der = certificate_maker_der(certificate, &length);
	take_der(seen, der, length);
	free(der);
	if (certificate_out != NULL)
		*certificate_out = certificate;
	else
		X509_free(certificate);
}

static void
assert_text(const struct peer_text *text, const char *bytes, size_t length)
{
	assert_non_null(text->bytes);
	assert_int_equal(text->length, length);
	assert_memory_equal(text->bytes, bytes, length);
}

static void
tells_what_a_certificate_says(void **state)
{
	struct observation seen;
	X509 *certificate;
	uint8_t digest[32];
	uint8_t *spki = NULL;

	take(&seen,
		(struct certificate_request){ .subject = "dot.test",
			.names =
				"DNS:dot.test,DNS:*.dot.test,IP:198.18.0.1,IP:2001:db8::1,email:a@dot.test" },
		&certificate);
	const struct certificate_observation *facts = seen.certificate;
	assert_text(&facts->subject, "CN=dot.test", 11);
	assert_text(&facts->issuer, "CN=dot.test", 11);
	assert_text(&facts->common_name, "dot.test", 8);
	assert_int_equal(facts->name_count, 4);
	assert_text(&facts->names[0], "dot.test", 8);
	assert_text(&facts->names[1], "*.dot.test", 10);
	assert_text(&facts->names[2], "198.18.0.1", 10);
	assert_text(&facts->names[3], "2001:db8::1", 11);
	assert_true(facts->has_address_in_names);
	assert_int_equal(facts->flags, 0);
	assert_string_equal(facts->key, "ecdsa-256");
	assert_string_equal(facts->signature, "ecdsa-sha256");
	assert_true(facts->has_validity);
	assert_in_range(facts->not_before, time(NULL) - 60, time(NULL));
	assert_int_equal(facts->not_after - facts->not_before, 365 * 24 * 3600);

	SHA256(facts->chain[0].bytes, facts->chain[0].length, digest);
	assert_memory_equal(facts->chain[0].sha256, digest, 32);
	const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &spki);
	SHA256(spki, (size_t)length, digest);
	assert_memory_equal(facts->spki_sha256, digest, 32);
	OPENSSL_free(spki);
	X509_free(certificate);
	observation_clear(&seen);
}

static void
names_keys_and_signatures(void **state)
{
	static const struct {
		const char *key;
		const char *digest;
		bool has_pss_signature;
		const char *signature;
	} cases[] = {
		{ "rsa-1024", "SHA1", false, "rsa-sha1" },
		{ "rsa-2048", "MD5", false, "rsa-md5" },
		{ "rsa-2048", "SHA512", false, "rsa-sha512" },
		{ "rsa-2048", "SHA256", true, "rsa-pss-sha256" },
		{ "rsa-3072", "SHA384", true, "rsa-pss-sha384" },
		{ "ecdsa-384", "SHA384", false, "ecdsa-sha384" },
		{ "ecdsa-521", "SHA1", false, "ecdsa-sha1" },
		{ "ed25519", NULL, false, "ed25519" },
		{ "ed448", NULL, false, "ed448" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct observation seen;
		EVP_PKEY *own = certificate_maker_key(cases[i].key);
		take(&seen,
			(struct certificate_request){ .key = own,
				.subject = "a",
				.digest = cases[i].digest,
				.has_pss_signature = cases[i].has_pss_signature },
			NULL);
		assert_string_equal(seen.certificate->key, cases[i].key);
		assert_string_equal(seen.certificate->signature, cases[i].signature);
		EVP_PKEY_free(own);
		observation_clear(&seen);
	}
}

static void
leaves_absent_what_is_not_there(void **state)
{
	struct observation seen;

	take(&seen, (struct certificate_request){ .subject = NULL }, NULL);
	assert_null(seen.certificate->common_name.bytes);
	assert_text(&seen.certificate->subject, "", 0);
	assert_int_equal(seen.certificate->name_count, 0);
	assert_false(seen.certificate->has_address_in_names);
	assert_int_equal(
		seen.certificate->flags, CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_NAME_UNCHECKED));
	observation_clear(&seen);

	take(&seen, (struct certificate_request){ .subject = "v1", .is_version_1 = true }, NULL);
	assert_text(&seen.certificate->common_name, "v1", 2);
	observation_clear(&seen);
}

static void
keeps_odd_bytes_as_they_are(void **state)
{
	const uint8_t raw[] = { 'a', 0, 'b', 0xff, '\n', ',' };
	struct observation seen;

	take(&seen,
		(struct certificate_request){
			.raw_common_name = raw, .raw_common_name_length = sizeof(raw) },
		NULL);
	assert_text(&seen.certificate->common_name, (const char *)raw, sizeof(raw));
	assert_text(&seen.certificate->subject, "CN=a\0b\xff\n\\,", 10);
	observation_clear(&seen);
}

static void
bounds_what_it_keeps(void **state)
{
	struct observation seen;
	char names[8192] = "";

	for (unsigned int i = 0; i < OBSERVATION_NAMES + 50; i++)
		sprintf(names + strlen(names), "%sDNS:n%u.example", i > 0 ? "," : "", i);
	take(&seen, (struct certificate_request){ .subject = "a", .names = names }, NULL);
	assert_int_equal(seen.certificate->name_count, OBSERVATION_NAMES);
	for (unsigned int i = 1; i < OBSERVATION_CHAIN; i++)
		assert_int_equal(
			certificate_facts_add(seen.certificate, (const uint8_t *)"x", 1), 0);
	assert_int_equal(
		seen.certificate->flags & CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_CHAIN_TOO_LONG), 0);
	assert_int_equal(certificate_facts_add(seen.certificate, (const uint8_t *)"x", 1), 0);
	assert_int_equal(seen.certificate->chain_count, OBSERVATION_CHAIN);
	assert_true(
		seen.certificate->flags & CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_CHAIN_TOO_LONG));
	observation_clear(&seen);
}

/* Every prefix, and every single octet changed: never a fault, and hashes always. */
static void
survives_damage(void **state)
{
	X509 *certificate = certificate_maker_make(&(struct certificate_request){
		.key = key, .subject = "a", .names = "DNS:a.example,IP:198.18.0.1" });
	size_t length;
	uint8_t *der = certificate_maker_der(certificate, &length);
	const uint8_t none[32] = { 0 };
	struct observation seen;

	for (size_t cut = 0; cut < length; cut++) {
		take_der(&seen, der, cut);
		assert_true(
			seen.certificate->flags & CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_UNPARSED));
		assert_int_equal(seen.certificate->status, CERTIFICATE_STATUS_OTHER);
		assert_memory_not_equal(seen.certificate->chain[0].sha256, none, 32);
		observation_clear(&seen);
	}
	for (size_t at = 0; at < length; at++) {
		der[at] ^= 0xff;
		take_der(&seen, der, length);
		observation_clear(&seen);
		der[at] ^= 0xff;
	}
	free(der);
	X509_free(certificate);
}

static int
make_key(void **state)
{
	key = certificate_maker_key("ecdsa-256");
	return 0;
}

static int
free_key(void **state)
{
	EVP_PKEY_free(key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_a_certificate_says),
		cmocka_unit_test(names_keys_and_signatures),
		cmocka_unit_test(leaves_absent_what_is_not_there),
		cmocka_unit_test(keeps_odd_bytes_as_they_are),
		cmocka_unit_test(bounds_what_it_keeps),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, make_key, free_key);
}
