/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OBJECT_IDENTIFIER_H
#define OBJECT_IDENTIFIER_H

#include "base/byte_span.h"

/* Object identifiers of algorithms, as the contents of their DER. */
struct object_identifier {
	uint8_t length;
	uint8_t bytes[10];
};

#define PKCS1_ARC      0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01 /* 1.2.840.113549.1.1 */
#define ECDSA_SHA2_ARC 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03       /* 1.2.840.10045.4.3 */

static inline bool
object_identifier_is(struct byte_span contents, const struct object_identifier *identifier)
{
	const struct byte_span known = { identifier->bytes, identifier->length };

	return byte_span_equal(contents, known);
}

#endif
