/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "dns/dns_rdata.h"
#include "support/dns_fixture.h"
#include "trace/exchange.h"
#include "trace/name_tree.h"

#define MS      1000000ULL
#define TIMEOUT (700 * MS)
#define TC      0x0200
#define OPT     11 /* octets */

static const struct exchange_settings settings = {
	.timeout_ns = TIMEOUT, .key = { 1, 2 }, .has_ipv4 = true, .has_ipv6 = false
};
static struct exchange exchange;

static void
start(enum exchange_transport transport)
{
	const struct trace_address address = { .family = 4, .bytes = { 192, 0, 2, 1 } };
	const struct dns_name name = dns_fixture_name("WWW.example.com.");

	exchange_init(&exchange, &address, &name, DNS_TYPE_A, transport);
	exchange_start(&exchange, &settings, 0);
}

static int
clear(void **state)
{
	exchange_clear(&exchange);
	return 0;
}

/* The present query turned into a reply without records. Returns its length. */
static size_t
make_reply(uint16_t flags, uint8_t *bytes)
{
	const size_t length =
		exchange_query(&exchange, bytes) - (exchange.query.has_edns ? OPT : 0);

	store_be16(bytes + 2, (uint16_t)(0x8400 | flags));
	store_be16(bytes + 10, 0);
	return length;
}

static void
take(uint8_t *bytes, size_t length, uint64_t now_ns)
{
	assert_int_equal(exchange_take_message(&exchange, &settings, bytes, length, now_ns), 0);
}

static void
reply(uint16_t flags, uint64_t now_ns)
{
	uint8_t bytes[QUERY_MESSAGE_BYTES];

	take(bytes, make_reply(flags, bytes), now_ns);
}

static void
asks_without_recursion_and_takes_the_reply(void **state)
{
	uint8_t bytes[QUERY_MESSAGE_BYTES];

	start(EXCHANGE_UDP);
	assert_int_equal(exchange.wish, EXCHANGE_WISHES_UDP);
	assert_int_equal(exchange.deadline_ns, TIMEOUT);
	assert_int_equal(exchange_query(&exchange, bytes), 12 + 17 + 4 + OPT);
	assert_int_equal(load_be16(bytes + 2), 0);
	reply(0, 40 * MS);
	assert_int_equal(exchange.status, EXCHANGE_REPLIED);
	assert_int_equal(exchange.wish, EXCHANGE_WISHES_NOTHING);
	assert_int_equal(exchange.duration_ns, 40 * MS);
	assert_int_equal(exchange.walk->length, 12 + 17 + 4);
	assert_ptr_not_equal(exchange.walk->message, bytes);
}

static void
ignores_and_counts_what_is_not_the_reply(void **state)
{
	uint8_t bytes[QUERY_MESSAGE_BYTES];

	start(EXCHANGE_UDP);
	size_t length = make_reply(0, bytes);
	bytes[0] ^= 1; /* another id */
	take(bytes, length, MS);
	length = make_reply(0, bytes);
	bytes[length - 3] = DNS_TYPE_NS; /* another type */
	take(bytes, length, MS);
	length = make_reply(0, bytes);
	bytes[2] = 0; /* no reply */
	take(bytes, length, MS);
	take(bytes, 3, MS);
	assert_int_equal(exchange.status, EXCHANGE_PENDING);
	assert_int_equal(exchange.ignored, 4);
	assert_int_equal(exchange.queries, 1);
	reply(0, 2 * MS);
	assert_int_equal(exchange.status, EXCHANGE_REPLIED);
}

static void
asks_three_times_and_the_last_without_edns(void **state)
{
	start(EXCHANGE_UDP);
	exchange_take_time(&exchange, &settings, TIMEOUT - 1);
	assert_int_equal(exchange.queries, 1);
	exchange_take_time(&exchange, &settings, TIMEOUT);
	assert_int_equal(exchange.queries, 2);
	assert_int_equal(exchange.deadline_ns, 3 * TIMEOUT);
	assert_true(exchange.query.has_edns);
	exchange_take_time(&exchange, &settings, 3 * TIMEOUT);
	assert_false(exchange.query.has_edns);
	assert_int_equal(exchange.deadline_ns, 7 * TIMEOUT);
	exchange_take_time(&exchange, &settings, 7 * TIMEOUT);
	assert_int_equal(exchange.status, EXCHANGE_SILENT);
	assert_int_equal(exchange.queries, EXCHANGE_ATTEMPTS);
}

