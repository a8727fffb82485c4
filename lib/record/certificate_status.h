/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_STATUS_H
#define CERTIFICATE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

/* One label for a presented chain, those of Lu et al., IMC 2019: OpenSSL's verify errors 0, 10, 18, 19, 20/21, 26 and the rest. */
#define CERTIFICATE_STATUS_LIST(X)                          \
	X(OK, "ok")                                         \
	X(EXPIRED, "expired")                               \
	X(SELF_SIGNED, "self-signed")                       \
	X(SELF_SIGNED_IN_CHAIN, "self-signed-in-chain")     \
	X(UNABLE_TO_VERIFY_FIRST, "unable-to-verify-first") \
	X(PURPOSE, "purpose")                               \
	X(OTHER, "other")

enum certificate_status {
#define X(name, text) CERTIFICATE_STATUS_##name,
	CERTIFICATE_STATUS_LIST(X)
#undef X
		CERTIFICATE_STATUS_COUNT
};

/* Everything that is true of the chain at once; the status is derived from it. One bit each. */
#define CERTIFICATE_FLAG_LIST(X)                        \
	X(EXPIRED, "expired")                           \
	X(NOT_YET_VALID, "not-yet-valid")               \
	X(SELF_SIGNED, "self-signed")                   \
	X(SELF_SIGNED_IN_CHAIN, "self-signed-in-chain") \
	X(INCOMPLETE_CHAIN, "incomplete-chain")         \
	X(UNTRUSTED_ROOT, "untrusted-root")             \
	X(PURPOSE, "purpose")                           \
	X(NOT_A_CA, "not-a-ca")                         \
	X(BAD_SIGNATURE, "bad-signature")               \
	X(WEAK_KEY, "weak-key")                         \
	X(WEAK_SIGNATURE, "weak-signature")             \
	X(UNPARSED, "unparsed")                         \
	X(CHAIN_TOO_LONG, "chain-too-long")             \
	X(NAME_UNCHECKED, "name-unchecked")

enum certificate_flag {
#define X(name, text) CERTIFICATE_FLAG_##name,
	CERTIFICATE_FLAG_LIST(X)
#undef X
		CERTIFICATE_FLAG_COUNT
};

#define CERTIFICATE_FLAG_BIT(flag) (1U << (flag))

const char *certificate_status_text(enum certificate_status status);
const char *certificate_flag_text(enum certificate_flag flag);
bool certificate_status_parse(const char *text, enum certificate_status *status_out);

#endif
