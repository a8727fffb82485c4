/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_reader.h"
#include "dns/dns_rdata.h"
#include "dns_world/dns_world.h"
#include "dns_world/world_cases.h"
#include "dns_world/world_zone.h"
#include "trace/name_tree.h"

#define SERVERS_MAX 256
#define TEXT_BYTES  4096
#define FLAG_QR     0x8000
#define FLAG_AA     0x0400
#define FLAG_TC     0x0200
#define FLAG_RA     0x0080
#define CLASS_IN    1
#define MS          1000000ULL
#define ROOT_TEXT                                                                              \
	". SOA a.root-servers.net. nstld.verisign-grs.com. 2026010100 1800 900 604800 86400\n" \
	". NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n"                         \
	"test. NS ns.test.\nns.test. A 185.253.0.1\n"
#define TEST_TEXT                                                                                  \
	"test. SOA ns.test. hostmaster.test. 2026010100 7200 900 1209600 300\ntest. NS ns.test.\n" \
	"ns.test. A 185.253.0.1\n"

struct world_server {
	struct trace_address address;
	uint32_t manners;
	unsigned int delay_ms;
	struct world_zone *zone;
};

struct world {
	struct world_server servers[SERVERS_MAX];
	size_t server_count;
	struct world_zone *test; /* that of "test." */
};

static struct world_zone *
zone_create(const char *origin)
{
	struct world_zone *zone = calloc(1, sizeof(*zone));
	struct fault fault = { .text = "" };

	if (zone != NULL && name_tree_parse(origin, &zone->origin, &fault) != 0) {
		free(zone);
		return NULL;
	}
	return zone;
}

static bool
add_server(struct world *world, const char *address, struct world_zone *zone, uint32_t manners,
	unsigned int delay_ms)
{
	if (zone == NULL || world->server_count == SERVERS_MAX) {
		free(zone);
		return false;
	}
	struct world_server *server = &world->servers[world->server_count++];
	server->zone = zone;
	server->manners = manners;
	server->delay_ms = delay_ms == 0 ? 10 : delay_ms;
	return trace_address_parse(address, &server->address);
}

static void
server_address(size_t case_index, unsigned int server, char *text, size_t size)
{
	(void)snprintf(text, size, "185.%zu.%u.1", case_index, server + 1);
}

/* %z and %1 to %3. */
static void
expand(const char *text, size_t case_index, char *expanded)
{
	size_t length = 0;

	for (; *text != '\0' && length < TEXT_BYTES - 64; text++) {
		char address[32];
		if (*text != '%') {
			expanded[length++] = *text;
			continue;
		}
		text++;
		if (*text == 'z') {
			length += (size_t)sprintf(
				expanded + length, "%s.test.", world_cases[case_index].label);
		} else {
			server_address(
				case_index, (unsigned int)(*text - '1'), address, sizeof(address));
			length += (size_t)sprintf(expanded + length, "%s", address);
		}
	}
	expanded[length] = '\0';
}

#define USUAL_DELEGATION "%z NS ns1.%z\n%z NS ns2.%z\nns1.%z A %1\nns2.%z A %2\n"
#define USUAL_ZONE                                                                       \
	"%z SOA ns1.%z hostmaster.%z 2026010101 7200 900 1209600 300\n" USUAL_DELEGATION \
	"www.%z A 192.0.2.53\n"

static bool
add_case(struct world *world, size_t index)
{
	const struct world_case *wrong = &world_cases[index];
	const unsigned int servers = wrong->server_count == 0 ? 2 : wrong->server_count;
	char text[TEXT_BYTES];
	char origin[64];

	expand(wrong->delegation == NULL ? USUAL_DELEGATION : wrong->delegation, index, text);
	if (!world_zone_add(world->test, text))
		return false;
	(void)snprintf(origin, sizeof(origin), "%s.test.", wrong->label);
	for (unsigned int i = 0; i < servers; i++) {
		struct world_zone *zone = zone_create(origin);
		char address[32];
		server_address(index, i, address, sizeof(address));
		expand(wrong->zones[i] == NULL ? USUAL_ZONE : wrong->zones[i], index, text);
		if (!add_server(world, address, zone, wrong->manners[i], wrong->delay_ms) ||
			!world_zone_add(zone, text))
			return false;
	}
	return true;
}

