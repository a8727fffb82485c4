/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "clock.h"
#include "io_worker.h"
#include "packet/frame_builder.h"
#include "packet/wire_headers.h"
#include "verify_worker.h"

#define SECOND_NS 1000000000ULL

/* The router forgets us unless it hears from us. */
#define ARP_REFRESH_NS (60 * SECOND_NS)

/* Checkpoints go back by the cooldown and by the age of the oldest hit without a record. */
#define HISTORY_NS (300 * SECOND_NS)

/* People ping scanners; floods are not answered. */
#define ECHO_PER_SECOND 100

/* Leftovers of an earlier run are repeated for a minute at most; junk sent to make us answer is not worth more. */
#define RESET_PER_SECOND 1000

const struct counter_name io_counter_names[IO_COUNTER_COUNT] = { IO_COUNTER_LIST(COUNTER_NAME) };

/* Each worker has its share of the rate and of the targets; the first ones have what does not divide. */
static uint64_t
share_of(uint64_t total, uint16_t index, uint16_t workers)
{
	return total / workers + (index < total % workers ? 1 : 0);
}

static int
init_prober(struct io_worker *worker, struct fault *fault)
{
	const struct scan *scan = worker->scan;
	const struct config_scan *config = &scan->config->scan;
	uint64_t max_targets = TARGET_STREAM_UNLIMITED;

	/* What an earlier run completed counts towards the limit. */
	if (config->max_targets != 0)
		max_targets = config->max_targets <= scan->completed
				      ? 0
				      : share_of(config->max_targets - scan->completed,
						worker->index, scan->io_count);
	const struct prober_settings settings = {
		.walk = &scan->walk,
		.worker_index = worker->index,
		.worker_count = scan->io_count,
		.max_targets = max_targets,
		.probes = config->probes,
		.interval_ns = config->probe_interval_ns,
		.history_ns = config->cooldown_ns + HISTORY_NS,
		.resume_steps = scan->resume_steps,
		.key = scan->key,
	};

	if (prober_init(&worker->prober, &settings) != 0)
		return fault_set(
			fault, ERROR_MEMORY, "out of memory for I/O worker %u", worker->index);
	return 0;
}

static void
init_pacer(struct io_worker *worker, uint64_t now_ns)
{
	const uint64_t total_pps = worker->scan->config->scan.rate_pps;
	const uint64_t rate_pps = share_of(total_pps, worker->index, worker->scan->io_count);

	if (total_pps == RATE_LINE)
		syn_sender_pace(&worker->sender, 0, now_ns);
	else
		syn_sender_pace(&worker->sender, rate_pps == 0 ? 1 : rate_pps, now_ns);
}

static void answer(void *context, enum reception reception, const struct parsed_frame *parsed,
	uint64_t now_ns);

static void
init_intake(struct io_worker *worker)
{
	struct scan *scan = worker->scan;
	const struct config_nic *nic = &scan->config->nic;

	worker->intake = (struct frame_intake){
		.queue = worker->queue,
		.receiver = { .parser = { nic->source_addresses, nic->source_addresses_count,
				      nic->vlan },
			.cookie = &scan->cookie,
			.remote_port = scan->config->scan.port },
		.prober = &worker->prober,
		.workers = scan->segments[worker->index],
		.worker_count = scan->verify_count,
		.answer = answer,
		.context = worker,
	};
}

struct io_worker *
io_worker_create(struct scan *scan, uint16_t index, const struct verify_worker *verify_workers,
	struct fault *fault)
{
	struct io_worker *worker = calloc(1, sizeof(*worker));
	const struct config_nic *nic = &scan->config->nic;

	if (worker == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory for I/O worker %u", index);
		return NULL;
	}
	worker->scan = scan;
	worker->index = index;
	worker->verify_workers = verify_workers;
	worker->queue = scan->port.queues[index];
	worker->link = scan->link;
	worker->idle.is_shared = environment_is_shared(&scan->cpus, scan->cpus.io_cpus[index]);
	if (init_prober(worker, fault) != 0) {
		free(worker);
		return NULL;
	}
	worker->sender = (struct syn_sender){
		.queue = worker->queue,
		.prober = &worker->prober,
		.source = { .cookie = &scan->cookie,
			.local_addresses = nic->source_addresses,
			.local_address_count = nic->source_addresses_count },
	};
	syn_template_init(&worker->sender.source.syn, &worker->link, scan->config->scan.port);
	worker->forwarder = (struct frame_forwarder){
		.queue = worker->queue,
		.rings = scan->frames,
		.ring_count = scan->verify_count,
		.first = index,
		.stride = scan->io_count,
		.gateway_mac = worker->link.gateway_mac,
	};
	init_intake(worker);
	return worker;
}

