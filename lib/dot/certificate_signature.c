/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/signature.h>

#include "base/text.h"
#include "dot/certificate_key.h"
#include "dot/certificate_signature.h"
#include "dot/der_reader.h"
#include "dot/object_identifier.h"

#define SIGNATURE_TEXT       32
#define RSA_MODULUS_OCTETS   1024 /* 8192 bits; the library itself stops at its own RSA_MAX_SIZE */
#define RSA_EXPONENT_OCTETS  8    /* a longer one costs as much as a private key does */
#define PSS_DEFAULT_SALT     20
#define DIGEST_INFO_OVERHEAD 32
#define COUNT(table)         (sizeof(table) / sizeof((table)[0]))

static const struct {
	struct object_identifier identifier;
	const char *name;
	enum wc_HashType hash;
	enum key_kind kind;
} signature_algorithms[] = {
	{ { 9, { PKCS1_ARC, 11 } }, "rsa-sha256", WC_HASH_TYPE_SHA256, KEY_RSA },
	{ { 8, { ECDSA_SHA2_ARC, 2 } }, "ecdsa-sha256", WC_HASH_TYPE_SHA256, KEY_ECDSA },
	{ { 8, { ECDSA_SHA2_ARC, 3 } }, "ecdsa-sha384", WC_HASH_TYPE_SHA384, KEY_ECDSA },
	{ { 9, { PKCS1_ARC, 12 } }, "rsa-sha384", WC_HASH_TYPE_SHA384, KEY_RSA },
	{ { 9, { PKCS1_ARC, 13 } }, "rsa-sha512", WC_HASH_TYPE_SHA512, KEY_RSA },
	{ { 8, { ECDSA_SHA2_ARC, 4 } }, "ecdsa-sha512", WC_HASH_TYPE_SHA512, KEY_ECDSA },
	{ { 3, { 0x2b, 0x65, 0x70 } }, "ed25519", WC_HASH_TYPE_NONE, KEY_ED25519 },
	{ { 3, { 0x2b, 0x65, 0x71 } }, "ed448", WC_HASH_TYPE_NONE, KEY_ED448 },
	{ { 9, { PKCS1_ARC, 10 } }, "rsa-pss", WC_HASH_TYPE_NONE, KEY_RSA_PSS },
	{ { 9, { PKCS1_ARC, 5 } }, "rsa-sha1", WC_HASH_TYPE_SHA, KEY_RSA },
	{ { 9, { PKCS1_ARC, 14 } }, "rsa-sha224", WC_HASH_TYPE_SHA224, KEY_RSA },
	{ { 9, { PKCS1_ARC, 4 } }, "rsa-md5", WC_HASH_TYPE_MD5, KEY_RSA },
	{ { 9, { PKCS1_ARC, 2 } }, "rsa-md2", WC_HASH_TYPE_NONE, KEY_RSA },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01 } }, "ecdsa-sha1", WC_HASH_TYPE_SHA,
		KEY_ECDSA },
	{ { 8, { ECDSA_SHA2_ARC, 1 } }, "ecdsa-sha224", WC_HASH_TYPE_SHA224, KEY_ECDSA },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03 } }, "dsa-sha1", WC_HASH_TYPE_SHA,
		KEY_DSA },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02 } }, "dsa-sha256",
		WC_HASH_TYPE_SHA256, KEY_DSA },
};

static const struct {
	struct object_identifier identifier;
	const char *name;
	enum wc_HashType hash;
	int mask; /* MGF1 with the same hash */
} hashes[] = {
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 } }, "sha256",
		WC_HASH_TYPE_SHA256, WC_MGF1SHA256 },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 } }, "sha384",
		WC_HASH_TYPE_SHA384, WC_MGF1SHA384 },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 } }, "sha512",
		WC_HASH_TYPE_SHA512, WC_MGF1SHA512 },
	{ { 5, { 0x2b, 0x0e, 0x03, 0x02, 0x1a } }, "sha1", WC_HASH_TYPE_SHA, WC_MGF1SHA1 },
};

