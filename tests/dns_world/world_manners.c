/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_reader.h"
#include "dns/dns_rdata.h"
#include "dns/dns_walk.h"
#include "dns_world/world_manners.h"
#include "dns_world/world_spoils.h"
#include "trace/name_tree.h"

#define FLAG_QR         0x8000
#define FLAG_AA         0x0400
#define FLAG_TC         0x0200
#define FLAG_RA         0x0080
#define FAN_OUT         16 /* servers that a referral names */
#define CROWD_ADDRESSES 8
#define LONG_RECORDS    200
/* A query as it came. */
struct query {
	const uint8_t *bytes;
	size_t length;
	struct dns_name name;
	uint16_t type;
	size_t question_end;
	bool has_edns;
};

static bool
read_query(const uint8_t *bytes, size_t length, struct query *query)
{
	struct byte_reader reader;
	size_t at = DNS_HEADER_BYTES;

	byte_reader_init(&reader, bytes, length);
	byte_reader_skip(&reader, 10);
	query->has_edns = byte_reader_be16(&reader) == 1;
	query->bytes = bytes;
	query->length = length;
	if (reader.has_failed || !dns_name_read(bytes, length, &at, &query->name) ||
		length - at < 4)
		return false;
	query->type = (uint16_t)(bytes[at] << 8 | bytes[at + 1]);
	query->question_end = at + 4;
	return true;
}

static void
write_reply(const struct world_manners *server, const struct query *query, uint16_t flags,
	const struct zone_reply *zone_reply, struct world_reply *reply)
{
	static const uint8_t opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0 };
	const bool has_opt = query->has_edns && (server->bits & WORLD_NO_EDNS) == 0;
	struct byte_writer writer;

	reply->bytes = malloc(WORLD_MESSAGE_BYTES);
	if (reply->bytes == NULL)
		return;
	byte_writer_init(&writer, reply->bytes, WORLD_MESSAGE_BYTES);
	byte_writer_bytes(&writer, query->bytes, 2);
	byte_writer_be16(&writer, flags | FLAG_QR);
	byte_writer_be16(&writer, 1);
	for (unsigned int i = 0; i < 3; i++)
		byte_writer_be16(
			&writer, (uint16_t)(zone_reply->counts[i] + (i == 2 && has_opt ? 1 : 0)));
	byte_writer_bytes(
		&writer, query->bytes + DNS_HEADER_BYTES, query->question_end - DNS_HEADER_BYTES);
	byte_writer_bytes(&writer, zone_reply->bytes, zone_reply->length);
	if (has_opt)
		byte_writer_bytes(&writer, opt, sizeof(opt));
	reply->length = writer.length;
}

/* What waits for its time takes no more memory than it must. */
static void
shrink(struct world_reply *reply)
{
	uint8_t *bytes = realloc(reply->bytes, reply->length);

	if (bytes != NULL)
		reply->bytes = bytes;
}

/* Three replies that are not the reply: another id, another question, and no reply at all. */
static size_t
forge(const struct world_reply *honest, struct world_reply *replies)
{
	for (size_t i = 0; i < 3; i++) {
		replies[i] = *honest;
		replies[i].bytes = malloc(honest->length);
		if (replies[i].bytes == NULL)
			return i;
		memcpy(replies[i].bytes, honest->bytes, honest->length);
	}
	replies[0].bytes[0] ^= 0x55;
	replies[1].bytes[13] = replies[1].bytes[13] == 'q' ? 'p' : 'q';
	replies[2].bytes[2] &= 0x7f;
	return 3;
}

static uint16_t
rcode_of(const struct world_manners *server, const struct query *query)
{
	if ((server->bits & WORLD_NO_EDNS) != 0 && query->has_edns)
		return 1;
	if ((server->bits & WORLD_SERVFAILS) != 0)
		return 2;
	if ((server->bits & WORLD_NOTIMPS) != 0)
		return 4;
	return (server->bits & WORLD_REFUSES) != 0 ||
			       !name_tree_is_within(&query->name, &server->zone->origin)
		       ? 5
		       : 0;
}

static void
refer_upward(struct zone_reply *reply)
{
	static const uint8_t root_ns[] = { 0, 0, 2, 0, 1, 0, 0, 0, 1, 0, 3, 1, 'a', 0 };

	memset(reply, 0, sizeof(*reply));
	memcpy(reply->bytes, root_ns, sizeof(root_ns));
	reply->length = sizeof(root_ns);
	reply->counts[1] = 1;
}

/*
 * To a zone at the very name asked for. Its servers have names that only lead to further referrals, without end; or, as a crowd, eight
 * addresses each.
 */
static void
refer_further(const struct world_zone *zone, const struct query *query, bool is_crowd,
	struct zone_reply *reply)
{
	char origin[DNS_NAME_TEXT_BYTES];
	char owner[DNS_NAME_TEXT_BYTES];
	char line[2 * DNS_NAME_TEXT_BYTES + 64];
	unsigned int sum = query->type;

	for (size_t i = 0; i < query->name.length; i++)
		sum = sum * 31 + (query->name.bytes[i] | 0x20);
	memset(reply, 0, sizeof(*reply));
	dns_name_format(&zone->origin, origin);
	dns_name_format(&query->name, owner);
	for (unsigned int i = 0; i < FAN_OUT; i++) {
		(void)snprintf(line, sizeof(line), "%s NS n%u-%u.%s", owner, i, is_crowd ? 0 : sum,
			origin);
		(void)world_zone_put(reply, 1, line);
	}
	for (unsigned int i = 0; is_crowd && i < FAN_OUT * CROWD_ADDRESSES; i++) {
		(void)snprintf(line, sizeof(line), "n%u-0.%s A 185.252.%u.%u", i / CROWD_ADDRESSES,
			origin, i / CROWD_ADDRESSES, 1 + i % CROWD_ADDRESSES);
		(void)world_zone_put(reply, 2, line);
	}
}

