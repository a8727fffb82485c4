/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "base/byte_order.h"
#include "packet/checksum.h"
#include "packet/frame_builder.h"
#include "packet/wire_headers.h"

#define IPV4_PACKET_MAXIMUM 1500

static size_t
pad(uint8_t *frame, size_t length)
{
	if (length >= ETHERNET_FRAME_MINIMUM)
		return length;
	memset(frame + length, 0, ETHERNET_FRAME_MINIMUM - length);
	return ETHERNET_FRAME_MINIMUM;
}

static size_t
put_ethernet(uint8_t *frame, const struct link_endpoints *link, const uint8_t *destination,
	uint16_t type)
{
	size_t offset = ETHERNET_OFFSET_TYPE;

	memcpy(frame, destination, MAC_SIZE);
	memcpy(frame + ETHERNET_OFFSET_SOURCE, link->our_mac, MAC_SIZE);
	if (link->vlan != 0) {
		store_be16(frame + offset, ETHERTYPE_VLAN);
		store_be16(frame + offset + 2, link->vlan);
		offset += VLAN_TAG_SIZE;
	}
	store_be16(frame + offset, type);
	return offset + 2;
}

static void
put_ipv4(uint8_t *ip, uint32_t source, uint32_t destination, uint8_t protocol,
	uint16_t identification, size_t payload_length)
{
	memset(ip, 0, IPV4_HEADER_SIZE);
	ip[0] = 0x45;
	store_be16(ip + IPV4_OFFSET_TOTAL_LENGTH, (uint16_t)(IPV4_HEADER_SIZE + payload_length));
	store_be16(ip + IPV4_OFFSET_IDENTIFICATION, identification);
	store_be16(ip + IPV4_OFFSET_FRAGMENT, IPV4_DONT_FRAGMENT);
	ip[IPV4_OFFSET_TTL] = IPV4_OUR_TTL;
	ip[IPV4_OFFSET_PROTOCOL] = protocol;
	store_be32(ip + IPV4_OFFSET_SOURCE, source);
	store_be32(ip + IPV4_OFFSET_DESTINATION, destination);
	uint16_t checksum = checksum_finish(checksum_add(0, ip, IPV4_HEADER_SIZE));
	memcpy(ip + IPV4_OFFSET_CHECKSUM, &checksum, sizeof(checksum));
}

static size_t
put_tcp(uint8_t *tcp, const struct segment *segment)
{
	const bool has_mss = (segment->flags & TCP_SYN) != 0 && segment->mss != 0;
	const size_t header_size = TCP_HEADER_SIZE + (has_mss ? 4 : 0);

	store_be16(tcp, segment->local_port);
	store_be16(tcp + TCP_OFFSET_DESTINATION_PORT, segment->remote_port);
	store_be32(tcp + TCP_OFFSET_SEQUENCE, segment->sequence);
	store_be32(tcp + TCP_OFFSET_ACKNOWLEDGMENT,
		(segment->flags & TCP_ACK) != 0 ? segment->acknowledgment : 0);
	tcp[TCP_OFFSET_DATA_OFFSET] = (uint8_t)(header_size / 4 << 4);
	tcp[TCP_OFFSET_FLAGS] = segment->flags;
	store_be16(tcp + TCP_OFFSET_WINDOW, segment->window);
	store_be32(tcp + TCP_OFFSET_CHECKSUM, 0); /* and the urgent pointer */
	if (has_mss) {
		tcp[TCP_HEADER_SIZE] = TCP_OPTION_MSS;
		tcp[TCP_HEADER_SIZE + 1] = 4;
		store_be16(tcp + TCP_HEADER_SIZE + 2, segment->mss);
	}
	if (segment->payload_length > 0)
		memcpy(tcp + header_size, segment->payload, segment->payload_length);
	return header_size + segment->payload_length;
}

size_t
frame_build_segment(const struct link_endpoints *link, const struct segment *segment,
	uint16_t identification, uint8_t *frame)
{
	const size_t offset = put_ethernet(frame, link, link->gateway_mac, ETHERTYPE_IPV4);
	uint8_t *ip = frame + offset;
	uint8_t *tcp = ip + IPV4_HEADER_SIZE;

	assert(segment->payload_length <= OUR_MSS);
	const size_t tcp_length = put_tcp(tcp, segment);
	put_ipv4(ip, segment->local_address, segment->remote_address, IP_PROTOCOL_TCP,
		identification, tcp_length);
	uint16_t checksum = checksum_tcp(ip, tcp, tcp_length);
	memcpy(tcp + TCP_OFFSET_CHECKSUM, &checksum, sizeof(checksum));
	return pad(frame, offset + IPV4_HEADER_SIZE + tcp_length);
}

static size_t
build_arp(const struct link_endpoints *link, uint16_t operation, uint32_t our_address,
	const uint8_t *target_mac, uint32_t target_address, uint8_t *frame)
{
	static const uint8_t broadcast[MAC_SIZE] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t nobody[MAC_SIZE] = { 0 };
	static const uint8_t start[] = { 0, 1, 8, 0, 6, 4 };
	const bool is_request = operation == ARP_REQUEST;
	const size_t offset =
		put_ethernet(frame, link, is_request ? broadcast : target_mac, ETHERTYPE_ARP);
	uint8_t *arp = frame + offset;

	memcpy(arp, start, sizeof(start));
	store_be16(arp + 6, operation);
	memcpy(arp + 8, link->our_mac, MAC_SIZE);
	store_be32(arp + 14, our_address);
	memcpy(arp + 18, is_request ? nobody : target_mac, MAC_SIZE);
	store_be32(arp + 24, target_address);
	return pad(frame, offset + ARP_PACKET_SIZE);
}

size_t
frame_build_arp_request(const struct link_endpoints *link, uint32_t our_address,
	uint32_t target_address, uint8_t *frame)
{
	return build_arp(link, ARP_REQUEST, our_address, NULL, target_address, frame);
}

size_t
frame_build_arp_reply(const struct link_endpoints *link, uint32_t our_address,
	const uint8_t *asker_mac, uint32_t asker_address, uint8_t *frame)
{
	return build_arp(link, ARP_REPLY, our_address, asker_mac, asker_address, frame);
}

size_t
frame_build_echo_reply(const struct link_endpoints *link, uint32_t our_address,
	uint32_t asker_address, const uint8_t *message, size_t message_length, uint8_t *frame)
{
	const size_t offset = put_ethernet(frame, link, link->gateway_mac, ETHERTYPE_IPV4);
	uint8_t *ip = frame + offset;
	uint8_t *icmp = ip + IPV4_HEADER_SIZE;

	if (message_length > IPV4_PACKET_MAXIMUM - IPV4_HEADER_SIZE)
		message_length = IPV4_PACKET_MAXIMUM - IPV4_HEADER_SIZE;
	memcpy(icmp, message, message_length);
	memset(icmp, 0, 4); /* type echo reply, code 0, checksum */
	put_ipv4(ip, our_address, asker_address, IP_PROTOCOL_ICMP, 0, message_length);
	uint16_t checksum = checksum_finish(checksum_add(0, icmp, message_length));
	memcpy(icmp + 2, &checksum, sizeof(checksum));
	return pad(frame, offset + IPV4_HEADER_SIZE + message_length);
}