/* Index into signature_algorithms, or their count. */
static size_t
signature_algorithm(const struct x509_certificate *certificate)
{
	size_t i;

	for (i = 0; i < COUNT(signature_algorithms); i++) {
		if (object_identifier_is(
			    certificate->signature_algorithm, &signature_algorithms[i].identifier))
			break;
	}
	return i;
}

static size_t
find_hash(struct byte_span algorithm_identifier)
{
	struct byte_reader reader, inner;
	struct der_value sequence, identifier;
	size_t i;

	byte_reader_init(&reader, algorithm_identifier.bytes, algorithm_identifier.length);
	if (!der_read(&reader, DER_SEQUENCE, &sequence))
		return COUNT(hashes);
	der_enter(&sequence, &inner);
	if (!der_read(&inner, DER_OBJECT_IDENTIFIER, &identifier))
		return COUNT(hashes);
	for (i = 0; i < COUNT(hashes); i++) {
		if (object_identifier_is(identifier.contents, &hashes[i].identifier))
			break;
	}
	return i;
}

/* RSASSA-PSS-params (RFC 4055 section 3.1): index into hashes, or their count if it is another. */
static size_t
read_pss(struct byte_span parameters, int *salt_length_out)
{
	struct byte_reader reader, inner;
	struct der_value sequence, value;
	size_t hash = COUNT(hashes) - 1; /* SHA-1 unless told otherwise */

	*salt_length_out = PSS_DEFAULT_SALT;
	byte_reader_init(&reader, parameters.bytes, parameters.length);
	if (!der_read(&reader, DER_SEQUENCE, &sequence))
		return COUNT(hashes);
	der_enter(&sequence, &inner);
	if (der_read_optional(&inner, DER_CONTEXT_CONSTRUCTED(0), &value))
		hash = find_hash(value.contents);
	(void)der_read_optional(&inner, DER_CONTEXT_CONSTRUCTED(1), &value);
	if (der_read_optional(&inner, DER_CONTEXT_CONSTRUCTED(2), &value)) {
		struct byte_reader number_reader;
		struct der_value number;
		der_enter(&value, &number_reader);
		if (!der_read(&number_reader, DER_INTEGER, &number) ||
			number.contents.length != 1 || number.contents.bytes[0] > 64)
			return COUNT(hashes);
		*salt_length_out = number.contents.bytes[0];
	}
	return inner.has_failed ? COUNT(hashes) : hash;
}

void
certificate_signature_name(const struct x509_certificate *certificate, char *text)
{
	const size_t i = signature_algorithm(certificate);
	int salt_length;

	if (i == COUNT(signature_algorithms)) {
		der_identifier_format(certificate->signature_algorithm, text, SIGNATURE_TEXT);
		return;
	}
	text_copy(text, SIGNATURE_TEXT, signature_algorithms[i].name);
	if (signature_algorithms[i].kind == KEY_RSA_PSS) {
		const size_t hash = read_pss(certificate->signature_parameters, &salt_length);
		if (hash < COUNT(hashes))
			(void)snprintf(text, SIGNATURE_TEXT, "rsa-pss-%s", hashes[hash].name);
	}
}

static unsigned int
hash_strength(enum wc_HashType hash)
{
	/* The numbers OpenSSL 3.0 uses: collisions of MD5 and SHA-1 are known. */
	if (hash == WC_HASH_TYPE_MD5)
		return 39;
	if (hash == WC_HASH_TYPE_SHA)
		return 63;
	const int size = wc_HashGetDigestSize(hash);
	return size <= 0 ? 0 : (unsigned int)size * 4;
}