struct world *
world_create(void)
{
	struct world *world = calloc(1, sizeof(*world));
	struct world_zone *root = zone_create(".");

	if (world == NULL)
		return NULL;
	world->test = zone_create("test.");
	bool is_whole = add_server(world, "198.41.0.4", root, 0, 0) &&
			world_zone_add(root, ROOT_TEXT) &&
			add_server(world, "185.253.0.1", world->test, 0, 0) &&
			world_zone_add(world->test, TEST_TEXT);
	for (size_t i = 0; i < world_case_count && is_whole; i++)
		is_whole = add_case(world, i);
	if (is_whole)
		return world;
	world_destroy(world);
	return NULL;
}

void
world_destroy(struct world *world)
{
	if (world == NULL)
		return;
	for (size_t i = 0; i < world->server_count; i++)
		free(world->servers[i].zone);
	free(world);
}

const struct trace_address *
world_address(const struct world *world, size_t index)
{
	return index < world->server_count ? &world->servers[index].address : NULL;
}

static const struct world_server *
find_server(const struct world *world, const struct trace_address *address)
{
	for (size_t i = 0; i < world->server_count; i++) {
		if (trace_address_equal(&world->servers[i].address, address))
			return &world->servers[i];
	}
	return NULL;
}

bool
world_accepts_tcp(const struct world *world, const struct trace_address *address)
{
	const struct world_server *server = find_server(world, address);

	return server != NULL && (server->manners & WORLD_NO_TCP) == 0;
}

uint64_t
world_delay_ns(const struct world *world, const struct trace_address *address)
{
	const struct world_server *server = find_server(world, address);

	return server == NULL ? 0 : server->delay_ms * MS;
}

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
	size_t at = 12;

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
write_reply(const struct world_server *server, const struct query *query, uint16_t flags,
	const struct zone_reply *zone_reply, struct world_reply *reply)
{
	static const uint8_t opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0 };
	const bool has_opt = query->has_edns && (server->manners & WORLD_NO_EDNS) == 0;
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
	byte_writer_bytes(&writer, query->bytes + 12, query->question_end - 12);
	byte_writer_bytes(&writer, zone_reply->bytes, zone_reply->length);
	if (has_opt)
		byte_writer_bytes(&writer, opt, sizeof(opt));
	reply->length = writer.length;
}

static void
append(struct world_reply *reply, const void *bytes, size_t length)
{
	memcpy(reply->bytes + reply->length, bytes, length);
	reply->length += length;
}

/* Octets behind the question that only look like records; the count of answers becomes count. */
static void
spoil(const struct world_server *server, size_t question_end, struct world_reply *reply)
{
	static const uint8_t pointer_loop[] = { 0xc0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2,
		1 };
	static const uint8_t txt_head[] = { 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1 };
	static const uint8_t tsig[] = { 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 0 };
	static const uint8_t ns_head[] = { 0, 2, 0, 1, 0, 0, 0, 1, 0, 2 };
	uint8_t pointer[2];

	memset(reply->bytes + 6, 0, 6);
	reply->bytes[7] = 1;
	reply->length = question_end;
	if ((server->manners & WORLD_POINTER_LOOP) != 0) {
		append(reply, pointer_loop, sizeof(pointer_loop));
		reply->bytes[question_end + 1] = (uint8_t)question_end; /* points to itself */
	} else if ((server->manners & WORLD_STRING_BOMB) != 0) {
		append(reply, txt_head, sizeof(txt_head));
		append(reply, (uint8_t[]){ 0x0f, 0x00 }, 2);
		memset(reply->bytes + reply->length, 0, 0x0f00);
		reply->length += 0x0f00;
		append(reply, tsig, sizeof(tsig)); /* and one record more than was counted */
	} else if ((server->manners & WORLD_TSIG) != 0) {
		append(reply, tsig, sizeof(tsig));
	} else if ((server->manners & WORLD_OVERSIZE) != 0) {
		memset(reply->bytes + reply->length, 0, 6000);
		reply->length += 6000;
	} else {
		/* Each name points to the one before it: a chain as long as the message. */
		reply->bytes[6] = 0;
		reply->bytes[7] = 200;
		for (unsigned int i = 0; i < 200; i++) {
			const size_t target = i == 0 ? 12 : reply->length - 2;
			pointer[0] = (uint8_t)(0xc0 | target >> 8);
			pointer[1] = (uint8_t)target;
			append(reply, pointer, 2);
			append(reply, ns_head, sizeof(ns_head));
			append(reply, pointer, 2);
		}
	}
}

