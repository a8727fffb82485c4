/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FRAME_FORWARDER_H
#define FRAME_FORWARDER_H

#include <rte_ring.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/port.h"

#define FRAME_FORWARDER_BURST 64

/*
 * Sends what verify workers put into their rings: verify traffic goes before SYNs. What the device does not take now is kept and goes
 * before everything else, so no SYN may be sent while frame_forwarder_is_blocked.
 */
struct frame_forwarder {
	struct port_queue queue;
	struct rte_ring **rings; /* borrowed: ring_count of them, by verify worker */
	uint16_t ring_count;
	uint16_t first; /* this sender serves rings first, first + stride ... */
	uint16_t stride;
	const uint8_t *
		gateway_mac; /* borrowed: verify workers know the gateway of the start, the sender the one of now */
	struct rte_mbuf *unsent[FRAME_FORWARDER_BURST];
	uint16_t unsent_count;
};

/* Send one burst. Returns how many frames the device took. */
uint16_t frame_forwarder_send(struct frame_forwarder *forwarder);

static inline bool
frame_forwarder_is_blocked(const struct frame_forwarder *forwarder)
{
	return forwarder->unsent_count > 0;
}

/* Give up on what the device has refused so far. Returns how many frames that were. */
uint16_t frame_forwarder_drop(struct frame_forwarder *forwarder);

#endif