unsigned int
certificate_signature_strength(const struct x509_certificate *certificate)
{
	const size_t i = signature_algorithm(certificate);
	int salt_length;

	if (i == COUNT(signature_algorithms))
		return 0;
	switch (signature_algorithms[i].kind) {
	case KEY_ED25519:
		return 128;
	case KEY_ED448:
		return 224;
	case KEY_RSA_PSS: {
		const size_t hash = read_pss(certificate->signature_parameters, &salt_length);
		return hash < COUNT(hashes) ? hash_strength(hashes[hash].hash) : 0;
	}
	case KEY_RSA:
	case KEY_DSA:
	case KEY_ECDSA:
	case KEY_UNKNOWN:
		break;
	}
	return hash_strength(signature_algorithms[i].hash);
}

static enum signature_check
check_rsa_padding(RsaKey *key, const struct x509_certificate *certificate,
	enum wc_HashType hash_type, const uint8_t *hash, word32 hash_length)
{
	uint8_t plain[RSA_MODULUS_OCTETS];
	uint8_t expected[WC_MAX_DIGEST_SIZE + DIGEST_INFO_OVERHEAD];
	const struct byte_span bits = certificate->signature_bits;

	const int length = wc_RsaSSL_Verify(
		bits.bytes, (word32)bits.length, plain, (word32)sizeof(plain), key);
	const word32 expected_length =
		wc_EncodeSignature(expected, hash, hash_length, wc_HashGetOID(hash_type));
	const struct byte_span got = { plain, length > 0 ? (size_t)length : 0 };
	const struct byte_span want = { expected, expected_length };
	return expected_length > 0 && byte_span_equal(got, want) ? SIGNATURE_VALID
								 : SIGNATURE_INVALID;
}

static enum signature_check
check_pss_padding(RsaKey *key, const struct x509_certificate *certificate, size_t hash_index,
	int salt_length, const uint8_t *hash, word32 hash_length)
{
	uint8_t plain[RSA_MODULUS_OCTETS];
	uint8_t signature[RSA_MODULUS_OCTETS];
	const struct byte_span bits = certificate->signature_bits;
	const enum wc_HashType type = hashes[hash_index].hash;

	if (bits.length > sizeof(signature))
		return SIGNATURE_UNSUPPORTED;
	memcpy(signature, bits.bytes, bits.length);
	const int length = wc_RsaPSS_Verify_ex(signature, (word32)bits.length, plain,
		(word32)sizeof(plain), type, hashes[hash_index].mask, salt_length, key);
	if (length <= 0)
		return SIGNATURE_INVALID;
	const int result = wc_RsaPSS_CheckPadding_ex(hash, hash_length, plain, (word32)length, type,
		salt_length, wc_RsaEncryptSize(key) * 8);
	return result == 0 ? SIGNATURE_VALID : SIGNATURE_INVALID;
}

static enum signature_check
check_rsa(const struct x509_certificate *certificate, const struct x509_certificate *issuer,
	size_t algorithm)
{
	const bool is_pss = signature_algorithms[algorithm].kind == KEY_RSA_PSS;
	enum wc_HashType type = signature_algorithms[algorithm].hash;
	uint8_t hash[WC_MAX_DIGEST_SIZE];
	struct byte_span modulus, exponent;
	enum signature_check check = SIGNATURE_UNSUPPORTED;
	size_t pss_hash = 0;
	int salt_length = 0;
	RsaKey key;

	if (is_pss) {
		pss_hash = read_pss(certificate->signature_parameters, &salt_length);
		if (pss_hash == COUNT(hashes))
			return SIGNATURE_UNSUPPORTED;
		type = hashes[pss_hash].hash;
	}
	const int hash_length = wc_HashGetDigestSize(type);
	if (hash_length <= 0 || !certificate_key_numbers(issuer->key_bits, &modulus, &exponent))
		return SIGNATURE_UNSUPPORTED;
	if (certificate_key_count_bits(modulus) > RSA_MODULUS_OCTETS * 8 ||
		certificate_key_count_bits(exponent) > RSA_EXPONENT_OCTETS * 8 ||
		wc_Hash(type, certificate->tbs.bytes, (word32)certificate->tbs.length, hash,
			(word32)hash_length) != 0 ||
		wc_InitRsaKey(&key, NULL) != 0)
		return SIGNATURE_UNSUPPORTED;
	if (wc_RsaPublicKeyDecodeRaw(modulus.bytes, (word32)modulus.length, exponent.bytes,
		    (word32)exponent.length, &key) == 0) {
		check = is_pss ? check_pss_padding(&key, certificate, pss_hash, salt_length, hash,
					 (word32)hash_length)
			       : check_rsa_padding(
					 &key, certificate, type, hash, (word32)hash_length);
	}
	wc_FreeRsaKey(&key);
	return check;
}

