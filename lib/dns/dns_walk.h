/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_WALK_H
#define DNS_WALK_H

#include "base/byte_span.h"
#include "dns/dns_name.h"

/*
 * A strict walk over a DNS message from a peer, before anybody else reads it: bounded in bytes and records, pointers only backwards,
 * RDLENGTH exact for every type that holds names, OPT once and in the additional section, no TSIG, nothing behind the last record.
 */
#define DNS_HEADER_BYTES 12

/* What a scan takes from a resolver. */
#define DNS_MESSAGE_MAX 4096 /* an honest answer to one question of ours is below 600 octets */
#define DNS_RECORDS_MAX 64

enum dns_section { DNS_SECTION_ANSWER, DNS_SECTION_AUTHORITY, DNS_SECTION_ADDITIONAL };

struct dns_record {
	enum dns_section section;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	size_t owner; /* offsets into the message */
	size_t data;
	size_t data_length;
};

struct dns_walk {
	const uint8_t *message; /* borrowed */
	size_t length;
	uint16_t id;
	uint16_t flags; /* as on the wire, opcode and rcode included */
	bool has_question;
	struct dns_name question_name;
	uint16_t question_type;
	uint16_t question_class;
	int rcode;                  /* with the upper bits of OPT */
	struct dns_record *records; /* borrowed: those of the room */
	size_t record_count;
};

/* The caller's bounds: the longest message, the most records, and where these are noted for as long as the walk is used. */
struct dns_walk_room {
	size_t message_max;
	size_t record_max;
	struct dns_record *records;
};

/* Returns false if the message is broken, with *reason_out a few words that say how. Costs below 2 us for an honest message. */
bool dns_walk_message(const uint8_t *message, size_t length, const struct dns_walk_room *room,
	struct dns_walk *walk_out, const char **reason_out);

/* The owner of a record. */
void dns_walk_owner(
	const struct dns_walk *walk, const struct dns_record *record, struct dns_name *name_out);

/* The OPT record, or NULL: its class and TTL mean something else than those of others (RFC 6891 section 6.1.2). */
const struct dns_record *dns_walk_find_opt(const struct dns_walk *walk);

/*
 * The RDATA of a record with its names uncompressed, as it came otherwise. Returns its length; capacity DNS_RDATA_BYTES of the
 * longest message that the walk was allowed is always enough.
 */
#define DNS_RDATA_BYTES(message_max) ((message_max) + 2 * DNS_NAME_BYTES)
size_t dns_walk_rdata(const struct dns_walk *walk, const struct dns_record *record, uint8_t *rdata);

#endif
