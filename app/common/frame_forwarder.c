/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>
#include <string.h>

#include "frame_forwarder.h"
#include "packet/link_endpoints.h"

static void
readdress(struct frame_forwarder *forwarder, unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++)
		memcpy(rte_pktmbuf_mtod(forwarder->unsent[i], uint8_t *), forwarder->gateway_mac,
			MAC_SIZE);
}

static unsigned int
collect(struct frame_forwarder *forwarder)
{
	unsigned int count = forwarder->unsent_count;

	for (unsigned int ring = forwarder->first;
		ring < forwarder->ring_count && count < FRAME_FORWARDER_BURST;
		ring += forwarder->stride) {
		const unsigned int before = count;

		count += rte_ring_sc_dequeue_burst(forwarder->rings[ring],
			(void **)&forwarder->unsent[count], FRAME_FORWARDER_BURST - count, NULL);
		readdress(forwarder, before, count);
	}
	return count;
}

uint16_t
frame_forwarder_send(struct frame_forwarder *forwarder)
{
	const unsigned int offered = collect(forwarder);

	if (offered == 0)
		return 0;
	const uint16_t sent = rte_eth_tx_burst(forwarder->queue.port_id, forwarder->queue.queue_id,
		forwarder->unsent, (uint16_t)offered);
	forwarder->unsent_count = (uint16_t)(offered - sent);
	if (forwarder->unsent_count > 0)
		memmove(forwarder->unsent, forwarder->unsent + sent,
			forwarder->unsent_count * sizeof(forwarder->unsent[0]));
	return sent;
}

uint16_t
frame_forwarder_drop(struct frame_forwarder *forwarder)
{
	const uint16_t dropped = forwarder->unsent_count;

	if (dropped > 0)
		rte_pktmbuf_free_bulk(forwarder->unsent, dropped);
	forwarder->unsent_count = 0;
	return dropped;
}