#define SPOILS \
	(WORLD_POINTER_LOOP | WORLD_STRING_BOMB | WORLD_TSIG | WORLD_OVERSIZE | WORLD_POINTER_CHAIN)

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
rcode_of(const struct world_server *server, const struct query *query)
{
	if ((server->manners & WORLD_NO_EDNS) != 0 && query->has_edns)
		return 1;
	if ((server->manners & WORLD_SERVFAILS) != 0)
		return 2;
	if ((server->manners & WORLD_NOTIMPS) != 0)
		return 4;
	return (server->manners & WORLD_REFUSES) != 0 ||
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

static void
answer_honestly(const struct world_server *server, const struct query *query, bool is_tcp,
	struct world_reply *reply)
{
	struct zone_reply zone_reply = { .length = 0 };
	uint16_t flags = rcode_of(server, query);

	if (flags == 0)
		world_zone_answer(server->zone, &query->name, query->type, &zone_reply);
	if (zone_reply.is_authoritative && (server->manners & WORLD_IS_CACHE) == 0)
		flags |= FLAG_AA;
	if ((server->manners & (WORLD_IS_CACHE | WORLD_RECURSES)) != 0)
		flags |= FLAG_RA;
	if (zone_reply.is_nxdomain)
		flags |= 3;
	if ((server->manners & WORLD_UPWARD) != 0) {
		refer_upward(&zone_reply);
		flags = 0;
	}
	if ((server->manners & WORLD_EMPTY) != 0) {
		memset(&zone_reply, 0, sizeof(zone_reply));
		flags = 0;
	}
	/* The last octet of the only record of the answer is that of its address. */
	if ((server->manners & WORLD_TCP_LIES) != 0 && is_tcp && query->type == DNS_TYPE_A &&
		zone_reply.counts[0] == 1)
		zone_reply.bytes[zone_reply.length - 1] ^= 1;
	if (!is_tcp && (server->manners & (WORLD_TRUNCATES | WORLD_DRIPS)) != 0) {
		memset(&zone_reply, 0, sizeof(zone_reply));
		flags |= FLAG_TC;
	}
	write_reply(server, query, flags, &zone_reply, reply);
}

size_t
world_answer(const struct world *world, const struct trace_address *address, bool is_tcp,
	const uint8_t *bytes, size_t length, struct world_reply replies[WORLD_REPLIES_MAX])
{
	const struct world_server *server = find_server(world, address);
	struct world_reply reply = { .bytes = NULL };
	struct query query;
	size_t count = 0;

	if (server == NULL || !read_query(bytes, length, &query) ||
		(is_tcp && (server->manners & WORLD_NO_TCP) != 0) ||
		(!is_tcp && (server->manners & WORLD_NO_UDP) != 0) ||
		(query.has_edns && (server->manners & WORLD_DROPS_EDNS) != 0))
		return 0;
	answer_honestly(server, &query, is_tcp, &reply);
	if (reply.bytes == NULL)
		return 0;
	if ((server->manners & WORLD_GARBAGE) != 0)
		memset(reply.bytes, 0x5a, reply.length);
	if ((server->manners & SPOILS) != 0)
		spoil(server, query.question_end, &reply);
	if ((server->manners & WORLD_LOSES_CASE) != 0) {
		struct dns_name name = query.name;
		dns_name_fold(&name);
		memcpy(reply.bytes + 12, name.bytes, name.length);
	}
	if ((server->manners & WORLD_FORGES) != 0 && !is_tcp)
		count = forge(&reply, replies);
	reply.is_dripped = is_tcp && (server->manners & WORLD_DRIPS) != 0;
	replies[count++] = reply;
	return count;
}
