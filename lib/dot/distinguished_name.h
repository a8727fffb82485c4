/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DISTINGUISHED_NAME_H
#define DISTINGUISHED_NAME_H

#include "base/byte_span.h"

/* An X.501 Name in DER, whole. What cannot be read ends it early; nothing here fails. */

#define DISTINGUISHED_NAME_ID_BYTES 32

/*
 * The name as text, after RFC 4514: last part first, special characters escaped, values that are no strings in hexadecimal.
 * Other bytes are copied as the certificate has them, 16-bit strings as UTF-8. Returns the length, at most capacity.
 */
size_t distinguished_name_format(struct byte_span name, uint8_t *text, size_t capacity);

/* The last common name (2.5.4.3), unescaped, into text. Returns false if there is none. */
bool distinguished_name_common(
	struct byte_span name, uint8_t *text, size_t capacity, size_t *length_out);

/*
 * A hash that is the same for names that OpenSSL takes for equal: strings of any type are compared as UTF-8, without regard to
 * ASCII case or to how many blanks stand between words (RFC 5280 section 7.1).
 */
void distinguished_name_id(struct byte_span name, uint8_t id[DISTINGUISHED_NAME_ID_BYTES]);

#endif
