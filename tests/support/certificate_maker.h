/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_MAKER_H
#define CERTIFICATE_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Makes certificates of every kind for tests. Whatever fails aborts: a test cannot go on without its certificates. */

/* "rsa-1024" to "rsa-4096", "ecdsa-256", "ecdsa-384", "ecdsa-521", "ed25519", "ed448". The caller frees it. */
EVP_PKEY *certificate_maker_key(const char *kind);

struct certificate_request {
	EVP_PKEY *key;        /* of the subject */
	const char *subject;  /* common name; NULL: no subject parts at all */
	EVP_PKEY *issuer_key; /* NULL: signed by key itself */
	X509 *issuer;         /* NULL: issuer is the subject */
	int64_t not_before_s; /* seconds from now */
	int64_t not_after_s;  /* 0: a year from now */
	const char *digest;   /* NULL: SHA-256, or none for Edwards curves */
	bool is_ca;
	int path_length;                /* of a CA; 0: no limit written, n: n - 1 */
	const char *names;              /* subjectAltName in OpenSSL's form, or NULL */
	const char *extended_key_usage; /* in OpenSSL's form, or NULL */
	const char *key_usage;          /* in OpenSSL's form, or NULL */
	const char *critical_extension; /* an object identifier no verifier knows, or NULL */
	bool is_version_1;
	bool has_bad_signature;
	bool has_pss_signature;
	size_t comment_bytes; /* adds a netscape comment of that size, to make the certificate long */
	const uint8_t *raw_common_name; /* bytes of a T61String instead of subject */
	size_t raw_common_name_length;
};

/* The caller frees it. */
X509 *certificate_maker_make(const struct certificate_request *request);

/* DER in malloc'd memory. */
uint8_t *certificate_maker_der(X509 *certificate, size_t *length_out);

/* Writes certificates, count of them, as PEM. */
void certificate_maker_write_pem(const char *path, X509 *const *certificates, size_t count);

#endif
