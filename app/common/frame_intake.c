/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>
#include <rte_prefetch.h>

#include "frame_intake.h"

/* Returns true if the frame now belongs to a verify worker. */
static bool
hand_over(struct frame_intake *intake, struct rte_mbuf *buffer, uint32_t remote_address,
	struct frame_intake_result *result)
{
	const uint16_t owner = frame_intake_owner(remote_address, intake->worker_count);

	if (rte_ring_sp_enqueue(intake->workers[owner], buffer) == 0)
		return true;
	result->ring_full++;
	return false;
}

static void
note_answer(
	struct frame_intake *intake, uint32_t remote_address, struct frame_intake_result *result)
{
	const int error = prober_note_answer(intake->prober, remote_address);

	if (error != 0)
		result->error = error;
}

/* A segment is of TCP, or quoted by an ICMP error. */
static uint32_t
remote_address_of(const struct parsed_frame *parsed)
{
	return parsed->kind == FRAME_TCP ? parsed->segment.remote_address
					 : parsed->icmp_error.remote_address;
}

/* RFC 9293 section 3.10.7.1: an acknowledgment of what we did not send is answered by RST, a RST never. */
static bool
deserves_reset(const struct parsed_frame *parsed)
{
	return parsed->kind == FRAME_TCP &&
	       (parsed->segment.flags & (TCP_ACK | TCP_RST)) == TCP_ACK;
}

static bool
take_one(struct frame_intake *intake, struct rte_mbuf *buffer, uint64_t now_ns,
	struct frame_intake_result *result)
{
	struct parsed_frame parsed;
	/* A frame in several buffers is longer than any that we agreed to. */
	const size_t length = buffer->nb_segs == 1 ? rte_pktmbuf_data_len(buffer) : 0;
	const enum reception reception = receiver_sort(
		&intake->receiver, rte_pktmbuf_mtod(buffer, const uint8_t *), length, &parsed);

	counter_add(&intake->receptions[reception], 1);
	switch (reception) {
	case RECEPTION_SYNACK:
		note_answer(intake, parsed.segment.remote_address, result);
		return hand_over(intake, buffer, parsed.segment.remote_address, result);
	case RECEPTION_SEGMENT:
		return hand_over(intake, buffer, remote_address_of(&parsed), result);
	case RECEPTION_RST:
		note_answer(intake, parsed.segment.remote_address, result);
		return false;
	case RECEPTION_ARP:
	case RECEPTION_ECHO:
		intake->answer(intake->context, reception, &parsed, now_ns);
		return false;
	case RECEPTION_BAD_COOKIE:
		if (deserves_reset(&parsed))
			intake->answer(intake->context, reception, &parsed, now_ns);
		return false;
	case RECEPTION_ICMP:
	case RECEPTION_OTHER_PORT:
	case RECEPTION_OTHER_PROTOCOL:
	case RECEPTION_OTHER_ADDRESS:
	case RECEPTION_FRAGMENT:
	case RECEPTION_MALFORMED:
	case RECEPTION_BAD_CHECKSUM:
	case RECEPTION_COUNT:
		break;
	}
	return false;
}

struct frame_intake_result
frame_intake_receive(struct frame_intake *intake, uint64_t now_ns)
{
	struct rte_mbuf *buffers[FRAME_INTAKE_BURST];
	struct frame_intake_result result = { 0 };
	uint16_t dropped = 0;

	result.received = rte_eth_rx_burst(
		intake->queue.port_id, intake->queue.queue_id, buffers, FRAME_INTAKE_BURST);
	for (uint16_t i = 0; i < result.received; i++)
		rte_prefetch0(rte_pktmbuf_mtod(buffers[i], const void *));
	for (uint16_t i = 0; i < result.received; i++)
		if (!take_one(intake, buffers[i], now_ns, &result))
			buffers[dropped++] = buffers[i];
	if (dropped > 0)
		rte_pktmbuf_free_bulk(buffers, dropped);
	return result;
}
