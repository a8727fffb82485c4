/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "clock.h"
#include "gateway.h"
#include "packet/frame_builder.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"

#define TRIES   10
#define WAIT_NS 1000000000ULL
#define POLL_NS 1000000L

static void
ask(const struct scan *scan, uint32_t target_address)
{
	const struct port_queue *queue = &scan->port.queues[0];
	struct rte_mbuf *buffer = rte_pktmbuf_alloc(queue->pool);

	if (buffer == NULL)
		return;
	uint8_t *frame = (uint8_t *)rte_pktmbuf_append(buffer, FRAME_SIZE_MAXIMUM);
	const size_t length = frame_build_arp_request(
		&scan->link, scan->config->nic.source_addresses[0], target_address, frame);
	rte_pktmbuf_trim(buffer, (uint16_t)(FRAME_SIZE_MAXIMUM - length));
	if (rte_eth_tx_burst(queue->port_id, queue->queue_id, &buffer, 1) == 0)
		rte_pktmbuf_free(buffer);
}

/* Only the gateway's own words count. */
static bool
is_answer(const struct scan *scan, const struct frame_parser *parser, const struct rte_mbuf *buffer)
{
	struct parsed_frame parsed;

	return frame_parse(parser, rte_pktmbuf_mtod(buffer, const uint8_t *),
		       rte_pktmbuf_data_len(buffer), &parsed) == FRAME_ARP &&
	       parsed.arp.sender_address == scan->config->nic.gateway;
}

static bool
listen_until(struct scan *scan, uint64_t deadline_ns)
{
	const struct config_nic *nic = &scan->config->nic;
	const struct frame_parser parser = { nic->source_addresses, nic->source_addresses_count,
		nic->vlan };
	const struct port_queue *queue = &scan->port.queues[0];
	const struct timespec sleep = { 0, POLL_NS };
	bool has_answer = false;

	while (!has_answer && clock_now_ns() < deadline_ns) {
		struct rte_mbuf *buffers[SCAN_BURST];
		const uint16_t received =
			rte_eth_rx_burst(queue->port_id, queue->queue_id, buffers, SCAN_BURST);

		for (uint16_t i = 0; i < received; i++) {
			const uint8_t *frame = rte_pktmbuf_mtod(buffers[i], const uint8_t *);
			if (has_answer || !is_answer(scan, &parser, buffers[i]))
				continue;
			memcpy(scan->link.gateway_mac, frame + ETHERNET_OFFSET_SOURCE, MAC_SIZE);
			has_answer = true;
		}
		rte_pktmbuf_free_bulk(buffers, received);
		if (received == 0)
			(void)nanosleep(&sleep, NULL);
	}
	return has_answer;
}

int
gateway_resolve(struct scan *scan, struct fault *fault)
{
	const struct config_nic *nic = &scan->config->nic;
	char text[IPV4_TEXT_SIZE];

	if (nic->gateway == 0) {
		memcpy(scan->link.gateway_mac, nic->gateway_mac, MAC_SIZE);
		return 0;
	}
	/* A gratuitous request tells the link who owns our address. */
	ask(scan, nic->source_addresses[0]);
	for (int try = 0; try < TRIES; try++) {
		ask(scan, nic->gateway);
		if (listen_until(scan, clock_now_ns() + WAIT_NS))
			return 0;
	}
	return fault_set(fault, ERROR_DEVICE,
		"nic.gateway: %s does not answer ARP on %s (%d requests, 1 s apart); set the right gateway, nic.vlan, or nic.gateway_mac",
		ipv4_format(nic->gateway, text), nic->device, TRIES);
}
