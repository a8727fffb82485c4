/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "record/observation.h"
#include "trace/name_tree.h"
#include "trace/reply_class.h"
#include "trace/reply_text.h"
#include "trace/zone_cut.h"
#include "trace_script.h"

/*
 * One exchange, and all that is done with the reply that it ends with: what it means to the walk, the servers and addresses taken from
 * it, its text. The first octet says what was asked and how, then follow messages and, by mode, time and trouble.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MS 1000000ULL
#define PRINTED_MAX \
	4 /* records whose data is printed: ldns is slow, and shared with fuzz_dns_answer */
#define EVENTS_MAX    16
#define MODE_TIME     2
#define MODE_TROUBLE  4
#define TROUBLE_SHIFT 3

static struct dns_name host_name;
static struct dns_name zone_name;
static struct dns_name parent_name;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
prepare(void)
{
	struct fault fault = { .text = "" };

	require(dns_name_parse("www.example.com.", &host_name, &fault) == 0 &&
		dns_name_parse("example.com.", &zone_name, &fault) == 0 &&
		dns_name_parse("com.", &parent_name, &fault) == 0);
}

/* Messages, time and trouble until the exchange has ended or the script has. */
static void
play(struct exchange *exchange, struct trace_script *script)
{
	const struct exchange_settings settings = {
		.timeout_ns = 700 * MS, .key = { 1, 2 }, .has_ipv4 = true, .has_ipv6 = false
	};
	uint8_t bytes[QUERY_MESSAGE_REPLY_MAX];
	uint64_t now_ns = 0;
	uint8_t mode = 0;

	exchange_start(exchange, &settings, now_ns);
	for (unsigned int i = 0; i < EVENTS_MAX && exchange->status == EXCHANGE_PENDING; i++) {
		const size_t length = trace_script_next(script, exchange, bytes, &mode);
		require(exchange->wish != EXCHANGE_WISHES_NOTHING &&
			exchange->deadline_ns != UINT64_MAX);
		now_ns = (mode & MODE_TIME) != 0 || mode == 0 ? exchange->deadline_ns : now_ns + MS;
		if ((mode & MODE_TROUBLE) != 0)
			exchange_take_trouble(exchange, &settings,
				(enum exchange_trouble)(mode >> TROUBLE_SHIFT & 3), now_ns);
		else
			require(exchange_take_message(exchange, &settings, bytes, length, now_ns) ==
				0);
		exchange_take_time(exchange, &settings, now_ns);
	}
	exchange_give_up(exchange);
	require(exchange->status != EXCHANGE_PENDING &&
		(exchange->walk != NULL) == (exchange->status == EXCHANGE_REPLIED) &&
		exchange->queries <= 2 * EXCHANGE_ATTEMPTS + 2);
}

/* What the class promises to those who act on it. */
static void
check_class(const struct exchange *exchange, const struct dns_name *zone)
{
	const struct dns_walk *walk = exchange->walk;
	const enum reply_class class = reply_class_of(&exchange->meaning, zone);
	struct dns_name name = { .length = 0 };

	if (class == REPLY_REFERRAL || class == REPLY_AA_REFERRAL) {
		dns_walk_owner(walk,
			reply_class_find(walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_NS), &name);
		require(name_tree_is_below(&name, zone) &&
			name_tree_is_within(&exchange->name, &name));
	}
	if (class == REPLY_ANSWER || class == REPLY_ALIAS)
		require((walk->flags & DNS_FLAG_AA) != 0 &&
			reply_class_find(walk, DNS_SECTION_ANSWER, &exchange->name,
				class == REPLY_ALIAS ? DNS_TYPE_CNAME : exchange->type) != NULL);
	require(reply_class_is_useful(class) || class >= REPLY_UPWARD);
}

static void
take_cut(const struct dns_walk *walk)
{
	static struct zone_cut cut;

	zone_cut_init(&cut, &zone_name, &parent_name);
	zone_cut_take_names(&cut, walk, DNS_SECTION_AUTHORITY, true);
	zone_cut_take_names(&cut, walk, DNS_SECTION_ANSWER, false);
	zone_cut_take_glue(&cut, walk, &parent_name);
	require(cut.server_count <= ZONE_CUT_SERVERS_MAX);
	for (size_t i = 0; i < cut.server_count; i++) {
		const struct cut_server *server = &cut.servers[i];
		require(server->address_count <= ZONE_CUT_ADDRESSES_MAX &&
			(server->is_in_parent || server->is_in_child) &&
			(server->address_count == 0 ||
				name_tree_is_within(&server->name, &parent_name)));
	}
}

static void
read_records(const struct dns_walk *walk)
{
	static uint8_t rdata[DNS_RDATA_BYTES(QUERY_MESSAGE_REPLY_MAX)];

	require(walk->record_count <= QUERY_MESSAGE_RECORDS_MAX);
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };

		dns_walk_owner(walk, record, &owner);
		require(owner.length > 0 && owner.length <= DNS_NAME_BYTES);
		const size_t length = dns_walk_rdata(walk, record, rdata);
		require(length <= sizeof(rdata));
		dns_rdata_fold(record->type, rdata, length);
		if (i < PRINTED_MAX) {
			char *text = reply_text_data(walk, record);
			require(text != NULL);
			free(text);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_NS, DNS_TYPE_SOA, DNS_TYPE_CNAME };
	const struct trace_address address = { .family = 4, .bytes = { 192, 0, 2, 1 } };
	const uint8_t first = size > 0 ? data[0] : 0;
	struct trace_script script = { .data = data, .size = size, .at = size > 0 ? 1 : 0 };
	struct exchange exchange;

	if (host_name.length == 0)
		prepare();
	exchange_init(&exchange, &address, (first & 8) != 0 ? &zone_name : &host_name,
		types[first & 3], (first & 4) != 0 ? EXCHANGE_TCP : EXCHANGE_UDP);
	play(&exchange, &script);
	if (exchange.walk != NULL) {
		check_class(&exchange, &parent_name);
		check_class(&exchange, &zone_name);
		take_cut(exchange.walk);
		read_records(exchange.walk);
	}
	exchange_clear(&exchange);
	return 0;
}
