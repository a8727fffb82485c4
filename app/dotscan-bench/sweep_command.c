/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "bench_commands.h"
#include "bench_scanner.h"
#include "clock.h"
#include "packet/frame_parser.h"
#include "sweep_bitmap.h"

/* DPDK's device that receives what it was sent. */
#define DEVICE      "net_ring0"
#define CHECK_BURST 64

#define DESTINATION_OFFSET (ETHERNET_HEADER_SIZE + IPV4_OFFSET_DESTINATION)

struct sweep_run {
	const struct bench_options *options;
	struct bench_scanner *scanner;
	struct bench_stage *stage;
	struct sweep_bitmap bitmap;
	uint64_t checked; /* frames looked at as a whole, one in a burst */
	uint64_t broken;  /* of these, no SYN of ours */
	uint64_t sent;
	uint64_t start_ns;
	uint64_t end_ns;
	atomic_bool has_sent_all;
	int error;
};

static uint64_t
send_shard(struct syn_sender *sender)
{
	uint64_t sent = 0;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;
		const size_t offered = prober_peek(sender->prober, now_ns, &addresses);

		if (offered == 0)
			return sent;
		sent += syn_sender_send(sender, addresses, offered, now_ns).sent;
	}
}

static int
send_all(void *argument)
{
	struct sweep_run *run = argument;
	const uint32_t shards = (uint32_t)run->options->shards;

	run->start_ns = clock_now_ns();
	syn_sender_pace(&run->scanner->sender, run->options->rate_pps, run->start_ns);
	for (uint32_t shard = 0; shard < shards && run->error == 0; shard++) {
		run->error = bench_scanner_restart(run->scanner, run->options, 1, shard);
		const uint64_t start = rte_rdtsc();
		const uint64_t sent = run->error == 0 ? send_shard(&run->scanner->sender) : 0;
		bench_stage_add(run->stage, sent, rte_rdtsc() - start);
		run->sent += sent;
	}
	run->end_ns = clock_now_ns();
	atomic_store_explicit(&run->has_sent_all, true, memory_order_release);
	return run->error;
}

/* The whole frame as the target's host would see it: checksums, ports, and the sequence number that is the cookie. */
static bool
is_our_syn(const struct bench_scanner *scanner, const uint8_t *frame, size_t length)
{
	const uint32_t remote = load_be32(frame + DESTINATION_OFFSET);
	const struct frame_parser parser = { &remote, 1, 0 };
	struct parsed_frame parsed;

	if (frame_parse(&parser, frame, length, &parsed) != FRAME_TCP)
		return false;
	const struct segment *syn = &parsed.segment;
	return syn->flags == TCP_SYN && syn->local_port == BENCH_REMOTE_PORT &&
	       syn->remote_address == scanner->local_address &&
	       syn_cookie_owns_port(&scanner->cookie, syn->remote_port) &&
	       syn->sequence == (uint32_t)syn_cookie_hash(&scanner->cookie, remote,
					scanner->local_address, syn->remote_port);
}

static uint16_t
check_burst(struct sweep_run *run, const struct port_queue *queue)
{
	struct rte_mbuf *buffers[CHECK_BURST];
	uint32_t addresses[CHECK_BURST];
	const uint16_t count =
		rte_eth_rx_burst(queue->port_id, queue->queue_id, buffers, CHECK_BURST);

	for (uint16_t i = 0; i < count; i++)
		addresses[i] = load_be32(
			rte_pktmbuf_mtod(buffers[i], const uint8_t *) + DESTINATION_OFFSET);
	if (count == 0)
		return 0;
	sweep_bitmap_mark(&run->bitmap, addresses, count);
	run->checked++;
	run->broken += !is_our_syn(run->scanner, rte_pktmbuf_mtod(buffers[0], const uint8_t *),
		rte_pktmbuf_data_len(buffers[0]));
	rte_pktmbuf_free_bulk(buffers, count);
	return count;
}

