/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "packet/checksum.h"
#include "packet/frame_builder.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"

#define OURS   0xcb007102U /* 203.0.113.2 */
#define THEIRS 0xc6120709U /* 198.18.7.9 */
#define IP     ETHERNET_HEADER_SIZE
#define TCP    (IP + IPV4_HEADER_SIZE)

static const uint32_t addresses[] = { 0xcb007101U, OURS };
static const struct frame_parser parser = { .local_addresses = addresses,
	.local_address_count = 2 };
static const struct link_endpoints macs = { .our_mac = { 2, 1 }, .gateway_mac = { 2, 2 } };
static uint8_t frame[FRAME_SIZE_MAXIMUM];
static struct parsed_frame parsed;

/* A frame from the peer: it is the local side of what it sends. */
static size_t
build(uint8_t flags, const char *text)
{
	const struct segment segment = {
		.local_address = THEIRS,
		.remote_address = OURS,
		.local_port = 853,
		.remote_port = 40000,
		.sequence = 0xfffffffe,
		.acknowledgment = 77,
		.window = 512,
		.mss = 1400,
		.flags = flags,
		.payload = (const uint8_t *)text,
		.payload_length = (uint16_t)strlen(text),
	};

	return frame_build_segment(&macs, &segment, 1, frame);
}

static void
fix_ip(void)
{
	const size_t size = (size_t)(frame[IP] & 15) * 4;

	memset(frame + IP + IPV4_OFFSET_CHECKSUM, 0, 2);
	const uint16_t checksum = checksum_finish(checksum_add(0, frame + IP, size));
	memcpy(frame + IP + IPV4_OFFSET_CHECKSUM, &checksum, 2);
}

static void
fix_tcp(size_t tcp_length)
{
	memset(frame + TCP + TCP_OFFSET_CHECKSUM, 0, 2);
	const uint16_t checksum = checksum_tcp(frame + IP, frame + TCP, tcp_length);
	memcpy(frame + TCP + TCP_OFFSET_CHECKSUM, &checksum, 2);
}

/* From an exact copy on the heap, so that the sanitizer sees a read past the end. */
static enum frame_kind
parse_with(const struct frame_parser *with, size_t length)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(length > 0 ? length : 1);
	assert_non_null(copy);
	memcpy(copy, frame, length);
	return frame_parse(with, copy, length, &parsed);
}

static enum frame_kind
parse(size_t length)
{
	return parse_with(&parser, length);
}

static void
segment_is_read_in_full(void **state)
{
	assert_int_equal(parse(build(TCP_SYN | TCP_ACK, "hi")), FRAME_TCP);
	assert_int_equal(parsed.kind, FRAME_TCP);
	const struct segment *segment = &parsed.segment;
	assert_int_equal(segment->local_address, OURS);
	assert_int_equal(segment->remote_address, THEIRS);
	assert_int_equal(segment->local_port, 40000);
	assert_int_equal(segment->remote_port, 853);
	assert_int_equal(segment->sequence, 0xfffffffe);
	assert_int_equal(segment->acknowledgment, 77);
	assert_int_equal(segment->window, 512);
	assert_int_equal(segment->mss, 1400);
	assert_int_equal(segment->window_scale, 0);
	assert_int_equal(segment->flags, TCP_SYN | TCP_ACK);
	assert_int_equal(segment->ttl, 64);
	assert_int_equal(segment->payload_length, 2);
	assert_memory_equal(segment->payload, "hi", 2);
}

static void
padding_is_no_payload(void **state)
{
	const size_t length = build(TCP_ACK, "");

	assert_int_equal(length, 60);
	memset(frame + 54, 'P', 6);
	assert_int_equal(parse(length), FRAME_TCP);
	assert_int_equal(parsed.segment.payload_length, 0);
}

static void
every_truncation_is_malformed(void **state)
{
	const size_t length = build(TCP_ACK | TCP_PSH, "some payload here");

	for (size_t i = 0; i < length; i++)
		assert_int_equal(parse(i), FRAME_MALFORMED);
}

