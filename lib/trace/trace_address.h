/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_ADDRESS_H
#define TRACE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address of a name server. Unused octets are zero, so equal addresses are equal memory. */
struct trace_address {
	uint8_t family; /* 4 or 6 */
	uint8_t bytes[16];
};

#define TRACE_ADDRESS_TEXT_BYTES 48

/* From the RDATA of an A (length 4) or AAAA (length 16). */
struct trace_address trace_address_make(const uint8_t *bytes, size_t length);

bool trace_address_parse(const char *text, struct trace_address *address_out);
const char *trace_address_format(const struct trace_address *address, char *text);
bool trace_address_equal(const struct trace_address *a, const struct trace_address *b);

/* Both in one /24 (IPv4) or one /48 (IPv6). */
bool trace_address_same_prefix(const struct trace_address *a, const struct trace_address *b);

/*
 * What kind of address it is where it is none of a public server (RFC 6890), or NULL. A zone that names such an address must not
 * make us ask hosts of our own network.
 */
const char *trace_address_special(const struct trace_address *address);

#endif
