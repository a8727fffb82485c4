/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHAIN_STATUS_H
#define CHAIN_STATUS_H

#include "record/observation.h"

struct ca_store;

/*
 * Judges a presented chain as OpenSSL 3.0 would with purpose "sslserver" and security level 2, and says everything that is wrong
 * with it. The label is OpenSSL's first error:
 *
 * 1. the path cannot be built: leaf signed by itself (18), an untrusted root presented (19), an issuer absent (2, 20, 21);
 * 2. leaf first: unknown critical extension, issuer that is no CA, purpose (26), path length;
 * 3. a key or signature below 112 bits;
 * 4. root first: a signature that does not verify, then dates (9, 10).
 *
 * Name constraints, policies and revocation are not looked at.
 */
struct chain_verdict {
	enum certificate_status status;
	uint32_t flags;
	int64_t stands_from; /* the same verdict holds for any time in [stands_from, stands_until), in seconds since 1970 */
	int64_t stands_until;
};

/* chain holds count certificates, leaf first, count being 1 to OBSERVATION_CHAIN. Costs up to a few ms for hostile chains. */
void chain_status_judge(const struct ca_store *store, const struct peer_der *chain, size_t count,
	int64_t now_s, struct chain_verdict *verdict_out);

#endif
