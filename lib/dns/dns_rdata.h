/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_RDATA_H
#define DNS_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The shape of RDATA: which octets are names. Only types that RFC 1035 or RFC 3597 section 4 let compress them, and those we
 * print, are listed; all others are octets.
 */
enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_NS = 2,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_PTR = 12,
	DNS_TYPE_MX = 15,
	DNS_TYPE_TXT = 16,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_SRV = 33,
	DNS_TYPE_DNAME = 39,
	DNS_TYPE_OPT = 41,
	DNS_TYPE_TSIG = 250,
};

struct dns_rdata_shape {
	uint16_t type;
	uint8_t fixed_before; /* octets before the names */
	uint8_t names;
	uint8_t fixed_after;
	bool has_strings; /* nothing but character-strings, at least one */
	const char *name; /* of the type */
};

/* NULL: any octets. */
const struct dns_rdata_shape *dns_rdata_shape(uint16_t type);

/*
 * RDATA in presentation format, by ldns where the type has a shape and by RFC 3597 ("\# 2 0a0b") otherwise. rdata holds no compressed
 * names and fits its type. Returns malloc'd text, or NULL when out of memory.
 */
char *dns_rdata_format(uint16_t type, const uint8_t *rdata, size_t length);

/*
 * RDATA from presentation format, by ldns, names uncompressed. capacity is enough with 65535. Returns its length, or 0 if the text
 * is not RDATA of that type.
 */
size_t dns_rdata_parse(uint16_t type, const char *text, uint8_t *rdata, size_t capacity);

/* Letters of names to lower case, in place, where the type has names. */
void dns_rdata_fold(uint16_t type, uint8_t *rdata, size_t length);

#endif
