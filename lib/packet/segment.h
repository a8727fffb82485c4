/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEGMENT_H
#define SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

/* TCP flags, RFC 9293 section 3.1. */
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10
#define TCP_URG 0x20

/*
 * One TCP segment over IPv4, between the wire and the protocol. All numbers are in host order. On the way in it has been
 * checked: lengths against the frame, header lengths, no fragment, checksums. The payload is borrowed from the frame.
 */
struct segment {
	uint32_t local_address;
	uint32_t remote_address;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t sequence;
	uint32_t acknowledgment; /* meaningful where flags has TCP_ACK */
	uint16_t window;         /* as on the wire, never scaled */
	uint16_t mss;            /* option of a SYN; 0: none */
	uint8_t flags;
	uint8_t ttl;
	uint8_t window_scale; /* option of a SYN, at most 14; 0 also if none */
	const uint8_t *payload;
	uint16_t payload_length;
};

/* Sequence numbers wrap: RFC 9293 section 3.4. */
static inline bool
sequence_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool
sequence_at_most(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

/* Sequence space a segment takes: its payload, and one each for SYN and FIN. */
static inline uint32_t
segment_span(const struct segment *segment)
{
	return (uint32_t)segment->payload_length + ((segment->flags & TCP_SYN) != 0 ? 1U : 0U) +
	       ((segment->flags & TCP_FIN) != 0 ? 1U : 0U);
}

#endif
