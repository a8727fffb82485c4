/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef X509_CERTIFICATE_H
#define X509_CERTIFICATE_H

#include "base/byte_span.h"

/*
 * The parts of an X.509 certificate (RFC 5280 section 4.1) that facts and chains need, as spans into the DER they were read from.
 * Version 1 certificates, unknown algorithms, odd characters and strange dates all parse: judging them is somebody else's job.
 */

/* keyUsage bits as RFC 5280 section 4.2.1.3 numbers them. */
#define KEY_USAGE_DIGITAL_SIGNATURE 0x0001
#define KEY_USAGE_KEY_ENCIPHERMENT  0x0004
#define KEY_USAGE_KEY_AGREEMENT     0x0010
#define KEY_USAGE_CERT_SIGN         0x0020

#define X509_PATH_LENGTH_NONE (-1)

struct x509_certificate {
	struct byte_span der;
	unsigned int version;
	struct byte_span tbs;    /* what is signed */
	struct byte_span serial; /* the octets of the INTEGER */
	struct byte_span issuer; /* whole Name */
	struct byte_span subject;
	struct byte_span spki;           /* whole SubjectPublicKeyInfo */
	struct byte_span key_algorithm;  /* object identifier */
	struct byte_span key_parameters; /* whole value; none: empty */
	struct byte_span key_bits;
	struct byte_span signature_algorithm;
	struct byte_span signature_parameters;
	struct byte_span signature_bits;
	bool has_validity;
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;

	struct byte_span alternative_names; /* contents of GeneralNames */
	struct byte_span subject_key_id;
	struct byte_span authority_key_id;
	struct byte_span authority_serial;
	bool has_basic_constraints;
	bool is_ca;
	int path_length; /* X509_PATH_LENGTH_NONE: unlimited */
	bool has_key_usage;
	unsigned int key_usage;
	bool has_extended_key_usage;
	bool allows_server; /* serverAuth or one of the two old step-up purposes is listed */
	bool has_unknown_critical;
	bool has_broken_extension;
};

/* Borrows der. Returns false, with nothing but der set, if this is not a certificate. */
bool x509_certificate_parse(
	struct x509_certificate *certificate, const uint8_t *der, size_t length);

#endif
