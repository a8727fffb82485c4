/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* Domain names on the wire (RFC 1035 sections 3.1 and 4.1.4), uncompressed, root label included. */
#define DNS_NAME_BYTES      255
#define DNS_NAME_TEXT_BYTES (DNS_NAME_BYTES * 4 + 1) /* every octet as \DDD */

struct dns_name {
	uint8_t bytes[DNS_NAME_BYTES];
	size_t length;
};

/*
 * Read the name that begins at *offset of a message, pointers followed strictly backwards, and move *offset behind it.
 * limit is where the part of the message ends that the name must lie in; pointers may lead anywhere before it began.
 * name_out may be NULL. Returns false on anything RFC 1035 does not allow.
 */
bool dns_name_read(const uint8_t *message, size_t limit, size_t *offset, struct dns_name *name_out);

/* The same name, ASCII case aside (RFC 4343). */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

/* ASCII letters to lower case, in place. */
void dns_name_fold(struct dns_name *name);

/* From presentation format, by ldns, in lower case; the final dot may be left out. Returns 0, or ERROR_INPUT with the fault set. */
int dns_name_parse(const char *text, struct dns_name *name_out, struct fault *fault);

/* Presentation format with the final dot. text has DNS_NAME_TEXT_BYTES. */
void dns_name_format(const struct dns_name *name, char *text);

#endif
