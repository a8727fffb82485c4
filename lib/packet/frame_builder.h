/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FRAME_BUILDER_H
#define FRAME_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "packet/link_endpoints.h"
#include "packet/segment.h"

/* Room that any frame of ours fits into: headers, MSS option and a full segment. */
#define FRAME_SIZE_MAXIMUM 1518

/*
 * Each writes one whole Ethernet frame, padded to the minimum, with all checksums, and returns its length. frame has
 * FRAME_SIZE_MAXIMUM bytes. Lengths above what fits are our mistake.
 */

/* A SYN carries segment->mss as its only option. The payload is copied. identification goes to the IPv4 header. */
size_t frame_build_segment(const struct link_endpoints *link, const struct segment *segment,
	uint16_t identification, uint8_t *frame);

/* Who has target_address? Broadcast; with target_address our own it is a gratuitous ARP (RFC 5944 section 4.6). */
size_t frame_build_arp_request(const struct link_endpoints *link, uint32_t our_address,
	uint32_t target_address, uint8_t *frame);

size_t frame_build_arp_reply(const struct link_endpoints *link, uint32_t our_address,
	const uint8_t *asker_mac, uint32_t asker_address, uint8_t *frame);

/* An echo reply with the request's identifier, number and data; message starts at the ICMP type. Requests over 1480 bytes are cut. */
size_t frame_build_echo_reply(const struct link_endpoints *link, uint32_t our_address,
	uint32_t asker_address, const uint8_t *message, size_t message_length, uint8_t *frame);

#endif
