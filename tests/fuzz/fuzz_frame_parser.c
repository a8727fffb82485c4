/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "packet/checksum.h"
#include "packet/frame_builder.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"

/*
 * The first byte says how to use the rest: as a frame as it is, or with addresses and checksums put right, since no fuzzer
 * guesses those. Whatever is a segment of a size that we can send must survive being built and parsed again.
 */
#define OURS 0xcb007102U

static const uint32_t addresses[] = { OURS };

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
store_checksum(uint8_t *at, uint16_t checksum)
{
	memcpy(at, &checksum, sizeof(checksum));
}

static void
repair(uint8_t *frame, size_t length, uint16_t vlan)
{
	size_t offset = ETHERNET_HEADER_SIZE;

	if (vlan != 0)
		offset += VLAN_TAG_SIZE;
	if (length < offset + IPV4_HEADER_SIZE)
		return;
	if (vlan != 0) {
		store_be16(frame + ETHERNET_OFFSET_TYPE, ETHERTYPE_VLAN);
		store_be16(frame + ETHERNET_HEADER_SIZE, vlan);
	}
	store_be16(frame + offset - 2, ETHERTYPE_IPV4);
	uint8_t *ip = frame + offset;
	const size_t header_size = (size_t)(ip[0] & 15) * 4;
	const size_t total = load_be16(ip + IPV4_OFFSET_TOTAL_LENGTH);
	store_be32(ip + IPV4_OFFSET_DESTINATION, OURS);
	if (total > length - offset || header_size < IPV4_HEADER_SIZE || header_size + 20 > total)
		return;
	store_be16(ip + IPV4_OFFSET_CHECKSUM, 0);
	store_checksum(
		ip + IPV4_OFFSET_CHECKSUM, checksum_finish(checksum_add(0, ip, header_size)));
	uint8_t *body = ip + header_size;
	const size_t body_length = total - header_size;
	if (ip[IPV4_OFFSET_PROTOCOL] == IP_PROTOCOL_TCP) {
		store_be16(body + TCP_OFFSET_CHECKSUM, 0);
		store_checksum(body + TCP_OFFSET_CHECKSUM, checksum_tcp(ip, body, body_length));
	} else {
		store_be16(body + 2, 0);
		store_checksum(body + 2, checksum_finish(checksum_add(0, body, body_length)));
	}
}

static void
check_round_trip(const struct segment *segment, uint16_t vlan)
{
	const struct link_endpoints macs = {
		.our_mac = { 2, 1 }, .gateway_mac = { 2, 2 }, .vlan = vlan
	};
	struct segment reply = *segment;
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	struct parsed_frame parsed;

	/* With the ends exchanged it is for somebody else: parse it there. A SYN with MSS has 4 bytes less room. */
	const size_t room = (segment->flags & TCP_SYN) != 0 ? OUR_MSS - 4 : OUR_MSS;
	if (segment->payload_length > room)
		return;
	const struct frame_parser there = {
		.local_addresses = &reply.remote_address, .local_address_count = 1, .vlan = vlan
	};
	const size_t length = frame_build_segment(&macs, &reply, 9, frame);
	check(length >= ETHERNET_FRAME_MINIMUM && length <= FRAME_SIZE_MAXIMUM);
	check(frame_parse(&there, frame, length, &parsed) == FRAME_TCP);
	const struct segment *again = &parsed.segment;
	check(again->local_address == reply.remote_address);
	check(again->remote_address == reply.local_address);
	check(again->local_port == reply.remote_port && again->remote_port == reply.local_port);
	check(again->sequence == reply.sequence && again->window == reply.window);
	check(again->flags == reply.flags && again->mss == reply.mss);
	check((reply.flags & TCP_ACK) == 0 || again->acknowledgment == reply.acknowledgment);
	check(again->payload_length == reply.payload_length);
	check(reply.payload_length == 0 ||
		memcmp(again->payload, reply.payload, reply.payload_length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 4096)
		return 0;
	const uint16_t vlan = (data[0] & 2) != 0 ? 5 : 0;
	const struct frame_parser parser = {
		.local_addresses = addresses, .local_address_count = 1, .vlan = vlan
	};
	const size_t length = size - 1;
	uint8_t *frame = malloc(length == 0 ? 1 : length);
	struct parsed_frame parsed;

	check(frame != NULL);
	memcpy(frame, data + 1, length);
	if ((data[0] & 1) != 0)
		repair(frame, length, vlan);
	const enum frame_kind kind = frame_parse(&parser, frame, length, &parsed);
	check(kind <= FRAME_BAD_CHECKSUM && kind == parsed.kind);
	if (kind == FRAME_TCP) {
		const struct segment *segment = &parsed.segment;
		check(segment->payload >= frame &&
			segment->payload + segment->payload_length <= frame + length);
		check(segment->window_scale <= TCP_WINDOW_SCALE_MAXIMUM);
		check_round_trip(segment, vlan);
	}
	if (kind == FRAME_ICMP_ECHO) {
		uint8_t reply[FRAME_SIZE_MAXIMUM];
		const struct link_endpoints macs = { .vlan = vlan };
		check(parsed.echo.message + parsed.echo.message_length <= frame + length);
		check(frame_build_echo_reply(&macs, OURS, parsed.echo.remote_address,
			      parsed.echo.message, parsed.echo.message_length,
			      reply) <= FRAME_SIZE_MAXIMUM);
	}
	free(frame);
	return 0;
}
