/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>

#include "syn_sender.h"

void
syn_sender_pace(struct syn_sender *sender, uint64_t rate_pps, uint64_t now_ns)
{
	sender->is_paced = rate_pps != 0;
	if (sender->is_paced)
		pacer_init(&sender->pacer, rate_pps,
			1 + rate_pps * SYN_SENDER_CREDIT_NS / 1000000000ULL, now_ns);
}

/*
 * Buffers as the pool gives them: of a packet pool, each comes back with one segment, one reference and no successor, so only
 * these fields of a received or a longer frame are left to be set.
 */
static inline void
prepare(struct rte_mbuf *buffer, uint16_t port_id, uint16_t length)
{
	buffer->data_off = RTE_PKTMBUF_HEADROOM;
	buffer->port = port_id;
	buffer->ol_flags = 0;
	buffer->packet_type = 0;
	buffer->pkt_len = length;
	buffer->data_len = length;
}

static bool
make_syns(struct syn_sender *sender, const uint32_t *addresses, uint16_t count, uint64_t now_ns,
	struct rte_mbuf **buffers)
{
	uint8_t *frames[SYN_BURST_MAXIMUM];

	if (rte_mempool_get_bulk(sender->queue.pool, (void **)buffers, count) != 0)
		return false;
	for (uint16_t i = 0; i < count; i++) {
		prepare(buffers[i], sender->queue.port_id, sender->source.syn.length);
		frames[i] = rte_pktmbuf_mtod(buffers[i], uint8_t *);
	}
	syn_burst_write(&sender->source, addresses, count, now_ns, frames);
	return true;
}

struct syn_burst_result
syn_sender_send(
	struct syn_sender *sender, const uint32_t *addresses, size_t offered, uint64_t now_ns)
{
	struct rte_mbuf *buffers[SYN_BURST_MAXIMUM];
	struct syn_burst_result result = { 0 };
	uint64_t wanted = offered < SYN_BURST_MAXIMUM ? offered : SYN_BURST_MAXIMUM;

	if (sender->is_paced)
		wanted = pacer_take(&sender->pacer, wanted, now_ns);
	if (wanted == 0)
		return result;
	result.lacks_buffers = !make_syns(sender, addresses, (uint16_t)wanted, now_ns, buffers);
	if (!result.lacks_buffers) {
		result.sent = rte_eth_tx_burst(
			sender->queue.port_id, sender->queue.queue_id, buffers, (uint16_t)wanted);
		result.refused = (uint16_t)(wanted - result.sent);
	}
	if (result.refused > 0)
		rte_pktmbuf_free_bulk(buffers + result.sent, result.refused);
	prober_take(sender->prober, result.sent);
	if (sender->is_paced)
		pacer_give_back(&sender->pacer, wanted - result.sent);
	return result;
}