void
io_worker_destroy(struct io_worker *worker)
{
	if (worker == NULL)
		return;
	prober_clear(&worker->prober);
	free(worker);
}

/* Sends a frame of the worker's own, or forgets it: what it answers will be asked again. */
static bool
send_own(struct io_worker *worker, const uint8_t *frame, size_t length)
{
	struct rte_mbuf *buffer = rte_pktmbuf_alloc(worker->queue.pool);

	if (buffer == NULL)
		return false;
	memcpy(rte_pktmbuf_append(buffer, (uint16_t)length), frame, length);
	if (rte_eth_tx_burst(worker->queue.port_id, worker->queue.queue_id, &buffer, 1) == 1)
		return true;
	rte_pktmbuf_free(buffer);
	return false;
}

/* The gateway may come back with another card behind its address. */
static void
note_gateway(struct io_worker *worker, const struct arp_packet *arp)
{
	if (arp->sender_address != worker->scan->config->nic.gateway || arp->sender_address == 0 ||
		memcmp(worker->link.gateway_mac, arp->sender_mac, MAC_SIZE) == 0)
		return;
	memcpy(worker->link.gateway_mac, arp->sender_mac, MAC_SIZE);
	syn_template_init(
		&worker->sender.source.syn, &worker->link, worker->scan->config->scan.port);
	counter_add(&worker->counters[IO_GATEWAY_MOVED], 1);
}

static void
answer_arp(struct io_worker *worker, const struct arp_packet *arp)
{
	const struct config_nic *nic = &worker->scan->config->nic;
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	note_gateway(worker, arp);
	if (arp->operation != ARP_REQUEST)
		return;
	for (uint32_t i = 0; i < nic->source_addresses_count; i++) {
		if (arp->target_address != nic->source_addresses[i])
			continue;
		const size_t length = frame_build_arp_reply(&worker->link, arp->target_address,
			arp->sender_mac, arp->sender_address, frame);
		if (send_own(worker, frame, length))
			counter_add(&worker->counters[IO_ARP_ANSWERED], 1);
	}
}

static bool
limiter_allows(struct limiter *limiter, uint32_t per_second, uint64_t now_ns)
{
	if (now_ns - limiter->since_ns >= SECOND_NS)
		*limiter = (struct limiter){ .since_ns = now_ns };
	return limiter->used++ < per_second;
}

static void
answer_echo(struct io_worker *worker, const struct parsed_frame *parsed, uint64_t now_ns)
{
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	if (!limiter_allows(&worker->echoes, ECHO_PER_SECOND, now_ns)) {
		counter_add(&worker->counters[IO_ECHO_LIMITED], 1);
		return;
	}
	const size_t length = frame_build_echo_reply(&worker->link, parsed->echo.local_address,
		parsed->echo.remote_address, parsed->echo.message, parsed->echo.message_length,
		frame);
	if (send_own(worker, frame, length))
		counter_add(&worker->counters[IO_ECHO_ANSWERED], 1);
}

/*
 * RFC 9293 section 3.10.7.1: hosts that still hold a connection of an earlier, killed run are told that it is gone. Otherwise they
 * would answer a new SYN on the same ports with an acknowledgment of the old one.
 */
static void
refuse(struct io_worker *worker, const struct segment *segment, uint64_t now_ns)
{
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	if (!limiter_allows(&worker->resets, RESET_PER_SECOND, now_ns)) {
		counter_add(&worker->counters[IO_RESET_LIMITED], 1);
		return;
	}
	const struct segment reset = {
		.local_address = segment->local_address,
		.remote_address = segment->remote_address,
		.local_port = segment->local_port,
		.remote_port = segment->remote_port,
		.sequence = segment->acknowledgment,
		.flags = TCP_RST,
	};
	if (send_own(worker, frame, frame_build_segment(&worker->link, &reset, 0, frame)))
		counter_add(&worker->counters[IO_RESET_SENT], 1);
}

static void
answer(void *context, enum reception reception, const struct parsed_frame *parsed, uint64_t now_ns)
{
	struct io_worker *worker = context;

	if (reception == RECEPTION_ARP)
		answer_arp(worker, &parsed->arp);
	else if (reception == RECEPTION_ECHO)
		answer_echo(worker, parsed, now_ns);
	else
		refuse(worker, &parsed->segment, now_ns);
}

