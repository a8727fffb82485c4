/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "packet/frame_builder.h"
#include "packet/frame_parser.h"
#include "scan/reception.h"
#include "scan/syn_source.h"

#define REMOTE_PORT 853

static const uint64_t secret[4] = { 5, 6, 0x7654321089abcdefULL, 8 };

struct fixture {
	struct syn_cookie cookie;
	struct syn_source source;
	uint32_t addresses[3];
};

static void
setup(struct fixture *fixture, uint32_t address_count)
{
	static const struct link_endpoints link = { { 2, 1 }, { 2, 2 }, 0 };

	for (uint32_t i = 0; i < 3; i++)
		fixture->addresses[i] = 0xcb007102 + i;
	syn_cookie_init(&fixture->cookie, secret, 32768, 16384);
	fixture->source = (struct syn_source){
		.cookie = &fixture->cookie,
		.local_addresses = fixture->addresses,
		.local_address_count = address_count,
	};
	syn_template_init(&fixture->source.syn, &link, REMOTE_PORT);
}

static struct segment
syn_seen_by(const struct fixture *fixture, uint32_t remote, uint64_t now_ns)
{
	const struct frame_parser parser = { &remote, 1, 0 };
	struct parsed_frame parsed;
	uint8_t frame[SYN_TEMPLATE_SIZE];

	syn_source_write(&fixture->source, remote, now_ns, frame);
	assert_int_equal(
		frame_parse(&parser, frame, fixture->source.syn.length, &parsed), FRAME_TCP);
	return parsed.segment;
}

/* What a host that follows the RFC answers is a hit, and tells the round trip. */
static void
test_answer_is_a_hit(void **state)
{
	struct random_sequence random = { .state = 12 };
	struct fixture fixture;

	setup(&fixture, 3);
	const struct receiver receiver = { { fixture.addresses, 3, 0 }, &fixture.cookie,
		REMOTE_PORT };
	for (int i = 0; i < 20000; i++) {
		const uint32_t remote = (uint32_t)random_next(&random);
		const uint64_t sent_ns = random_next(&random) >> 10;
		const uint64_t rtt_ns = random_below(&random, 4000000000ULL);
		const struct segment syn = syn_seen_by(&fixture, remote, sent_ns);
		static const struct link_endpoints link = { { 2, 2 }, { 2, 1 }, 0 };
		struct segment answer = syn;
		struct parsed_frame parsed;
		uint8_t frame[FRAME_SIZE_MAXIMUM];

		answer.flags = TCP_SYN | TCP_ACK;
		answer.acknowledgment = syn.sequence + 1;
		answer.sequence = (uint32_t)random_next(&random);
		const size_t length = frame_build_segment(&link, &answer, 1, frame);
		assert_int_equal(
			receiver_sort(&receiver, frame, length, &parsed), RECEPTION_SYNACK);
		assert_int_equal(parsed.segment.remote_address, remote);
		const uint64_t told_ns = syn_cookie_age_ns(
			&fixture.cookie, remote, parsed.segment.local_port, sent_ns + rtt_ns);
		assert_in_range(told_ns + (1 << 18), rtt_ns, rtt_ns + (2 << 18));
	}
}

static void
test_fields(void **state)
{
	struct fixture fixture;

	setup(&fixture, 1);
	const struct segment syn = syn_seen_by(&fixture, 0xc6120709, 123456789);
	assert_int_equal(syn.flags, TCP_SYN);
	assert_int_equal(syn.remote_address, fixture.addresses[0]);
	assert_int_equal(syn.local_port, REMOTE_PORT);
	assert_int_equal(syn.remote_port, syn_cookie_port(&fixture.cookie, 0xc6120709, 123456789));
	assert_int_equal(syn.sequence, (uint32_t)syn_cookie_hash(&fixture.cookie, 0xc6120709,
					       fixture.addresses[0], syn.remote_port));
	assert_int_equal(syn.mss, OUR_MSS);
	/* The same moment gives the same SYN, a later one another port. */
	assert_int_equal(syn_seen_by(&fixture, 0xc6120709, 123456789).sequence, syn.sequence);
	assert_int_not_equal(
		syn_seen_by(&fixture, 0xc6120709, 2123456789).remote_port, syn.remote_port);
}

static void
test_one_target_sees_one_address_of_ours(void **state)
{
	struct random_sequence random = { .state = 13 };
	struct fixture fixture;
	uint32_t uses[3] = { 0 };

	setup(&fixture, 3);
	for (uint32_t i = 0; i < 3000; i++) {
		const uint32_t remote = 0xc6120000 + i;
		const struct segment syn = syn_seen_by(&fixture, remote, 0);

		for (int again = 0; again < 3; again++)
			assert_int_equal(syn_seen_by(&fixture, remote, random_next(&random) >> 8)
						 .remote_address,
				syn.remote_address);
		assert_in_range(syn.remote_address, fixture.addresses[0], fixture.addresses[2]);
		uses[syn.remote_address - fixture.addresses[0]]++;
	}
	for (int i = 0; i < 3; i++)
		assert_in_range(uses[i], 800, 1200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_is_a_hit),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_one_target_sees_one_address_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
