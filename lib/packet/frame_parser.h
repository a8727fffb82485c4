/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FRAME_PARSER_H
#define FRAME_PARSER_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"

/* What a received frame is. Everything after FRAME_ARP is junk. */
enum frame_kind {
	FRAME_TCP,            /* segment for us */
	FRAME_ICMP_ERROR,     /* about a segment of ours */
	FRAME_ICMP_ECHO,      /* request for us */
	FRAME_ARP,            /* request or reply */
	FRAME_OTHER_PROTOCOL, /* not IPv4 TCP, ICMP or ARP */
	FRAME_OTHER_ADDRESS,  /* not for one of our addresses */
	FRAME_FRAGMENT,
	FRAME_MALFORMED,   /* lengths or offsets that do not fit */
	FRAME_BAD_CHECKSUM /* of IPv4, TCP or ICMP */
};

/* ICMP unreachable or time exceeded: the quoted segment of ours, and who complains. Quotes hold 8 bytes of TCP at least (RFC 792). */
struct icmp_error {
	uint32_t reporter_address;
	uint8_t type;
	uint8_t code;
	uint16_t next_hop_mtu; /* of fragmentation needed (RFC 1191); else 0 */
	uint32_t local_address;
	uint32_t remote_address;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t sequence;
};

/* ARP over Ethernet for IPv4 (RFC 826). */
struct arp_packet {
	uint16_t operation;
	uint8_t sender_mac[6];
	uint32_t sender_address;
	uint32_t target_address;
};

struct parsed_frame {
	enum frame_kind kind;
	union {
		struct segment segment;
		struct icmp_error icmp_error;
		struct arp_packet arp;
		struct {
			uint32_t remote_address;
			uint32_t local_address;
			const uint8_t *message; /* from the ICMP type on; borrowed */
			uint16_t message_length;
		} echo;
	};
};

/* Our addresses: a frame for another is not ours. Sorted is not required; there are few. */
struct frame_parser {
	const uint32_t *local_addresses;
	uint32_t local_address_count;
	uint16_t vlan; /* the tag that our frames carry; 0: none */
};

/* Sort out one frame of any content. Trusts no length. Checksums are verified last, since most junk falls before. */
enum frame_kind frame_parse(const struct frame_parser *parser, const uint8_t *frame, size_t length,
	struct parsed_frame *parsed_out);

#endif
