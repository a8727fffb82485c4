/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "dns/dns_rdata.h"
#include "trace/root_hints.h"
#include "trace/server_choice.h"

#define MS      1000000ULL
#define SERVERS 12
#define OPT     11 /* octets */

/* A root of twelve servers that is asked for "test. NS", one choice after the other as answers come. */
static struct inquiry inquiry;
static struct resolver resolver;
static struct zone_cut root;
static struct dns_name name;
static struct resolution resolution;
static enum resolution_failure failure;
static uint64_t now_ns;

static void
set_up(uint64_t key, uint32_t limit)
{
	const struct exchange_settings settings = {
		.timeout_ns = 700 * MS, .key = { key, 2 }, .has_ipv4 = true, .has_ipv6 = true
	};
	struct fault fault = { .text = "" };
	char text[1024] = "";

	for (unsigned int i = 0; i < SERVERS; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			". NS s%u.\ns%u. A 198.51.%u.1\n", i, i, i + 1);
	assert_int_equal(root_hints_parse(text, "hints", &root, &fault), 0);
	assert_int_equal(dns_name_parse("test.", &name, &fault), 0);
	assert_int_equal(inquiry_init(&inquiry, &settings, limit), 0);
	resolver_init(&resolver, &inquiry, &root, true);
	now_ns = 0;
}

static void
clear(void)
{
	resolver_clear(&resolver);
	inquiry_clear(&inquiry);
}

static enum server_choice
choose(void)
{
	memset(&resolution, 0, sizeof(resolution));
	const enum server_choice choice =
		server_choice_make(&resolver, &root, &name, DNS_TYPE_NS, &resolution, &failure);
	(void)inquiry_advance(&inquiry, now_ns);
	return choice;
}

/* The reply of one server: an answer, or refusal. */
static void
reply(uint32_t index, bool is_useful)
{
	struct exchange *exchange = inquiry.exchanges[index];
	uint8_t bytes[QUERY_MESSAGE_BYTES + 64];
	size_t length = exchange_query(exchange, bytes) - (exchange->query.has_edns ? OPT : 0);

	store_be16(bytes + 2, is_useful ? 0x8400 : 0x8005);
	store_be16(bytes + 6, is_useful);
	store_be16(bytes + 10, 0);
	if (is_useful) {
		memcpy(bytes + length, "\xc0\14\0\2\0\1\0\0\0\1\0\2\xc0\14", 14);
		length += 14;
	}
	assert_int_equal(
		exchange_take_message(exchange, &inquiry.settings, bytes, length, now_ns), 0);
	inquiry_note_end(&inquiry, exchange);
}

static void
asks_one_after_the_other_until_one_is_useful(void **state)
{
	set_up(1, 0);
	assert_int_equal(choose(), SERVER_CHOICE_PENDING);
	assert_int_equal(choose(), SERVER_CHOICE_PENDING);
	assert_int_equal(inquiry.count, 1);
	reply(0, false);
	assert_int_equal(choose(), SERVER_CHOICE_PENDING);
	assert_int_equal(inquiry.count, 2);
	reply(1, true);
	assert_int_equal(choose(), SERVER_CHOICE_MADE);
	assert_int_equal(inquiry.count, 2);
	assert_int_equal(resolution.step_count, 2);
	assert_int_equal(resolution.steps[0].class, REPLY_REFUSES);
	assert_int_equal(resolution.steps[1].class, REPLY_ANSWER);
	assert_ptr_equal(resolution.steps[1].exchange, inquiry.exchanges[1]);
	clear();
}

static void
asks_the_next_beside_one_that_is_slow(void **state)
{
	set_up(1, 0);
	assert_int_equal(choose(), SERVER_CHOICE_PENDING);
	now_ns = 700 * MS;
	(void)inquiry_advance(&inquiry, now_ns);
	assert_int_equal(choose(), SERVER_CHOICE_PENDING);
	assert_int_equal(inquiry.count, 2);
	reply(1, true);
	/* The one that is still silent no longer matters, nor does what it says later. */
	assert_int_equal(choose(), SERVER_CHOICE_MADE);
	assert_ptr_equal(resolution.steps[0].exchange, inquiry.exchanges[1]);
	reply(0, true);
	assert_int_equal(choose(), SERVER_CHOICE_MADE);
	assert_int_equal(resolution.step_count, 1);
	assert_ptr_equal(resolution.steps[0].exchange, inquiry.exchanges[1]);
	clear();
}

/* All refuse: no server, and nobody is asked over TCP, since all have answered. */
static void
ends_where_nobody_helps(void **state)
{
	set_up(1, 0);
	for (uint32_t i = 0; i < SERVERS; i++) {
		assert_int_equal(choose(), SERVER_CHOICE_PENDING);
		assert_int_equal(inquiry.count, i + 1);
		reply(i, false);
	}
	assert_int_equal(choose(), SERVER_CHOICE_NONE);
	assert_int_equal(failure, RESOLUTION_NO_SERVER);
	assert_int_equal(resolution.step_count, SERVERS);
	assert_int_equal(inquiry.count, SERVERS);
	clear();
}

static void
turns_to_tcp_where_all_are_silent(void **state)
{
	enum server_choice choice = SERVER_CHOICE_PENDING;

	set_up(1, 0);
	while (inquiry.count <= SERVERS && choice == SERVER_CHOICE_PENDING) {
		choice = choose();
		now_ns = inquiry_advance(&inquiry, now_ns);
		assert_true(now_ns != UINT64_MAX);
		(void)inquiry_advance(&inquiry, now_ns);
	}
	assert_int_equal(choice, SERVER_CHOICE_PENDING);
	assert_int_equal(inquiry.exchanges[SERVERS]->transport, EXCHANGE_TCP);
	clear();
}

static void
gives_up_at_the_limit(void **state)
{
	set_up(1, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(choose(), SERVER_CHOICE_PENDING);
		reply(i, false);
	}
	assert_int_equal(choose(), SERVER_CHOICE_NONE);
	assert_int_equal(failure, RESOLUTION_LIMITED);
	clear();
}

/* For a server's address fewer are asked. */
static void
asks_fewer_for_the_address_of_a_server(void **state)
{
	set_up(1, 0);
	resolver.depth = 1;
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(choose(), SERVER_CHOICE_PENDING);
		reply(i, false);
	}
	assert_int_equal(choose(), SERVER_CHOICE_NONE);
	assert_int_equal(inquiry.count, 8);
	clear();
}

/* Another key, another order; over 20 keys at least 5 of the 12 servers come first. */
static void
begins_at_random(void **state)
{
	bool was_first[SERVERS + 1] = { false };
	unsigned int distinct = 0;

	for (uint64_t key = 0; key < 20; key++) {
		set_up(key, 0);
		(void)choose();
		was_first[inquiry.exchanges[0]->address.bytes[2]] = true;
		clear();
	}
	for (unsigned int i = 1; i <= SERVERS; i++)
		distinct += was_first[i];
	assert_in_range(distinct, 5, SERVERS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_one_after_the_other_until_one_is_useful),
		cmocka_unit_test(asks_the_next_beside_one_that_is_slow),
		cmocka_unit_test(ends_where_nobody_helps),
		cmocka_unit_test(turns_to_tcp_where_all_are_silent),
		cmocka_unit_test(gives_up_at_the_limit),
		cmocka_unit_test(asks_fewer_for_the_address_of_a_server),
		cmocka_unit_test(begins_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
