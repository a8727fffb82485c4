/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PARKED_HITS_H
#define PARKED_HITS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Hits that wait for a TLS object, first come first served, in a ring of fixed size. What a SYN-ACK said, so that its connection
 * can be taken over later; the server repeats its SYN-ACK meanwhile, and nobody answers it.
 */
struct parked_hit {
	uint64_t arrival_ns;
	uint32_t remote_address;
	uint32_t local_address;
	uint32_t sequence; /* of the SYN-ACK */
	uint32_t rtt_us;
	uint16_t local_port;
	uint16_t window;
	uint16_t mss;
	uint8_t window_scale;
	uint8_t ttl;
};

_Static_assert(sizeof(struct parked_hit) == 32, "a parked hit is 32 bytes");

struct parked_hits {
	struct parked_hit *ring;
	uint32_t mask;
	uint32_t head;
	uint32_t count;
};

/* capacity is a power of two. Returns 0 or ERROR_MEMORY. */
int parked_hits_init(struct parked_hits *parked, uint32_t capacity);
void parked_hits_clear(struct parked_hits *parked);

/* False when full: the hit was not taken. */
bool parked_hits_push(struct parked_hits *parked, const struct parked_hit *hit);

/* The one that waits longest, or NULL. Valid until the next push or pop. */
const struct parked_hit *parked_hits_first(const struct parked_hits *parked);
void parked_hits_pop(struct parked_hits *parked);

#endif
