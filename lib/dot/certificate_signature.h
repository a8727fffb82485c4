/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_SIGNATURE_H
#define CERTIFICATE_SIGNATURE_H

#include "dot/x509_certificate.h"

/* The signature of a certificate: what it is called, how strong it is, and whether it is that of its issuer. */

/* "rsa-sha256", "rsa-pss-sha256", "ecdsa-sha384", "ed25519"; a dotted object identifier for what has no name. text has 32 bytes. */
void certificate_signature_name(const struct x509_certificate *certificate, char *text);

/* Security in bits, as OpenSSL counts it; 0: unknown. */
unsigned int certificate_signature_strength(const struct x509_certificate *certificate);

/* Whether that key could have made that signature at all: both of one kind. */
bool certificate_signature_fits(
	const struct x509_certificate *certificate, const struct x509_certificate *issuer);

enum signature_check { SIGNATURE_VALID, SIGNATURE_INVALID, SIGNATURE_UNSUPPORTED };

/* Whether the issuer's key made the signature of the certificate. Costs 50 to 1000 us. */
enum signature_check certificate_signature_check(
	const struct x509_certificate *certificate, const struct x509_certificate *issuer);

#endif