static void
check_all(struct sweep_run *run)
{
	const struct port_queue *queue = &run->scanner->sender.queue;
	bool has_sent_all = false;

	/* Read before the queue: what was sent before is then in it. */
	do {
		has_sent_all = atomic_load_explicit(&run->has_sent_all, memory_order_acquire);
	} while (check_burst(run, queue) > 0 || !has_sent_all);
}

static void
report_memory(const struct sweep_run *run, struct bench_report *report)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) == 0)
		bench_report_fact(report, "scanner_bytes",
			"bytes resident at most, the checker's bitmap not counted",
			(double)usage.ru_maxrss * 1024 - (double)run->bitmap.size_bytes);
}

static int
judge(const struct sweep_run *run, struct bench_report *report, struct fault *fault)
{
	const struct address_set *set = &run->scanner->targets.set;
	const uint64_t reached = sweep_bitmap_count(&run->bitmap, set);
	const uint64_t strangers = run->bitmap.marked - reached + run->bitmap.outside;

	bench_report_fact(report, "targets", "targets", (double)set->count);
	bench_report_fact(report, "sent", "SYNs sent", (double)run->sent);
	bench_report_fact(report, "reached", "targets reached", (double)reached);
	bench_report_fact(report, "doubled", "reached twice", (double)run->bitmap.doubled);
	bench_report_fact(report, "strangers", "reached and no targets", (double)strangers);
	bench_report_fact(report, "checked", "SYNs checked as a whole", (double)run->checked);
	bench_report_fact(report, "broken", "of these, wrong", (double)run->broken);
	bench_report_fact(
		report, "seconds", "seconds", (double)(run->end_ns - run->start_ns) / 1e9);
	report_memory(run, report);
	if (reached == set->count && run->sent == set->count && run->bitmap.doubled == 0 &&
		strangers == 0 && run->broken == 0)
		return 0;
	(void)fault_set(fault, BENCH_UNTRUE,
		"not every target got exactly one SYN: %" PRIu64 " of %" PRIu64 " reached, %" PRIu64
		" twice, %" PRIu64 " others, %" PRIu64 " broken",
		reached, set->count, run->bitmap.doubled, strangers, run->broken);
	return BENCH_UNTRUE;
}

static int
sweep(struct sweep_run *run, struct bench_report *report, struct fault *fault)
{
	if (sweep_bitmap_init(&run->bitmap, &run->scanner->targets.set) != 0)
		return fault_set(fault, ERROR_MEMORY, "no memory for the bitmap of the addresses");
	run->stage = bench_report_stage(report, "sweep", "SYNs sent and checked", "packet");
	const unsigned int lcore = environment_io_lcore(0);
	if (rte_eal_remote_launch(send_all, run, lcore) != 0)
		return fault_set(fault, ERROR_LIBRARY, "DPDK does not start the sending thread");
	check_all(run);
	if (rte_eal_wait_lcore(lcore) != 0)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	return judge(run, report, fault);
}

static int
sweep_on_port(struct sweep_run *run, struct bench_report *report, struct fault *fault)
{
	struct bench_options options = *run->options;
	struct bench_port port;

	options.device = DEVICE;
	run->options = &options;
	int error = bench_port_open(&port, &options, DEVICE, fault);
	if (error != 0)
		return error;
	report->clock = "cycles of the time-stamp counter";
	report->ticks_per_second = rte_get_tsc_hz();
	error = bench_scanner_init(run->scanner, &options, &port, fault);
	if (error == 0)
		error = sweep(run, report, fault);
	sweep_bitmap_clear(&run->bitmap);
	bench_scanner_clear(run->scanner);
	bench_port_close(&port);
	return error;
}

int
sweep_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct bench_scanner *scanner = calloc(1, sizeof(*scanner));
	struct sweep_run run = { .options = options, .scanner = scanner };
	const int error = scanner == NULL ? fault_set(fault, ERROR_MEMORY, "out of memory")
					  : sweep_on_port(&run, report, fault);

	free(scanner);
	return error;
}
