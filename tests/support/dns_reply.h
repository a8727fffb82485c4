/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_REPLY_H
#define DNS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Builds DNS replies of every kind to a query as it goes over TCP, for tests. */

#define DNS_REPLY_BYTES 4096

struct dns_reply_settings {
	unsigned int rcode;
	const char *addresses[4]; /* of A records, in dotted form; NULL ends */
	const char *
		canonical; /* one label: a CNAME to it (in the root) goes before, and owns the addresses */
	bool has_ns; /* in the authority section */
	bool has_soa;
	bool has_other_id;
	bool has_other_question;
	bool lacks_question;
	bool is_query;           /* QR clear */
	bool has_upper_case;     /* the question's letters */
	bool has_broken_address; /* five octets */
	bool has_trailing_octet;
	unsigned int extended_rcode; /* in an OPT record, if not 0 */
};

/*
 * query begins with its two octets of length. Writes the reply with its length before it, and returns how much that is.
 */
size_t dns_reply_make(const struct dns_reply_settings *settings, const uint8_t *query,
	uint8_t reply[DNS_REPLY_BYTES]);

#endif
