/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_PARKED_H
#define TCP_PARKED_H

#include "packet/segment.h"

/* All of a SYN-ACK that tcp_client_adopt and a record need, for one that must wait: 32 bytes. */
struct tcp_parked {
	uint32_t local_address;
	uint32_t remote_address;
	uint32_t sequence;
	uint32_t acknowledgment;
	uint16_t local_port;
	uint16_t remote_port;
	uint16_t window;
	uint16_t mss;
	uint8_t window_scale;
	uint8_t ttl;
	uint16_t reserved;
	uint32_t rtt_us; /* the caller's: of the SYN */
};

_Static_assert(sizeof(struct tcp_parked) == 32, "there are many of them");

static inline struct tcp_parked
tcp_parked_keep(const struct segment *syn_ack)
{
	return (struct tcp_parked){
		.local_address = syn_ack->local_address,
		.remote_address = syn_ack->remote_address,
		.sequence = syn_ack->sequence,
		.acknowledgment = syn_ack->acknowledgment,
		.local_port = syn_ack->local_port,
		.remote_port = syn_ack->remote_port,
		.window = syn_ack->window,
		.mss = syn_ack->mss,
		.window_scale = syn_ack->window_scale,
		.ttl = syn_ack->ttl,
	};
}

/* The SYN-ACK again, without the payload that it hardly ever has. */
static inline struct segment
tcp_parked_segment(const struct tcp_parked *parked)
{
	return (struct segment){
		.local_address = parked->local_address,
		.remote_address = parked->remote_address,
		.local_port = parked->local_port,
		.remote_port = parked->remote_port,
		.sequence = parked->sequence,
		.acknowledgment = parked->acknowledgment,
		.window = parked->window,
		.mss = parked->mss,
		.flags = TCP_SYN | TCP_ACK,
		.ttl = parked->ttl,
		.window_scale = parked->window_scale,
	};
}

#endif