static uint16_t
receive(struct io_worker *worker, uint64_t now_ns)
{
	const struct frame_intake_result result = frame_intake_receive(&worker->intake, now_ns);

	if (result.ring_full > 0)
		counter_add(&worker->counters[IO_RING_FULL], result.ring_full);
	if (result.error != 0)
		atomic_store(&worker->error, result.error);
	return result.received;
}

static uint16_t
forward(struct io_worker *worker)
{
	const uint16_t sent = frame_forwarder_send(&worker->forwarder);

	if (sent > 0)
		counter_add(&worker->counters[IO_FRAME_SENT], sent);
	if (frame_forwarder_is_blocked(&worker->forwarder))
		counter_add(&worker->counters[IO_TX_BUSY], 1);
	return sent;
}

/* Back-pressure: hits that wait and rings that fill make the SYNs pause, so that nothing has to be dropped. */
static bool
verification_lags(const struct io_worker *worker)
{
	const struct scan *scan = worker->scan;

	for (uint16_t w = 0; w < scan->verify_count; w++) {
		const uint64_t parked = atomic_load_explicit(
			&worker->verify_workers[w].published.parked, memory_order_relaxed);

		if (parked + rte_ring_count(scan->segments[worker->index][w]) >= SCAN_PARK_PAUSE)
			return true;
	}
	return false;
}

static void
note_finished(struct io_worker *worker, uint64_t now_ns)
{
	if (atomic_load_explicit(&worker->is_finished, memory_order_relaxed) ||
		!prober_is_finished(&worker->prober))
		return;
	atomic_store(&worker->finished_ns, now_ns);
	atomic_store(&worker->is_finished, true);
}

static uint16_t
probe(struct io_worker *worker, uint64_t now_ns)
{
	const uint32_t *addresses = NULL;

	if (frame_forwarder_is_blocked(&worker->forwarder))
		return 0;
	if (atomic_load_explicit(&worker->scan->stops_probing, memory_order_relaxed))
		prober_stop(&worker->prober);
	const size_t offered = prober_peek(&worker->prober, now_ns, &addresses);
	if (offered == 0) {
		note_finished(worker, now_ns);
		return 0;
	}
	if (verification_lags(worker)) {
		counter_add(&worker->counters[IO_PAUSED], 1);
		return 0;
	}
	const struct syn_burst_result result =
		syn_sender_send(&worker->sender, addresses, offered, now_ns);
	counter_add(&worker->counters[IO_SYN_SENT], result.sent);
	if (result.refused > 0)
		counter_add(&worker->counters[IO_TX_BUSY], 1);
	if (result.lacks_buffers)
		counter_add(&worker->counters[IO_BUFFERS_LOW], 1);
	return result.sent;
}

static void
refresh_gateway(struct io_worker *worker, uint64_t now_ns)
{
	const struct config_nic *nic = &worker->scan->config->nic;
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	if (worker->index != 0 || nic->gateway == 0 || now_ns < worker->arp_ns)
		return;
	worker->arp_ns = now_ns + ARP_REFRESH_NS;
	const size_t length = frame_build_arp_request(
		&worker->link, nic->source_addresses[0], nic->gateway, frame);
	(void)send_own(worker, frame, length);
}

/* All verify workers have ended: what they left in the rings still goes out. */
static void
finish_sending(struct io_worker *worker)
{
	for (int round = 0; round < 4096; round++)
		if (forward(worker) == 0 && !frame_forwarder_is_blocked(&worker->forwarder))
			break;
	counter_add(&worker->counters[IO_TX_REFUSED], frame_forwarder_drop(&worker->forwarder));
}

int
io_worker_run(void *argument)
{
	struct io_worker *worker = argument;

	init_pacer(worker, clock_now_ns());
	worker->arp_ns = clock_now_ns() + ARP_REFRESH_NS;
	idle_reset(&worker->idle);
	while (!atomic_load_explicit(&worker->scan->ends_io, memory_order_acquire)) {
		const uint64_t now_ns = clock_now_ns();
		const uint16_t received = receive(worker, now_ns);
		unsigned int done = received;

		done += forward(worker);
		/* A full burst means that more waits to be received: to ask for more answers now would lose some. */
		if (received < SCAN_BURST)
			done += probe(worker, now_ns);
		refresh_gateway(worker, now_ns);
		if (done > 0)
			idle_reset(&worker->idle);
		else
			idle_wait(&worker->idle, IDLE_SLEEP_LAST_NS);
	}
	finish_sending(worker);
	return 0;
}
