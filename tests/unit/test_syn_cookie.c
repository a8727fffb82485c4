/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "packet/syn_cookie.h"

static const uint64_t secret[4] = { 0x0123456789abcdefULL, 0xfedcba9876543210ULL,
	0x5555aaaa3333ccccULL, 0x1111222233334444ULL };

static void
assert_age(const struct syn_cookie *cookie, uint32_t remote, uint64_t sent_ns, uint64_t age_ns)
{
	const uint64_t width_ns = 1ULL << cookie->slot_shift;
	const uint16_t port = syn_cookie_port(cookie, remote, sent_ns);
	const uint64_t told_ns = syn_cookie_age_ns(cookie, remote, port, sent_ns + age_ns);

	assert_true(syn_cookie_owns_port(cookie, port));
	if (told_ns > age_ns + width_ns || told_ns + width_ns < age_ns)
		fail_msg("%lu ns are told as %lu ns, slots are %lu ns wide", age_ns, told_ns,
			width_ns);
}

/* The port gives the round trip back to the width of a slot, as long as it is shorter than all slots together. */
static void
test_port_tells_the_age(void **state)
{
	struct random_sequence random = { .state = 1 };

	for (unsigned int bits = 1; bits <= 15; bits++) {
		struct syn_cookie cookie;
		const uint64_t width_ns = 1ULL << (SYN_COOKIE_SPAN_BITS - bits);

		syn_cookie_init(&cookie, secret, bits == 15 ? 32768 : 0x4000, 1U << bits);
		assert_int_equal(1ULL << cookie.slot_shift, width_ns);
		for (int i = 0; i < 20000; i++)
			assert_age(&cookie, (uint32_t)random_next(&random),
				random_next(&random) >> 12,
				random_below(&random, (1ULL << SYN_COOKIE_SPAN_BITS) - width_ns));
	}
}

static void
test_one_port(void **state)
{
	struct syn_cookie cookie;

	syn_cookie_init(&cookie, secret, 40001, 1);
	for (uint64_t now_ns = 0; now_ns < 100000000000ULL; now_ns += 777777777)
		assert_int_equal(syn_cookie_port(&cookie, 0xc6120001, now_ns), 40001);
	assert_true(syn_cookie_owns_port(&cookie, 40001));
	assert_false(syn_cookie_owns_port(&cookie, 40000));
	assert_false(syn_cookie_owns_port(&cookie, 40002));
}

static void
test_ownership_of_every_port(void **state)
{
	static const struct {
		uint16_t first;
		uint32_t count;
	} blocks[] = { { 32768, 16384 }, { 0, 32768 }, { 32768, 32768 }, { 65280, 256 },
		{ 1024, 1024 }, { 2, 2 } };

	for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); b++) {
		struct syn_cookie cookie;

		syn_cookie_init(&cookie, secret, blocks[b].first, blocks[b].count);
		for (uint32_t port = 0; port < 65536; port++)
			assert_int_equal(syn_cookie_owns_port(&cookie, (uint16_t)port),
				port >= blocks[b].first &&
					port - blocks[b].first < blocks[b].count);
	}
}

/* At one moment the targets spread over all ports: a share off by more than half would show a broken spread. */
static void
test_targets_spread_over_ports(void **state)
{
	struct syn_cookie cookie;
	static uint32_t uses[256];

	memset(uses, 0, sizeof(uses));
	syn_cookie_init(&cookie, secret, 32768, 256);
	for (uint32_t i = 0; i < 131072; i++)
		uses[syn_cookie_port(&cookie, 0xc6120000 + i, 5) - 32768]++;
	for (int i = 0; i < 256; i++)
		assert_in_range(uses[i], 256, 768);
}

static void
test_hash_depends_on_all(void **state)
{
	struct syn_cookie cookie;
	struct syn_cookie other;
	uint64_t changed[4];

	memcpy(changed, secret, sizeof(changed));
	changed[1] ^= 1;
	syn_cookie_init(&cookie, secret, 32768, 16384);
	syn_cookie_init(&other, changed, 32768, 16384);
	const uint64_t hash = syn_cookie_hash(&cookie, 0xc6120001, 0xcb007102, 40000);
	assert_true(hash == syn_cookie_hash(&cookie, 0xc6120001, 0xcb007102, 40000));
	assert_true(hash != syn_cookie_hash(&cookie, 0xc6120002, 0xcb007102, 40000));
	assert_true(hash != syn_cookie_hash(&cookie, 0xc6120001, 0xcb007103, 40000));
	assert_true(hash != syn_cookie_hash(&cookie, 0xc6120001, 0xcb017102, 40000));
	assert_true(hash != syn_cookie_hash(&cookie, 0xc6120001, 0xcb007102, 40001));
	assert_true(hash != syn_cookie_hash(&other, 0xc6120001, 0xcb007102, 40000));
}

/* All that a connection of a worker sends, its SYN and FIN included, is acknowledged within the window. */
static void
test_window_holds_a_whole_connection(void **state)
{
	const uint32_t stateless_last = 1 + SYN_COOKIE_SEND_MAXIMUM + 1;
	const uint32_t connected_last = SYN_COOKIE_CONNECT_OFFSET + 1 + SYN_COOKIE_SEND_MAXIMUM + 1;

	assert_true(stateless_last < SYN_COOKIE_CONNECT_OFFSET + 1);
	assert_true(connected_last <= SYN_COOKIE_WINDOW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_port_tells_the_age),
		cmocka_unit_test(test_one_port),
		cmocka_unit_test(test_ownership_of_every_port),
		cmocka_unit_test(test_targets_spread_over_ports),
		cmocka_unit_test(test_hash_depends_on_all),
		cmocka_unit_test(test_window_holds_a_whole_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
