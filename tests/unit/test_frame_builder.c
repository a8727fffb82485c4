/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "packet/checksum.h"
#include "packet/frame_builder.h"
#include "packet/wire_headers.h"

#define OURS   0xcb007102U /* 203.0.113.2 */
#define THEIRS 0xc6120709U /* 198.18.7.9 */

static const struct link_endpoints untagged = {
	.our_mac = { 2, 0, 0, 0, 0, 1 },
	.gateway_mac = { 2, 0, 0, 0, 0, 2 },
};
static uint8_t frame[FRAME_SIZE_MAXIMUM];

static int
poison(void **state)
{
	memset(frame, 0xa5, sizeof(frame));
	return 0;
}

static void
syn_is_exactly_this_frame(void **state)
{
	const struct segment syn = {
		.local_address = OURS,
		.remote_address = THEIRS,
		.local_port = 40000,
		.remote_port = 853,
		.sequence = 0x01020304,
		.acknowledgment = 0xffffffff,
		.window = OUR_SYN_WINDOW,
		.mss = 1460,
		.flags = TCP_SYN,
	};
	static const uint8_t wanted[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00, /* Ethernet */
		0x45, 0, 0, 44, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 203, 0, 113, 2, 198, 18, 7, 9,
		0x9c, 0x40, 0x03, 0x55, 1, 2, 3, 4, 0, 0, 0, 0, 0x60, 0x02, 0xfa, 0xf0, 0, 0, 0, 0,
		2, 4, 0x05, 0xb4, /* MSS 1460 */
		0, 0,             /* padding */
	};

	assert_int_equal(frame_build_segment(&untagged, &syn, 0x1234, frame), 60);
	assert_int_equal(checksum_finish(checksum_add(0, frame + 14, 20)), 0);
	assert_int_equal(checksum_tcp(frame + 14, frame + 34, 24), 0);
	memset(frame + 14 + IPV4_OFFSET_CHECKSUM, 0, 2);
	memset(frame + 34 + TCP_OFFSET_CHECKSUM, 0, 2);
	assert_memory_equal(frame, wanted, sizeof(wanted));
	/* Not a byte beyond. */
	assert_int_equal(frame[60], 0xa5);
}

static void
tag_moves_everything_by_four(void **state)
{
	struct link_endpoints tagged = untagged;
	const struct segment segment = {
		.local_address = OURS, .remote_address = THEIRS, .flags = TCP_ACK
	};
	uint8_t plain[FRAME_SIZE_MAXIMUM];

	tagged.vlan = 0x123;
	frame_build_segment(&untagged, &segment, 7, plain);
	assert_int_equal(frame_build_segment(&tagged, &segment, 7, frame), 60);
	assert_memory_equal(frame, plain, 12);
	assert_memory_equal(frame + 12, "\x81\x00\x01\x23\x08\x00", 6);
	assert_memory_equal(frame + 18, plain + 14, 40);
}

static void
full_segment_fits(void **state)
{
	static uint8_t payload[OUR_MSS];
	const struct segment segment = { .local_address = OURS,
		.remote_address = THEIRS,
		.flags = TCP_ACK | TCP_PSH,
		.payload = payload,
		.payload_length = OUR_MSS };
	struct link_endpoints tagged = untagged;

	tagged.vlan = 1;
	memset(payload, 'p', sizeof(payload));
	assert_int_equal(frame_build_segment(&untagged, &segment, 7, frame), 1514);
	assert_memory_equal(frame + 54, payload, sizeof(payload));
	assert_int_equal(checksum_tcp(frame + 14, frame + 34, 20 + OUR_MSS), 0);
	assert_int_equal(frame_build_segment(&tagged, &segment, 7, frame), FRAME_SIZE_MAXIMUM);
}

static void
arp_asks_everybody_and_answers_one(void **state)
{
	static const uint8_t asker[6] = { 2, 9, 9, 9, 9, 9 };
	static const uint8_t request[] = { 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x08,
		0x06, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 203, 0, 113, 2, 0, 0, 0, 0, 0, 0,
		198, 18, 7, 9 };
	static const uint8_t reply[] = { 2, 9, 9, 9, 9, 9, 2, 0, 0, 0, 0, 1, 0x08, 0x06, 0, 1, 8, 0,
		6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 203, 0, 113, 2, 2, 9, 9, 9, 9, 9, 198, 18, 7, 9 };

	assert_int_equal(frame_build_arp_request(&untagged, OURS, THEIRS, frame), 60);
	assert_memory_equal(frame, request, sizeof(request));
	assert_int_equal(frame_build_arp_reply(&untagged, OURS, asker, THEIRS, frame), 60);
	assert_memory_equal(frame, reply, sizeof(reply));
}

static void
echo_reply_keeps_the_data(void **state)
{
	static uint8_t request[3000] = { 8, 0, 0x11, 0x22, 0xab, 0xcd, 0, 7, 'd', 'a', 't', 'a',
		'!' };

	assert_int_equal(frame_build_echo_reply(&untagged, OURS, THEIRS, request, 13, frame), 60);
	assert_int_equal(frame[14 + 9], IP_PROTOCOL_ICMP);
	assert_int_equal(checksum_finish(checksum_add(0, frame + 14, 20)), 0);
	assert_int_equal(checksum_finish(checksum_add(0, frame + 34, 13)), 0);
	assert_int_equal(frame[34], 0);
	assert_memory_equal(frame + 38, request + 4, 9);
	assert_int_equal(
		frame_build_echo_reply(&untagged, OURS, THEIRS, request, sizeof(request), frame),
		1514);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(syn_is_exactly_this_frame, poison),
		cmocka_unit_test_setup(tag_moves_everything_by_four, poison),
		cmocka_unit_test_setup(full_segment_fits, poison),
		cmocka_unit_test_setup(arp_asks_everybody_and_answers_one, poison),
		cmocka_unit_test_setup(echo_reply_keeps_the_data, poison),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
