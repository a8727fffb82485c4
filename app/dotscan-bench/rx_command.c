/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "bench_commands.h"
#include "bench_scanner.h"
#include "clock.h"
#include "frame_intake.h"
#include "packet/frame_builder.h"

/* DPDK's device that receives what it was sent. It holds 1024 frames. */
#define DEVICE     "net_ring0"
#define FEED       960
#define FEED_BURST 64

/* Different frames, more than the first-level cache holds. */
#define STOCK_FRAMES 8192
#define STOCK_SIZE   64
#define STOCK_SEED   7

#define WORKER_RING 16384

struct stock {
	uint8_t frames[STOCK_FRAMES][STOCK_SIZE];
	uint16_t length;
};

struct rx_run {
	const struct bench_options *options;
	struct bench_scanner *scanner;
	struct stock stock;
	uint32_t next; /* of the stock */
	struct frame_intake intake;
	struct rte_ring *ring;
	struct bench_stage *stage;
	enum reception expected;
	uint64_t misjudged;
};

static void
ignore(void *context, enum reception reception, const struct parsed_frame *parsed, uint64_t now_ns)
{
}

/* Answers to our SYNs from random addresses; proof 0 is right, anything else makes each of them junk. */
static void
fill_stock(struct rx_run *run, uint32_t proof)
{
	const struct bench_scanner *scanner = run->scanner;
	struct random_sequence random = { STOCK_SEED };
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	for (size_t i = 0; i < STOCK_FRAMES; i++) {
		const uint32_t peer = (uint32_t)random_next(&random);
		const uint16_t port = syn_cookie_port(&scanner->cookie, peer, random_next(&random));
		const uint32_t sequence = (uint32_t)syn_cookie_hash(
			&scanner->cookie, peer, scanner->local_address, port);
		const struct segment answer = {
			.local_address = peer,
			.remote_address = scanner->local_address,
			.local_port = run->intake.receiver.remote_port,
			.remote_port = port,
			.sequence = (uint32_t)random_next(&random),
			.acknowledgment = sequence + 1 + proof,
			.flags = TCP_SYN | TCP_ACK,
			.window = 64240,
			.mss = 1460,
		};

		run->stock.length =
			(uint16_t)frame_build_segment(&scanner->link, &answer, (uint16_t)i, frame);
		memcpy(run->stock.frames[i], frame, STOCK_SIZE);
	}
}

/* What the device does: not timed. */
static void
feed(struct rx_run *run)
{
	const struct port_queue *queue = &run->intake.queue;

	for (uint32_t fed = 0; fed < FEED; fed += FEED_BURST) {
		struct rte_mbuf *buffers[FEED_BURST];

		if (rte_pktmbuf_alloc_bulk(queue->pool, buffers, FEED_BURST) != 0)
			return;
		for (uint32_t i = 0; i < FEED_BURST; i++) {
			run->next = (run->next + 1) % STOCK_FRAMES;
			buffers[i]->data_len = run->stock.length;
			buffers[i]->pkt_len = run->stock.length;
			memcpy(rte_pktmbuf_mtod(buffers[i], uint8_t *),
				run->stock.frames[run->next], STOCK_SIZE);
		}
		const uint16_t sent =
			rte_eth_tx_burst(queue->port_id, queue->queue_id, buffers, FEED_BURST);
		rte_pktmbuf_free_bulk(buffers + sent, FEED_BURST - sent);
	}
}

/* What the verify worker does: not timed either. */
static void
drain(struct rx_run *run)
{
	struct rte_mbuf *buffers[FEED_BURST];
	unsigned int taken = 0;

	while ((taken = rte_ring_sc_dequeue_burst(run->ring, (void **)buffers, FEED_BURST, NULL)) >
		0)
		rte_pktmbuf_free_bulk(buffers, taken);
}

static int
run_round(void *argument)
{
	struct rx_run *run = argument;
	const uint64_t end_ns = clock_now_ns() + run->options->round_ns;
	const uint64_t right_before = run->intake.receptions[run->expected];
	uint64_t cycles = 0;
	uint64_t received = 0;

	while (clock_now_ns() < end_ns) {
		struct frame_intake_result result;

		feed(run);
		const uint64_t start = rte_rdtsc();
		do {
			result = frame_intake_receive(&run->intake, clock_now_ns());
			received += result.received;
		} while (result.received > 0);
		cycles += rte_rdtsc() - start;
		drain(run);
	}
	run->misjudged += received - (run->intake.receptions[run->expected] - right_before);
	bench_stage_add(run->stage, received, cycles);
	return 0;
}

/* Both kinds in turn, so that what disturbs the machine disturbs both. */
static int
measure(struct rx_run *run, struct bench_report *report, struct fault *fault)
{
	struct bench_stage *valid = bench_report_stage(
		report, "synack", "valid SYN-ACKs to the verify worker's ring", "packet");
	struct bench_stage *junk = bench_report_stage(
		report, "junk", "SYN-ACKs that fail the cookie, dropped", "packet");

	for (uint64_t round = 0; round < run->options->rounds; round++) {
		run->stage = valid;
		run->expected = RECEPTION_SYNACK;
		fill_stock(run, 0);
		(void)bench_port_run(run_round, run);
		run->stage = junk;
		run->expected = RECEPTION_BAD_COOKIE;
		fill_stock(run, 1);
		(void)bench_port_run(run_round, run);
	}
	bench_report_fact(report, "misjudged", "frames judged wrongly", (double)run->misjudged);
	if (run->misjudged == 0)
		return 0;
	(void)fault_set(
		fault, BENCH_UNTRUE, "%" PRIu64 " frames were judged wrongly", run->misjudged);
	return BENCH_UNTRUE;
}

static int
prepare(struct rx_run *run, const struct bench_port *port, struct fault *fault)
{
	run->ring = rte_ring_create(
		"segments", WORKER_RING, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	if (run->ring == NULL)
		return fault_set(fault, ERROR_MEMORY, "no memory for a ring");
	run->intake = (struct frame_intake){
		.queue = port->port.queues[0],
		.receiver = { .parser = { &run->scanner->local_address, 1, 0 },
			.cookie = &run->scanner->cookie,
			.remote_port = BENCH_REMOTE_PORT },
		.prober = &run->scanner->prober,
		.workers = &run->ring,
		.worker_count = 1,
		.answer = ignore,
	};
	return 0;
}

static int
measure_on_port(struct rx_run *run, struct bench_report *report, struct fault *fault)
{
	struct bench_port port;
	int error = bench_port_open(&port, run->options, DEVICE, fault);

	if (error != 0)
		return error;
	report->clock = "cycles of the time-stamp counter";
	report->ticks_per_second = rte_get_tsc_hz();
	error = bench_scanner_init(run->scanner, run->options, &port, fault);
	if (error == 0)
		error = prepare(run, &port, fault);
	if (error == 0)
		error = measure(run, report, fault);
	rte_ring_free(run->ring);
	bench_scanner_clear(run->scanner);
	bench_port_close(&port);
	return error;
}

int
rx_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct bench_scanner *scanner = calloc(1, sizeof(*scanner));
	struct rx_run *run = calloc(1, sizeof(*run));
	int error = ERROR_MEMORY;

	if (scanner == NULL || run == NULL) {
		(void)fault_set(fault, error, "out of memory");
	} else {
		run->options = options;
		run->scanner = scanner;
		error = measure_on_port(run, report, fault);
	}
	free(run);
	free(scanner);
	return error;
}
