/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_KEY_H
#define CERTIFICATE_KEY_H

#include "dot/x509_certificate.h"

/* The public key of a certificate: of what kind, what it is called, how strong it is. */

enum key_kind { KEY_UNKNOWN, KEY_RSA, KEY_RSA_PSS, KEY_DSA, KEY_ECDSA, KEY_ED25519, KEY_ED448 };

#define CERTIFICATE_CURVE_UNCHECKED (-1) /* the library checks no signature on that curve */

struct certificate_curve {
	unsigned int bits;
	const char *name;
	int library_id;
};

enum key_kind certificate_key_kind(const struct x509_certificate *certificate);

/* The curve of an ECDSA key; NULL if it is none we know. */
const struct certificate_curve *certificate_key_curve(const struct x509_certificate *certificate);

/*
 * The first two INTEGERs of a SEQUENCE: modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1), the prime and more of DSA's
 * parameters. Returns false if they are not there.
 */
bool certificate_key_numbers(
	struct byte_span der, struct byte_span *first_out, struct byte_span *second_out);

/* Bits of an unsigned big-endian number without leading zeros. */
unsigned int certificate_key_count_bits(struct byte_span number);

/* "rsa-2048", "ecdsa-256", "ed25519"; a dotted object identifier for what has no name. text has 32 bytes. */
void certificate_key_name(const struct x509_certificate *certificate, char *text);

/* Security in bits, as OpenSSL counts it (NIST SP 800-57 part 1 table 2); 0: unknown. */
unsigned int certificate_key_strength(const struct x509_certificate *certificate);

#endif
