/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/byte_order.h"
#include "base/byte_reader.h"
#include "packet/checksum.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"

static bool
is_local(const struct frame_parser *parser, uint32_t address)
{
	for (uint32_t i = 0; i < parser->local_address_count; i++)
		if (parser->local_addresses[i] == address)
			return true;
	return false;
}

/* Options of a SYN, RFC 9293 section 3.2. An illegal length ends the walk: what came before stands. */
static void
read_options(struct segment *segment, const uint8_t *options, size_t length)
{
	for (size_t i = 0; i < length;) {
		if (options[i] == TCP_OPTION_END)
			return;
		if (options[i] == TCP_OPTION_NOP) {
			i++;
			continue;
		}
		if (length - i < 2 || options[i + 1] < 2 || options[i + 1] > length - i)
			return;
		if (options[i] == TCP_OPTION_MSS && options[i + 1] == 4)
			segment->mss = load_be16(options + i + 2);
		if (options[i] == TCP_OPTION_WINDOW_SCALE && options[i + 1] == 3)
			segment->window_scale = options[i + 2] > TCP_WINDOW_SCALE_MAXIMUM
							? TCP_WINDOW_SCALE_MAXIMUM
							: options[i + 2];
		i += options[i + 1];
	}
}

static enum frame_kind
parse_tcp(const uint8_t *ip, const uint8_t *tcp, size_t length, struct parsed_frame *parsed_out)
{
	if (length < TCP_HEADER_SIZE)
		return FRAME_MALFORMED;
	const size_t header_size = (size_t)(tcp[TCP_OFFSET_DATA_OFFSET] >> 4) * 4;
	if (header_size < TCP_HEADER_SIZE || header_size > length)
		return FRAME_MALFORMED;
	if (checksum_tcp(ip, tcp, length) != 0)
		return FRAME_BAD_CHECKSUM;
	parsed_out->segment = (struct segment){
		.local_address = load_be32(ip + IPV4_OFFSET_DESTINATION),
		.remote_address = load_be32(ip + IPV4_OFFSET_SOURCE),
		.remote_port = load_be16(tcp),
		.local_port = load_be16(tcp + TCP_OFFSET_DESTINATION_PORT),
		.sequence = load_be32(tcp + TCP_OFFSET_SEQUENCE),
		.acknowledgment = load_be32(tcp + TCP_OFFSET_ACKNOWLEDGMENT),
		.window = load_be16(tcp + TCP_OFFSET_WINDOW),
		.flags = tcp[TCP_OFFSET_FLAGS],
		.ttl = ip[IPV4_OFFSET_TTL],
		.payload = tcp + header_size,
		.payload_length = (uint16_t)(length - header_size),
	};
	if ((parsed_out->segment.flags & TCP_SYN) != 0)
		read_options(
			&parsed_out->segment, tcp + TCP_HEADER_SIZE, header_size - TCP_HEADER_SIZE);
	return FRAME_TCP;
}

/* The quote is our own packet come back: IPv4 header and the first 8 bytes of TCP. */
static enum frame_kind
parse_icmp_error(const uint8_t *ip, const uint8_t *icmp, size_t length,
	const struct frame_parser *parser, struct parsed_frame *parsed_out)
{
	struct byte_reader reader;

	byte_reader_init(&reader, icmp, length);
	byte_reader_skip(&reader, ICMP_HEADER_SIZE);
	const uint8_t *quoted = byte_reader_take(&reader, IPV4_HEADER_SIZE);
	if (quoted == NULL || quoted[0] >> 4 != 4 || (quoted[0] & 15) < 5)
		return FRAME_MALFORMED;
	byte_reader_skip(&reader, (size_t)(quoted[0] & 15) * 4 - IPV4_HEADER_SIZE);
	const uint8_t *tcp = byte_reader_take(&reader, 8);
	if (tcp == NULL)
		return FRAME_MALFORMED;
	if (quoted[IPV4_OFFSET_PROTOCOL] != IP_PROTOCOL_TCP)
		return FRAME_OTHER_PROTOCOL;
	if (!is_local(parser, load_be32(quoted + IPV4_OFFSET_SOURCE)))
		return FRAME_OTHER_ADDRESS;
	parsed_out->icmp_error = (struct icmp_error){
		.reporter_address = load_be32(ip + IPV4_OFFSET_SOURCE),
		.type = icmp[0],
		.code = icmp[1],
		.next_hop_mtu =
			icmp[0] == ICMP_UNREACHABLE && icmp[1] == 4 ? load_be16(icmp + 6) : 0,
		.local_address = load_be32(quoted + IPV4_OFFSET_SOURCE),
		.remote_address = load_be32(quoted + IPV4_OFFSET_DESTINATION),
		.local_port = load_be16(tcp),
		.remote_port = load_be16(tcp + TCP_OFFSET_DESTINATION_PORT),
		.sequence = load_be32(tcp + TCP_OFFSET_SEQUENCE),
	};
	return FRAME_ICMP_ERROR;
}

