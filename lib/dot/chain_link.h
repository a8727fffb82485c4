/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHAIN_LINK_H
#define CHAIN_LINK_H

#include "dot/distinguished_name.h"
#include "dot/x509_certificate.h"

/* A certificate with what building a path needs again and again. It borrows its DER. */
struct chain_link {
	struct x509_certificate certificate;
	uint8_t subject_id[DISTINGUISHED_NAME_ID_BYTES];
	uint8_t issuer_id[DISTINGUISHED_NAME_ID_BYTES];
	bool is_self_issued; /* subject and issuer are one name */
	bool is_self_signed; /* and nothing in it speaks against its own key having signed it */
};

/* Returns false if der is not a certificate. */
bool chain_link_init(struct chain_link *link, const uint8_t *der, size_t length);

/*
 * Whether issuer may have issued child as far as names, key identifiers and algorithms tell; the signature is not looked at.
 * (What OpenSSL calls likely issued.)
 */
bool chain_link_may_have_issued(const struct chain_link *issuer, const struct chain_link *child);

#endif
