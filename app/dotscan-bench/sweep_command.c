/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <sched.h>
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

/* Who sends. */
struct sweep_worker {
	struct sweep_run *run;
	struct bench_scanner scanner;
	struct bench_stage *stage;
	uint64_t sent;
	bool is_shared; /* its CPU, with the checker or another worker */
};

/* Who checks. */
struct sweep_run {
	const struct bench_options *options;
	struct bench_port port;
	struct sweep_worker workers[BENCH_WORKERS];
	struct sweep_bitmap bitmap;
	uint64_t checked; /* frames looked at as a whole, one in a burst */
	uint64_t broken;  /* of these, no SYN of ours */
	uint64_t start_ns;
	uint64_t end_ns;
	atomic_uint finished; /* workers that have sent everything */
};

static uint64_t
send_shard(struct sweep_worker *worker)
{
	struct syn_sender *sender = &worker->scanner.sender;
	uint64_t sent = 0;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;
		const size_t offered = prober_peek(sender->prober, now_ns, &addresses);

		if (offered == 0)
			return sent;
		const uint16_t taken = syn_sender_send(sender, addresses, offered, now_ns).sent;
		/* The port is full: who empties it may need this CPU. */
		if (taken == 0 && worker->is_shared)
			(void)sched_yield();
		sent += taken;
	}
}

static int
send_all(void *argument)
{
	struct sweep_worker *worker = argument;
	struct sweep_run *run = worker->run;
	const uint32_t shards = (uint32_t)run->options->shards;
	int error = 0;

	syn_sender_pace(&worker->scanner.sender, run->options->rate_pps, clock_now_ns());
	for (uint32_t shard = 0; shard < shards && error == 0; shard++) {
		error = bench_scanner_restart(&worker->scanner, run->options, 1, shard);
		const uint64_t start = rte_rdtsc();
		const uint64_t sent = error == 0 ? send_shard(worker) : 0;
		bench_stage_add(worker->stage, sent, rte_rdtsc() - start);
		worker->sent += sent;
	}
	atomic_fetch_add_explicit(&run->finished, 1, memory_order_release);
	return error;
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
	run->broken += !is_our_syn(&run->workers[0].scanner,
		rte_pktmbuf_mtod(buffers[0], const uint8_t *), rte_pktmbuf_data_len(buffers[0]));
	rte_pktmbuf_free_bulk(buffers, count);
	return count;
}

static void
check_all(struct sweep_run *run)
{
	const uint16_t workers = run->options->workers;
	const bool is_shared = environment_is_shared(&run->port.cpus, run->options->other_cpu);
	uint32_t count = 0;
	bool has_sent_all = false;

	/* Read before the queues: what was sent before is then in them. */
	do {
		if (count == 0 && is_shared)
			(void)sched_yield();
		has_sent_all =
			atomic_load_explicit(&run->finished, memory_order_acquire) == workers;
		count = 0;
		for (uint16_t i = 0; i < workers; i++)
			count += check_burst(run, &run->port.port.queues[i]);
	} while (count > 0 || !has_sent_all);
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
	const struct address_set *set = &run->workers[0].scanner.targets.set;
	const uint64_t reached = sweep_bitmap_count(&run->bitmap, set);
	const uint64_t strangers = run->bitmap.marked - reached + run->bitmap.outside;
	uint64_t sent = 0;

	for (uint16_t i = 0; i < run->options->workers; i++)
		sent += run->workers[i].sent;
	bench_report_fact(report, "targets", "targets", (double)set->count);
	bench_report_fact(report, "sent", "SYNs sent", (double)sent);
	bench_report_fact(report, "reached", "targets reached", (double)reached);
	bench_report_fact(report, "doubled", "reached twice", (double)run->bitmap.doubled);
	bench_report_fact(report, "strangers", "reached and no targets", (double)strangers);
	bench_report_fact(report, "checked", "SYNs checked as a whole", (double)run->checked);
	bench_report_fact(report, "broken", "of these, wrong", (double)run->broken);
	bench_report_fact(
		report, "seconds", "seconds", (double)(run->end_ns - run->start_ns) / 1e9);
	report_memory(run, report);
	if (reached == set->count && sent == set->count && run->bitmap.doubled == 0 &&
		strangers == 0 && run->broken == 0)
		return 0;
	(void)fault_set(fault, BENCH_UNTRUE,
		"not every target got exactly one SYN: %" PRIu64 " of %" PRIu64 " reached, %" PRIu64
		" twice, %" PRIu64 " others, %" PRIu64 " broken",
		reached, set->count, run->bitmap.doubled, strangers, run->broken);
	return BENCH_UNTRUE;
}

static int
prepare(struct sweep_run *run, struct bench_report *report, struct fault *fault)
{
	int error = 0;

	for (uint16_t i = 0; i < run->options->workers && error == 0; i++) {
		struct sweep_worker *worker = &run->workers[i];

		worker->run = run;
		worker->is_shared = environment_is_shared(&run->port.cpus, run->port.io_cpus[i]);
		worker->stage = bench_report_worker(report, BENCH_STAGE_SWEEP, i);
		error = i == 0 ? bench_scanner_init(
					 &worker->scanner, run->options, &run->port, fault)
			       : bench_scanner_join(&worker->scanner, &run->workers[0].scanner, i,
					 run->options, &run->port, fault);
	}
	if (error == 0 &&
		sweep_bitmap_init(&run->bitmap, &run->workers[0].scanner.targets.set) != 0)
		error = fault_set(fault, ERROR_MEMORY, "no memory for the bitmap of the addresses");
	return error;
}

static int
sweep(struct sweep_run *run, struct fault *fault)
{
	uint16_t started = 0;
	int error = 0;

	run->start_ns = clock_now_ns();
	for (; started < run->options->workers; started++) {
		error = bench_port_start(started, send_all, &run->workers[started], fault);
		if (error != 0)
			break;
	}
	/* Those that did not start send nothing: the rest must not be waited for in vain. */
	atomic_fetch_add(&run->finished, (unsigned int)(run->options->workers - started));
	check_all(run);
	run->end_ns = clock_now_ns();
	if (bench_port_wait(started) != 0 && error == 0)
		error = fault_set(fault, ERROR_MEMORY, "out of memory");
	return error;
}

static int
sweep_on_port(struct sweep_run *run, struct bench_report *report, struct fault *fault)
{
	struct bench_options options = *run->options;

	options.device = DEVICE;
	run->options = &options;
	int error = bench_port_open(&run->port, &options, DEVICE, fault);
	if (error != 0)
		return error;
	report->clock = "cycles of the time-stamp counter";
	report->ticks_per_second = rte_get_tsc_hz();
	error = prepare(run, report, fault);
	if (error == 0)
		error = sweep(run, fault);
	if (error == 0)
		error = judge(run, report, fault);
	sweep_bitmap_clear(&run->bitmap);
	for (uint16_t i = options.workers; i > 0; i--)
		bench_scanner_clear(&run->workers[i - 1].scanner);
	bench_port_close(&run->port);
	return error;
}

int
sweep_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct sweep_run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	run->options = options;
	const int error = sweep_on_port(run, report, fault);
	free(run);
	return error;
}