static enum frame_kind
parse_icmp(const uint8_t *ip, const uint8_t *icmp, size_t length, const struct frame_parser *parser,
	struct parsed_frame *parsed_out)
{
	if (length < ICMP_HEADER_SIZE)
		return FRAME_MALFORMED;
	if (checksum_finish(checksum_add(0, icmp, length)) != 0)
		return FRAME_BAD_CHECKSUM;
	if (icmp[0] == ICMP_ECHO_REQUEST) {
		parsed_out->echo.remote_address = load_be32(ip + IPV4_OFFSET_SOURCE);
		parsed_out->echo.local_address = load_be32(ip + IPV4_OFFSET_DESTINATION);
		parsed_out->echo.message = icmp;
		parsed_out->echo.message_length = (uint16_t)length;
		return FRAME_ICMP_ECHO;
	}
	if (icmp[0] == ICMP_UNREACHABLE || icmp[0] == ICMP_TIME_EXCEEDED)
		return parse_icmp_error(ip, icmp, length, parser, parsed_out);
	return FRAME_OTHER_PROTOCOL;
}

static enum frame_kind
parse_ipv4(const struct frame_parser *parser, const uint8_t *ip, size_t length,
	struct parsed_frame *parsed_out)
{
	if (length < IPV4_HEADER_SIZE || ip[0] >> 4 != 4)
		return FRAME_MALFORMED;
	const size_t header_size = (size_t)(ip[0] & 15) * 4;
	const size_t total_length = load_be16(ip + IPV4_OFFSET_TOTAL_LENGTH);

	/* A frame may be longer than its packet (Ethernet padding), never shorter. */
	if (header_size < IPV4_HEADER_SIZE || total_length < header_size || total_length > length)
		return FRAME_MALFORMED;
	if (!is_local(parser, load_be32(ip + IPV4_OFFSET_DESTINATION)))
		return FRAME_OTHER_ADDRESS;
	if ((load_be16(ip + IPV4_OFFSET_FRAGMENT) & IPV4_FRAGMENT_MASK) != 0)
		return FRAME_FRAGMENT;
	if (checksum_finish(checksum_add(0, ip, header_size)) != 0)
		return FRAME_BAD_CHECKSUM;
	if (ip[IPV4_OFFSET_PROTOCOL] == IP_PROTOCOL_TCP)
		return parse_tcp(ip, ip + header_size, total_length - header_size, parsed_out);
	if (ip[IPV4_OFFSET_PROTOCOL] == IP_PROTOCOL_ICMP)
		return parse_icmp(
			ip, ip + header_size, total_length - header_size, parser, parsed_out);
	return FRAME_OTHER_PROTOCOL;
}

static enum frame_kind
parse_arp(const uint8_t *arp, size_t length, struct parsed_frame *parsed_out)
{
	/* Ethernet, IPv4, and their address sizes. */
	static const uint8_t expected[] = { 0, 1, 8, 0, 6, 4 };

	if (length < ARP_PACKET_SIZE)
		return FRAME_MALFORMED;
	if (memcmp(arp, expected, sizeof(expected)) != 0)
		return FRAME_OTHER_PROTOCOL;
	parsed_out->arp.operation = load_be16(arp + 6);
	memcpy(parsed_out->arp.sender_mac, arp + 8, sizeof(parsed_out->arp.sender_mac));
	parsed_out->arp.sender_address = load_be32(arp + 14);
	parsed_out->arp.target_address = load_be32(arp + 24);
	return FRAME_ARP;
}

static enum frame_kind
parse_ethernet(const struct frame_parser *parser, const uint8_t *frame, size_t length,
	struct parsed_frame *parsed_out)
{
	size_t offset = ETHERNET_HEADER_SIZE;

	if (length < offset)
		return FRAME_MALFORMED;
	uint16_t type = load_be16(frame + ETHERNET_OFFSET_TYPE);
	uint16_t vlan = 0;
	if (type == ETHERTYPE_VLAN) {
		offset += VLAN_TAG_SIZE;
		if (length < offset)
			return FRAME_MALFORMED;
		vlan = load_be16(frame + ETHERNET_HEADER_SIZE) & 0xfff;
		type = load_be16(frame + ETHERNET_HEADER_SIZE + 2);
	}
	/* Some devices strip the tag; a wrong one is somebody else's traffic. */
	if (vlan != 0 && vlan != parser->vlan)
		return FRAME_OTHER_ADDRESS;
	if (type == ETHERTYPE_IPV4)
		return parse_ipv4(parser, frame + offset, length - offset, parsed_out);
	if (type == ETHERTYPE_ARP)
		return parse_arp(frame + offset, length - offset, parsed_out);
	return FRAME_OTHER_PROTOCOL;
}

enum frame_kind
frame_parse(const struct frame_parser *parser, const uint8_t *frame, size_t length,
	struct parsed_frame *parsed_out)
{
	parsed_out->kind = parse_ethernet(parser, frame, length, parsed_out);
	return parsed_out->kind;
}
