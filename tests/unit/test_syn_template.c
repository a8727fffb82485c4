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
#include "packet/syn_template.h"

static struct link_endpoints
draw_link(struct random_sequence *random, uint16_t vlan)
{
	struct link_endpoints link = { .vlan = vlan };

	for (int i = 0; i < MAC_SIZE; i++) {
		link.our_mac[i] = (uint8_t)random_next(random);
		link.gateway_mac[i] = (uint8_t)random_next(random);
	}
	return link;
}

/* Now and then all zeros or all ones: where checksums carry. */
static uint32_t
draw_number(struct random_sequence *random)
{
	switch (random_below(random, 8)) {
	case 0:
		return 0;
	case 1:
		return UINT32_MAX;
	default:
		return (uint32_t)random_next(random);
	}
}

static void
assert_same_frame(const struct link_endpoints *link, const struct syn_fields *fields, uint16_t port)
{
	const struct segment segment = {
		.local_address = fields->local_address,
		.remote_address = fields->remote_address,
		.local_port = fields->local_port,
		.remote_port = port,
		.sequence = fields->sequence,
		.window = OUR_SYN_WINDOW,
		.mss = OUR_MSS,
		.flags = TCP_SYN,
	};
	struct syn_template syn;
	uint8_t frame[SYN_TEMPLATE_SIZE];
	uint8_t expected[FRAME_SIZE_MAXIMUM];
	/* The template keeps it in memory order, since it is random anyhow. */
	const uint16_t identification = __builtin_bswap16(fields->identification);

	syn_template_init(&syn, link, port);
	memset(frame, 0xee, sizeof(frame));
	syn_template_write(&syn, fields, frame);
	const size_t length = frame_build_segment(link, &segment, identification, expected);
	assert_int_equal(syn.length, length);
	assert_memory_equal(frame, expected, length);
}

static void
play(uint16_t vlan)
{
	struct random_sequence random = { .state = 3 + vlan };

	for (int i = 0; i < 20000; i++) {
		const struct link_endpoints link = draw_link(&random, vlan);
		const struct syn_fields fields = {
			.local_address = draw_number(&random),
			.remote_address = draw_number(&random),
			.sequence = draw_number(&random),
			.local_port = (uint16_t)draw_number(&random),
			.identification = (uint16_t)draw_number(&random),
		};

		assert_same_frame(&link, &fields, (uint16_t)draw_number(&random));
	}
}

static void
test_same_as_a_built_frame(void **state)
{
	play(0);
}

static void
test_same_with_vlan(void **state)
{
	play(7);
	play(4094);
}

static void
test_is_the_shortest_frame(void **state)
{
	struct link_endpoints link = { .vlan = 0 };
	struct syn_template syn;

	syn_template_init(&syn, &link, 853);
	assert_int_equal(syn.length, ETHERNET_FRAME_MINIMUM);
	link.vlan = 5;
	syn_template_init(&syn, &link, 853);
	assert_true(syn.length <= SYN_TEMPLATE_SIZE);
}

/* As its receiver sees it: checksums right, one option. */
static void
test_receiver_takes_it(void **state)
{
	const struct link_endpoints link = { { 2, 1 }, { 2, 2 }, 0 };
	const struct syn_fields fields = { 0xcb007102, 0xc6120709, 0xdeadbeef, 40000, 77 };
	const uint32_t remote = 0xc6120709;
	const struct frame_parser parser = { &remote, 1, 0 };
	struct syn_template syn;
	struct parsed_frame parsed;
	uint8_t frame[SYN_TEMPLATE_SIZE];

	syn_template_init(&syn, &link, 853);
	syn_template_write(&syn, &fields, frame);
	assert_int_equal(frame_parse(&parser, frame, syn.length, &parsed), FRAME_TCP);
	assert_int_equal(parsed.segment.remote_address, 0xcb007102);
	assert_int_equal(parsed.segment.remote_port, 40000);
	assert_int_equal(parsed.segment.local_port, 853);
	assert_int_equal(parsed.segment.sequence, 0xdeadbeef);
	assert_int_equal(parsed.segment.flags, TCP_SYN);
	assert_int_equal(parsed.segment.mss, OUR_MSS);
	assert_int_equal(parsed.segment.window, OUR_SYN_WINDOW);
	assert_int_equal(parsed.segment.payload_length, 0);
	assert_int_equal(parsed.segment.ttl, IPV4_OUR_TTL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_a_built_frame),
		cmocka_unit_test(test_same_with_vlan),
		cmocka_unit_test(test_is_the_shortest_frame),
		cmocka_unit_test(test_receiver_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