/* The last octet of the only record of the answer is that of its address. */
static void
lie(const struct query *query, struct zone_reply *reply)
{
	if (query->type == DNS_TYPE_A && reply->counts[0] == 1)
		reply->bytes[reply->length - 1] ^= 1;
}

/* The servers' own names keep the one address that they have. */
static bool
is_about_www(const struct query *query)
{
	return query->type == DNS_TYPE_A && query->name.bytes[0] == 3 &&
	       (query->name.bytes[1] | 0x20) == 'w';
}

/* What its zone says, or what its manners make of that. Returns the flags and the rcode. */
static uint16_t
choose_records(const struct world_manners *server, const struct query *query, bool is_tcp,
	struct zone_reply *reply)
{
	uint16_t flags = rcode_of(server, query);

	if (flags == 0)
		world_zone_answer(server->zone, &query->name, query->type, reply);
	if ((server->bits & WORLD_LONG) != 0 && is_about_www(query) && reply->counts[0] == 1)
		world_zone_repeat(reply, LONG_RECORDS);
	if (reply->is_authoritative && (server->bits & WORLD_IS_CACHE) == 0)
		flags |= FLAG_AA;
	if ((server->bits & (WORLD_IS_CACHE | WORLD_RECURSES)) != 0)
		flags |= FLAG_RA;
	if (reply->is_nxdomain)
		flags |= 3;
	if ((server->bits & WORLD_UPWARD) != 0) {
		refer_upward(reply);
		flags = 0;
	}
	if ((server->bits & (WORLD_NOWHERE | WORLD_CROWD)) != 0 && reply->is_nxdomain) {
		refer_further(server->zone, query, (server->bits & WORLD_CROWD) != 0, reply);
		flags = 0;
	}
	if ((server->bits & WORLD_TCP_LIES) != 0 && is_tcp)
		lie(query, reply);
	if ((server->bits & WORLD_EMPTY) != 0 ||
		(!is_tcp && (server->bits & (WORLD_TRUNCATES | WORLD_DRIPS | WORLD_LONG)) != 0)) {
		memset(reply, 0, sizeof(*reply));
		flags = (server->bits & WORLD_EMPTY) != 0 ? 0 : (uint16_t)(flags | FLAG_TC);
	}
	return flags;
}

/* The lie that somebody else tells in the server's place, twice, with id and question as they should be: only where it comes from is wrong. */
static size_t
spoof(const struct world_manners *server, const struct query *query, struct world_reply *replies)
{
	struct zone_reply records = { .length = 0 };
	const uint16_t flags = choose_records(server, query, false, &records);
	size_t count = 0;

	lie(query, &records);
	for (int from = WORLD_FROM_OTHER_PORT; from <= WORLD_FROM_OTHER_ADDRESS; from++) {
		struct world_reply *reply = &replies[count];
		*reply = (struct world_reply){ .source = (enum world_source)from };
		write_reply(server, query, flags, &records, reply);
		count += reply->bytes != NULL;
	}
	return count;
}

static bool
is_dropped(const struct world_manners *server, const struct query *query, bool is_tcp)
{
	return (is_tcp && (server->bits & WORLD_NO_TCP) != 0) ||
	       (!is_tcp && (server->bits & WORLD_NO_UDP) != 0) ||
	       (query->has_edns && (server->bits & WORLD_DROPS_EDNS) != 0);
}

static enum world_source
source_of(const struct world_manners *server)
{
	if ((server->bits & WORLD_OTHER_PORT) != 0)
		return WORLD_FROM_OTHER_PORT;
	return (server->bits & WORLD_OTHER_ADDRESS) != 0 ? WORLD_FROM_OTHER_ADDRESS
							 : WORLD_FROM_SERVER;
}

size_t
world_manners_reply(const struct world_manners *server, bool is_tcp, const uint8_t *bytes,
	size_t length, struct world_reply replies[WORLD_REPLIES_MAX])
{
	struct zone_reply records = { .length = 0 };
	struct world_reply reply = { .bytes = NULL };
	struct query query;
	size_t count = 0;

	if (!read_query(bytes, length, &query) || is_dropped(server, &query, is_tcp))
		return 0;
	const uint16_t flags = choose_records(server, &query, is_tcp, &records);
	write_reply(server, &query, flags, &records, &reply);
	if (reply.bytes == NULL)
		return 0;
	if ((server->bits & WORLD_GARBAGE) != 0)
		memset(reply.bytes, 0x5a, reply.length);
	if ((server->bits & WORLD_SPOILS) != 0)
		world_spoils_put(server->bits, query.question_end, &reply);
	if ((server->bits & WORLD_LOSES_CASE) != 0) {
		struct dns_name name = query.name;
		dns_name_fold(&name);
		memcpy(reply.bytes + DNS_HEADER_BYTES, name.bytes, name.length);
	}
	if ((server->bits & WORLD_FORGES) != 0 && !is_tcp)
		count = forge(&reply, replies);
	if ((server->bits & WORLD_SPOOFED) != 0 && !is_tcp)
		count = spoof(server, &query, replies);
	reply.is_dripped = is_tcp && (server->bits & WORLD_DRIPS) != 0;
	reply.source = is_tcp ? WORLD_FROM_SERVER : source_of(server);
	replies[count++] = reply;
	for (size_t i = 0; i < count; i++)
		shrink(&replies[i]);
	return count;
}
