/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_RCODE_H
#define DNS_RCODE_H

#include <stdbool.h>

/*
 * Names of DNS response codes as IANA lists them (RFC 6895, section 2.3), those of EDNS included.
 */

#define DNS_RCODE_MAXIMUM 4095
#define DNS_RCODE_SIZE    16

/*
 * The name, or "RCODE" and the number where there is none. text has DNS_RCODE_SIZE bytes; rcode is
 * 0 to DNS_RCODE_MAXIMUM.
 */
const char *dns_rcode_format(int rcode, char *text);

/* The code of that name; false if there is none. */
bool dns_rcode_parse(const char *text, int *rcode_out);

#endif
