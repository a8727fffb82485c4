/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUERY_MESSAGE_H
#define QUERY_MESSAGE_H

#include "dns/dns_walk.h"

/*
 * One query without recursion (RD clear), and whether a message is the reply to it. The name's letters may be in either case at
 * random (draft-vixie-dnsext-dns0x20): a reply must bring them back as they were.
 */
struct query_message {
	struct dns_name name;
	uint16_t type;
	uint16_t id;
	bool has_edns;
};

#define QUERY_MESSAGE_BYTES     (12 + DNS_NAME_BYTES + 4 + 11)
#define QUERY_MESSAGE_EDNS_SIZE 1232 /* does not fragment (DNS Flag Day 2020) */

/* Of a reply. Zones do have TXT sets of some KiB and names with a hundred addresses, but nothing that an answer to us needs is longer. */
#define QUERY_MESSAGE_REPLY_MAX   16384
#define QUERY_MESSAGE_RECORDS_MAX 256

/* Returns the length. */
size_t query_message_write(const struct query_message *query, uint8_t bytes[QUERY_MESSAGE_BYTES]);

enum query_fit {
	QUERY_FIT,           /* walk_out is filled */
	QUERY_FIT_TRUNCATED, /* its TC bit is set; walk_out is not filled */
	QUERY_FIT_BROKEN,    /* the reply, but the strict walk refuses it; reason_out is set */
	QUERY_FIT_CASE_LOST, /* the reply but for the case of letters: forged, or from a server that does not keep it */
	QUERY_FIT_NONE, /* not the reply: another id or question, or no reply at all */
};

/*
 * walk_out borrows message and records. A header alone is a reply if its rcode is an error: some servers repeat no question then.
 */
enum query_fit query_message_fit(const struct query_message *query, const uint8_t *message,
	size_t length, struct dns_record records[QUERY_MESSAGE_RECORDS_MAX],
	struct dns_walk *walk_out, const char **reason_out);

#endif
