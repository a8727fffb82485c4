/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IPV4_H
#define IPV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IPv4 addresses are uint32_t in host order everywhere but on the wire. */

#define IPV4_TEXT_SIZE 16

/* An inclusive range of addresses; first <= last. */
struct ipv4_range {
	uint32_t first;
	uint32_t last;
};

/* Dotted quad, exactly four decimal parts without leading zeros. Returns false on anything else, also on trailing characters. */
bool ipv4_parse(const char *text, uint32_t *address_out);

/* CIDR (set host bits are cleared, as zmap does), one address, or first-last. Returns false on anything else. */
bool ipv4_range_parse(const char *text, struct ipv4_range *range_out);

/* Writes the dotted quad into text, which has IPV4_TEXT_SIZE bytes; returns text. */
char *ipv4_format(uint32_t address, char *text);

#endif