static enum signature_check
check_ecdsa(const struct x509_certificate *certificate, const struct x509_certificate *issuer,
	enum wc_HashType type)
{
	const struct certificate_curve *curve = certificate_key_curve(issuer);
	const int hash_length = wc_HashGetDigestSize(type);
	const struct byte_span point = issuer->key_bits;
	const struct byte_span bits = certificate->signature_bits;
	uint8_t hash[WC_MAX_DIGEST_SIZE];
	enum signature_check check = SIGNATURE_UNSUPPORTED;
	ecc_key key;
	int is_valid = 0;

	if (curve == NULL || curve->library_id == CERTIFICATE_CURVE_UNCHECKED || hash_length <= 0)
		return SIGNATURE_UNSUPPORTED;
	if (wc_Hash(type, certificate->tbs.bytes, (word32)certificate->tbs.length, hash,
		    (word32)hash_length) != 0 ||
		wc_ecc_init(&key) != 0)
		return SIGNATURE_UNSUPPORTED;
	if (wc_ecc_import_x963_ex(point.bytes, (word32)point.length, &key, curve->library_id) ==
		0) {
		const int result = wc_ecc_verify_hash(bits.bytes, (word32)bits.length, hash,
			(word32)hash_length, &is_valid, &key);
		check = result == 0 && is_valid == 1 ? SIGNATURE_VALID : SIGNATURE_INVALID;
	}
	(void)wc_ecc_free(&key);
	return check;
}

static enum signature_check
check_ed25519(const struct x509_certificate *certificate, const struct x509_certificate *issuer)
{
	const struct byte_span bits = certificate->signature_bits;
	enum signature_check check = SIGNATURE_INVALID;
	ed25519_key key;
	int is_valid = 0;

	if (wc_ed25519_init(&key) != 0)
		return SIGNATURE_UNSUPPORTED;
	if (wc_ed25519_import_public(
		    issuer->key_bits.bytes, (word32)issuer->key_bits.length, &key) == 0 &&
		wc_ed25519_verify_msg(bits.bytes, (word32)bits.length, certificate->tbs.bytes,
			(word32)certificate->tbs.length, &is_valid, &key) == 0 &&
		is_valid == 1)
		check = SIGNATURE_VALID;
	wc_ed25519_free(&key);
	return check;
}

bool
certificate_signature_fits(
	const struct x509_certificate *certificate, const struct x509_certificate *issuer)
{
	const size_t i = signature_algorithm(certificate);
	const enum key_kind kind = certificate_key_kind(issuer);

	if (i == COUNT(signature_algorithms))
		return false;
	return signature_algorithms[i].kind == kind ||
	       (signature_algorithms[i].kind == KEY_RSA_PSS && kind == KEY_RSA);
}

enum signature_check
certificate_signature_check(
	const struct x509_certificate *certificate, const struct x509_certificate *issuer)
{
	const size_t i = signature_algorithm(certificate);

	if (i == COUNT(signature_algorithms))
		return SIGNATURE_UNSUPPORTED;
	if (!certificate_signature_fits(certificate, issuer))
		return SIGNATURE_INVALID;
	switch (signature_algorithms[i].kind) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return check_rsa(certificate, issuer, i);
	case KEY_ECDSA:
		return check_ecdsa(certificate, issuer, signature_algorithms[i].hash);
	case KEY_ED25519:
		return check_ed25519(certificate, issuer);
	case KEY_DSA:
	case KEY_ED448:
	case KEY_UNKNOWN:
		break;
	}
	return SIGNATURE_UNSUPPORTED;
}