static void
asks_anew_without_what_the_server_cannot_bear(void **state)
{
	static const uint16_t rcodes[] = { 1, 4 };

	for (size_t i = 0; i < 2; i++) {
		start(EXCHANGE_UDP);
		const uint16_t id = exchange.query.id;
		reply(rcodes[i], MS);
		assert_int_equal(exchange.status, EXCHANGE_PENDING);
		assert_false(exchange.query.has_edns);
		assert_int_not_equal(exchange.query.id, id);
		reply(rcodes[i], 2 * MS);
		assert_int_equal(exchange.status, EXCHANGE_REPLIED);
		assert_int_equal(exchange.queries, 2);
		assert_true(exchange.edns_failed);
		exchange_clear(&exchange);
	}
}

static void
turns_to_tcp_where_the_reply_is_cut_off(void **state)
{
	start(EXCHANGE_UDP);
	reply(TC, MS);
	assert_int_equal(exchange.wish, EXCHANGE_WISHES_TCP);
	assert_true(exchange.was_truncated);
	assert_int_equal(exchange.deadline_ns, MS + 7 * TIMEOUT);
	reply(TC, 2 * MS);
	assert_int_equal(exchange.status, EXCHANGE_BROKEN);
	assert_string_equal(exchange.broken_reason, "cut off over TCP");
}

/* A reply whose letters are not in the case that they were asked in. */
static void
reply_in_another_case(uint64_t now_ns)
{
	uint8_t bytes[QUERY_MESSAGE_BYTES];
	const size_t length = make_reply(0, bytes);

	bytes[13] ^= 0x20;
	take(bytes, length, now_ns);
}

static void
asks_again_in_lower_case_but_only_once(void **state)
{
	start(EXCHANGE_UDP);
	reply_in_another_case(MS);
	assert_int_equal(exchange.queries, 1);
	exchange_take_time(&exchange, &settings, TIMEOUT);
	assert_memory_equal(exchange.query.name.bytes, "\3www\7example\3com", 17);
	reply(0, TIMEOUT + MS);
	assert_int_equal(exchange.status, EXCHANGE_REPLIED);
	exchange_clear(&exchange);

	/* Over TCP there is nobody else that could have sent it. */
	start(EXCHANGE_TCP);
	reply_in_another_case(MS);
	assert_int_equal(exchange.queries, 2);
	reply_in_another_case(2 * MS);
	assert_int_equal(exchange.status, EXCHANGE_BROKEN);
	assert_int_equal(exchange.queries, 2);
}

static void
tells_trouble_apart(void **state)
{
	start(EXCHANGE_TCP);
	exchange_take_trouble(&exchange, &settings, EXCHANGE_NOT_ACCEPTED, MS);
	assert_int_equal(exchange.status, EXCHANGE_REFUSED);
	start(EXCHANGE_TCP);
	exchange_take_trouble(&exchange, &settings, EXCHANGE_CLOSED, MS);
	assert_int_equal(exchange.status, EXCHANGE_SILENT);
	start(EXCHANGE_TCP);
	exchange_take_trouble(&exchange, &settings, EXCHANGE_TOO_LONG, MS);
	assert_int_equal(exchange.status, EXCHANGE_BROKEN);
	start(EXCHANGE_UDP);
	exchange_take_trouble(&exchange, &settings, EXCHANGE_NOT_ROUTED, MS);
	assert_int_equal(exchange.status, EXCHANGE_NO_ROUTE);
	start(EXCHANGE_UDP);
	exchange_take_trouble(&exchange, &settings, EXCHANGE_NOT_ACCEPTED, MS);
	assert_int_equal(exchange.status, EXCHANGE_PENDING);
	exchange_give_up(&exchange);
	assert_int_equal(exchange.status, EXCHANGE_GIVEN_UP);
}

static void
sends_nothing_where_there_is_no_route(void **state)
{
	const struct trace_address address = { .family = 6, .bytes = { 0x2a } };

	exchange_init(&exchange, &address, &name_tree_root, DNS_TYPE_NS, EXCHANGE_UDP);
	exchange_start(&exchange, &settings, 0);
	assert_int_equal(exchange.status, EXCHANGE_NO_ROUTE);
	assert_int_equal(exchange.queries, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(asks_without_recursion_and_takes_the_reply, clear),
		cmocka_unit_test_teardown(ignores_and_counts_what_is_not_the_reply, clear),
		cmocka_unit_test_teardown(asks_three_times_and_the_last_without_edns, clear),
		cmocka_unit_test_teardown(asks_anew_without_what_the_server_cannot_bear, clear),
		cmocka_unit_test_teardown(turns_to_tcp_where_the_reply_is_cut_off, clear),
		cmocka_unit_test_teardown(asks_again_in_lower_case_but_only_once, clear),
		cmocka_unit_test_teardown(tells_trouble_apart, clear),
		cmocka_unit_test_teardown(sends_nothing_where_there_is_no_route, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