static void
every_flipped_bit_is_noticed(void **state)
{
	const size_t length = build(TCP_ACK | TCP_PSH, "some payload here");

	for (size_t bit = IP * 8; bit < length * 8; bit++) {
		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(parse(length), FRAME_TCP);
		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(parse(length), FRAME_TCP);
}

static void
lengths_that_lie_are_malformed(void **state)
{
	const size_t length = build(TCP_ACK, "payload");

	frame[IP] = 0x44;
	fix_ip();
	assert_int_equal(parse(length), FRAME_MALFORMED);
	frame[IP] = 0x65;
	assert_int_equal(parse(length), FRAME_MALFORMED);
	frame[IP] = 0x4f; /* the header is longer than the packet */
	assert_int_equal(parse(length), FRAME_MALFORMED);
	build(TCP_ACK, "payload");
	store_be16(frame + IP + IPV4_OFFSET_TOTAL_LENGTH, 20 + 19);
	fix_ip();
	assert_int_equal(parse(length), FRAME_MALFORMED);
	for (int words = 0; words < 16; words++) {
		build(TCP_ACK, "payload");
		frame[TCP + TCP_OFFSET_DATA_OFFSET] = (uint8_t)(words << 4);
		fix_tcp(27);
		assert_int_equal(
			parse(length), words == 5 || words == 6 ? FRAME_TCP : FRAME_MALFORMED);
	}
}

/* A SYN whose only options are these bytes, padded with what follows. */
static void
parse_options(const uint8_t *options, size_t options_length)
{
	uint8_t text[41] = { 0 };

	memset(text, 'x', options_length);
	build(TCP_SYN, (const char *)text);
	/* The builder wrote an MSS: drop it, and let ours take the place of the payload. */
	memcpy(frame + TCP + TCP_HEADER_SIZE, options, options_length);
	frame[TCP + TCP_OFFSET_DATA_OFFSET] =
		(uint8_t)((TCP_HEADER_SIZE + options_length) / 4 << 4);
	store_be16(frame + IP + IPV4_OFFSET_TOTAL_LENGTH,
		(uint16_t)(IPV4_HEADER_SIZE + TCP_HEADER_SIZE + options_length));
	fix_ip();
	fix_tcp(TCP_HEADER_SIZE + options_length);
	assert_int_equal(parse(TCP + TCP_HEADER_SIZE + options_length), FRAME_TCP);
}

static void
options_of_a_syn_are_read(void **state)
{
	static const uint8_t usual[] = { 2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1,
		3, 3, 7 };
	static const uint8_t huge_scale[] = { 3, 3, 255, 1 };
	static const uint8_t after_end[] = { 1, 0, 2, 4, 0x05, 0xb4, 0, 0 };

	parse_options(usual, sizeof(usual));
	assert_int_equal(parsed.segment.mss, 1460);
	assert_int_equal(parsed.segment.window_scale, 7);
	parse_options(huge_scale, sizeof(huge_scale));
	assert_int_equal(parsed.segment.window_scale, 14);
	assert_int_equal(parsed.segment.mss, 0);
	parse_options(after_end, sizeof(after_end));
	assert_int_equal(parsed.segment.mss, 0);
}

static void
broken_options_end_the_walk(void **state)
{
	static const uint8_t zero_length[] = { 8, 0, 2, 4, 0x05, 0xb4, 1, 1 };
	static const uint8_t too_long[] = { 3, 3, 5, 8, 200, 2, 4, 4 };
	static const uint8_t cut[] = { 1, 1, 1, 2 };
	static const uint8_t wrong_size[] = { 2, 3, 9, 1, 3, 4, 9, 9 };

	parse_options(zero_length, sizeof(zero_length));
	assert_int_equal(parsed.segment.mss, 0);
	parse_options(too_long, sizeof(too_long));
	assert_int_equal(parsed.segment.window_scale, 5);
	assert_int_equal(parsed.segment.mss, 0);
	parse_options(cut, sizeof(cut));
	assert_int_equal(parsed.segment.mss, 0);
	parse_options(wrong_size, sizeof(wrong_size));
	assert_int_equal(parsed.segment.mss, 0);
	assert_int_equal(parsed.segment.window_scale, 0);
}

static void
other_traffic_is_sorted_out(void **state)
{
	size_t length = build(TCP_ACK, "x");

	store_be32(frame + IP + IPV4_OFFSET_DESTINATION, OURS + 1);
	fix_ip();
	assert_int_equal(parse(length), FRAME_OTHER_ADDRESS);
	length = build(TCP_ACK, "x");
	store_be16(frame + IP + IPV4_OFFSET_FRAGMENT, 0x2000);
	fix_ip();
	assert_int_equal(parse(length), FRAME_FRAGMENT);
	store_be16(frame + IP + IPV4_OFFSET_FRAGMENT, 0x4001);
	fix_ip();
	assert_int_equal(parse(length), FRAME_FRAGMENT);
	build(TCP_ACK, "x");
	frame[IP + IPV4_OFFSET_PROTOCOL] = 17;
	fix_ip();
	assert_int_equal(parse(length), FRAME_OTHER_PROTOCOL);
	build(TCP_ACK, "x");
	store_be16(frame + ETHERNET_OFFSET_TYPE, 0x86dd);
	assert_int_equal(parse(length), FRAME_OTHER_PROTOCOL);
}

static void
tags_are_ours_or_not(void **state)
{
	struct link_endpoints tagged = macs;
	struct frame_parser on_vlan = parser;
	const struct segment segment = {
		.local_address = THEIRS, .remote_address = OURS, .flags = TCP_ACK
	};

	tagged.vlan = 5;
	const size_t length = frame_build_segment(&tagged, &segment, 1, frame);
	assert_int_equal(parse(length), FRAME_OTHER_ADDRESS);
	on_vlan.vlan = 5;
	assert_int_equal(parse_with(&on_vlan, length), FRAME_TCP);
	on_vlan.vlan = 6;
	assert_int_equal(parse_with(&on_vlan, length), FRAME_OTHER_ADDRESS);
	for (size_t i = 0; i < 18; i++)
		assert_int_equal(parse_with(&on_vlan, i), FRAME_MALFORMED);
	/* Stripped by the device. */
	assert_int_equal(parse_with(&on_vlan, build(TCP_ACK, "")), FRAME_TCP);
}

/* An ICMP message from a router, in place of TCP: quoted is a segment of ours. */
static size_t
build_icmp_error(uint8_t type, uint8_t code, size_t quoted_length)
{
	const struct segment ours = { .local_address = OURS,
		.remote_address = THEIRS,
		.local_port = 40000,
		.remote_port = 853,
		.sequence = 123456,
		.flags = TCP_SYN };
	uint8_t sent[FRAME_SIZE_MAXIMUM];
	uint8_t message[8 + 64] = { type, code, [6] = 0x05, 0x00 };

	frame_build_segment(&macs, &ours, 1, sent);
	memcpy(message + 8, sent + IP, quoted_length);
	/* An echo reply is a ready carrier: same header, then its type and checksum are changed. */
	const size_t length =
		frame_build_echo_reply(&macs, THEIRS, OURS, message, 8 + quoted_length, frame);
	frame[TCP] = type;
	frame[TCP + 1] = code;
	memset(frame + TCP + 2, 0, 2);
	const uint16_t checksum = checksum_finish(checksum_add(0, frame + TCP, 8 + quoted_length));
	memcpy(frame + TCP + 2, &checksum, 2);
	return length;
}

static void
icmp_errors_name_the_segment(void **state)
{
	assert_int_equal(parse(build_icmp_error(3, 4, 28)), FRAME_ICMP_ERROR);
	assert_int_equal(parsed.icmp_error.reporter_address, THEIRS);
	assert_int_equal(parsed.icmp_error.next_hop_mtu, 1280);
	assert_int_equal(parsed.icmp_error.local_address, OURS);
	assert_int_equal(parsed.icmp_error.remote_address, THEIRS);
	assert_int_equal(parsed.icmp_error.local_port, 40000);
	assert_int_equal(parsed.icmp_error.remote_port, 853);
	assert_int_equal(parsed.icmp_error.sequence, 123456);
	assert_int_equal(parse(build_icmp_error(11, 0, 28)), FRAME_ICMP_ERROR);
	assert_int_equal(parsed.icmp_error.next_hop_mtu, 0);
	assert_int_equal(parse(build_icmp_error(3, 1, 27)), FRAME_MALFORMED);
	assert_int_equal(parse(build_icmp_error(5, 1, 28)), FRAME_OTHER_PROTOCOL);
	const size_t length = build_icmp_error(3, 1, 28);
	frame[TCP + 5] ^= 1;
	assert_int_equal(parse(length), FRAME_BAD_CHECKSUM);
}

static void
echo_and_arp_are_recognised(void **state)
{
	static const uint8_t request[8] = { 8, 0, 0xf7, 0xff };
	static const uint8_t asker[6] = { 2, 9 };

	size_t length = frame_build_echo_reply(&macs, THEIRS, OURS, request, 8, frame);
	memcpy(frame + TCP, request, 4);
	assert_int_equal(parse(length), FRAME_ICMP_ECHO);
	assert_int_equal(parsed.echo.remote_address, THEIRS);
	assert_int_equal(parsed.echo.local_address, OURS);
	assert_int_equal(parsed.echo.message_length, 8);
	length = frame_build_arp_reply(&macs, THEIRS, asker, OURS, frame);
	assert_int_equal(parse(length), FRAME_ARP);
	assert_int_equal(parsed.arp.operation, ARP_REPLY);
	assert_int_equal(parsed.arp.sender_address, THEIRS);
	assert_int_equal(parsed.arp.target_address, OURS);
	assert_memory_equal(parsed.arp.sender_mac, macs.our_mac, 6);
	assert_int_equal(parse(14 + 27), FRAME_MALFORMED);
	frame[14 + 4] = 7;
	assert_int_equal(parse(length), FRAME_OTHER_PROTOCOL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segment_is_read_in_full),
		cmocka_unit_test(padding_is_no_payload),
		cmocka_unit_test(every_truncation_is_malformed),
		cmocka_unit_test(every_flipped_bit_is_noticed),
		cmocka_unit_test(lengths_that_lie_are_malformed),
		cmocka_unit_test(options_of_a_syn_are_read),
		cmocka_unit_test(broken_options_end_the_walk),
		cmocka_unit_test(other_traffic_is_sorted_out),
		cmocka_unit_test(tags_are_ours_or_not),
		cmocka_unit_test(icmp_errors_name_the_segment),
		cmocka_unit_test(echo_and_arp_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
