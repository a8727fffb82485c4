/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <rte_ethdev.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "bench_commands.h"
#include "bench_scanner.h"
#include "clock.h"
#include "frame_forwarder.h"
#include "pacing_check.h"
#include "packet/frame_builder.h"

/* Each rate alone, and with verify traffic on the same queue. */
#define PACING_LIST(X)     \
	X(5pps, 5)         \
	X(1kpps, 1000)     \
	X(100kpps, 100000) \
	X(1Mpps, 1000000)  \
	X(line, RATE_LINE)

/* A round of a slow rate lasts until it has sent so many. */
#define SENDS_AT_LEAST 10

/* How far asked and sent may differ. */
#define ERROR_LIMIT 0.01

/* As scans have it between a verify worker and its sender. */
#define FRAME_RING 4096
#define FEED       32

struct pacing_case {
	uint64_t rate_pps;
	bool has_frames;
	const char *stage_key;
	const char *stage_title;
	const char *error_key;
	const char *error_title;
	const char *window_key;
	const char *window_title;
};

static const struct pacing_case cases[] = {
#define X(text, rate)                                                                    \
	{ rate, false, "at_" #text, "SYNs at " #text, "error_" #text,                    \
		"asked and sent differ, %, at " #text, "window_" #text,                  \
		"beyond the rate in 10 ms, of what may be, at " #text },                 \
		{ rate, true, "shared_" #text, "SYNs at " #text ", with verify traffic", \
			"shared_error_" #text, "the same with verify traffic, %",        \
			"shared_window_" #text, "the same with verify traffic" },
	PACING_LIST(X)
#undef X
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

struct pacing_run {
	const struct bench_options *options;
	struct bench_port port;
	struct bench_scanner scanner;
	struct frame_forwarder forwarder;
	struct rte_ring *ring;
	struct pacing_check checks[CASES];
	struct bench_stage *stages[CASES];
	size_t current;
	uint64_t seed;
	uint64_t frames;   /* of verify traffic that left */
	uint64_t refused;  /* times that the device took less than it was given */
	uint64_t withheld; /* SYNs that were offered without a rate and did not leave */
	atomic_bool has_ended;
};

/* The loop of an I/O worker: receive, frames of verify workers, SYNs. Returns false when the targets have run out. */
static bool
send_until(struct pacing_run *run, struct pacing_check *check, uint64_t end_ns)
{
	struct syn_sender *sender = &run->scanner.sender;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;

		bench_port_drop_received(&sender->queue);
		pacing_check_round(check, &sender->pacer, now_ns);
		run->frames += frame_forwarder_send(&run->forwarder);
		if (now_ns >= end_ns)
			return true;
		if (frame_forwarder_is_blocked(&run->forwarder)) {
			run->refused++;
			continue;
		}
		const size_t offered = prober_peek(sender->prober, now_ns, &addresses);
		if (offered == 0)
			return false;
		const struct syn_burst_result result =
			syn_sender_send(sender, addresses, offered, now_ns);
		if (result.sent > 0)
			pacing_check_send(check, &sender->pacer, result.sent, clock_now_ns());
		run->refused += result.refused > 0;
		if (!sender->is_paced && result.refused == 0 && !result.lacks_buffers)
			run->withheld +=
				(offered < SYN_BURST_MAXIMUM ? offered : SYN_BURST_MAXIMUM) -
				result.sent;
	}
}

static int
run_case(void *argument)
{
	struct pacing_run *run = argument;
	struct pacing_check *check = &run->checks[run->current];
	const uint64_t rate_pps = cases[run->current].rate_pps;
	const uint64_t least_ns =
		rate_pps == RATE_LINE ? 0 : SENDS_AT_LEAST * 1000000000ULL / rate_pps;
	const uint64_t length_ns =
		run->options->round_ns > least_ns ? run->options->round_ns : least_ns;
	const uint64_t start_ns = clock_now_ns();
	const uint64_t sent_before = check->sent;
	const uint64_t span_before_ns = check->span_ns;
	int error = 0;

	syn_sender_pace(&run->scanner.sender, rate_pps, start_ns);
	pacing_check_begin(check, start_ns);
	while (error == 0 && !send_until(run, check, start_ns + length_ns))
		error = bench_scanner_restart(&run->scanner, run->options, ++run->seed, 0);
	pacing_check_end(check);
	bench_stage_add(run->stages[run->current], check->sent - sent_before,
		check->span_ns - span_before_ns);
	atomic_store_explicit(&run->has_ended, true, memory_order_release);
	return error;
}

/* A verify worker that never rests: as many frames as the ring takes. */
static void
feed(struct pacing_run *run)
{
	const struct segment segment = {
		.local_address = run->scanner.local_address,
		.remote_address = run->scanner.local_address + 1,
		.local_port = 32768,
		.remote_port = BENCH_REMOTE_PORT,
		.flags = TCP_ACK,
		.window = 32768,
	};
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	const uint16_t length =
		(uint16_t)frame_build_segment(&run->scanner.link, &segment, 0, frame);

	while (!atomic_load_explicit(&run->has_ended, memory_order_acquire)) {
		struct rte_mbuf *buffers[FEED];

		if (rte_ring_free_count(run->ring) < FEED ||
			rte_pktmbuf_alloc_bulk(run->forwarder.queue.pool, buffers, FEED) != 0) {
			(void)sched_yield();
			continue;
		}
		for (int i = 0; i < FEED; i++)
			memcpy(rte_pktmbuf_append(buffers[i], length), frame, length);
		(void)rte_ring_sp_enqueue_bulk(run->ring, (void **)buffers, FEED, NULL);
	}
}

static void
empty_ring(struct pacing_run *run)
{
	struct rte_mbuf *buffer = NULL;

	(void)frame_forwarder_drop(&run->forwarder);
	while (rte_ring_sc_dequeue(run->ring, (void **)&buffer) == 0)
		rte_pktmbuf_free(buffer);
}

static int
run_cases(struct pacing_run *run, struct fault *fault)
{
	int error = 0;

	for (run->current = 0; run->current < CASES && error == 0; run->current++) {
		atomic_store(&run->has_ended, false);
		error = bench_port_start(0, run_case, run, fault);
		if (error != 0)
			break;
		if (cases[run->current].has_frames)
			feed(run);
		if (bench_port_wait(1) != 0)
			error = fault_set(fault, ERROR_MEMORY, "out of memory");
		empty_ring(run);
	}
	return error;
}

/* How much more than the rate a window may hold: the pacer's credit, and the one burst that the machine made late. */
static uint64_t
allowance(uint64_t rate_pps)
{
	const uint64_t credit = 1 + rate_pps * SYN_SENDER_CREDIT_NS / 1000000000ULL;

	return credit + (credit < SYN_BURST_MAXIMUM ? credit : SYN_BURST_MAXIMUM);
}

static int
judge_case(const struct pacing_run *run, size_t index, struct bench_report *report,
	struct fault *fault)
{
	const struct pacing_case *one = &cases[index];
	const struct pacing_check *check = &run->checks[index];

	if (one->rate_pps == RATE_LINE)
		return 0;
	const double error = pacing_check_error(check);
	const uint64_t allowed = allowance(one->rate_pps);
	bench_report_fact(report, one->error_key, one->error_title, 100 * error);
	bench_report_fact(report, one->window_key, one->window_title,
		(double)check->most_beyond / (double)allowed);
	if (check->most_beyond > allowed) {
		(void)fault_set(fault, BENCH_UNTRUE,
			"%s: 10 ms held %" PRIu64 " more than the rate; accepted: %" PRIu64,
			one->stage_title, check->most_beyond, allowed);
		return BENCH_UNTRUE;
	}
	/* A device that refuses is slower than what was asked, which is not the pacer's fault. */
	if (error > ERROR_LIMIT || (error < -ERROR_LIMIT && run->refused == 0)) {
		(void)fault_set(fault, BENCH_UNTRUE,
			"%s: sent differs by %.2f %% from what was asked; accepted: 1 %%",
			one->stage_title, 100 * error);
		return BENCH_UNTRUE;
	}
	return 0;
}

static int
judge(const struct pacing_run *run, struct bench_report *report, struct fault *fault)
{
	uint64_t away_ns = 0;
	int result = 0;

	for (size_t i = 0; i < CASES; i++) {
		const int judged = judge_case(run, i, report, fault);

		away_ns += run->checks[i].away_ns;
		result = result == 0 ? judged : result;
	}
	bench_report_fact(
		report, "withheld", "SYNs withheld without a rate", (double)run->withheld);
	bench_report_fact(report, "frames", "frames of verify traffic", (double)run->frames);
	bench_report_fact(
		report, "refused", "times the device took less than offered", (double)run->refused);
	bench_report_fact(report, "away",
		"seconds in gaps above 0.1 ms: the machine ran something else",
		(double)away_ns / 1e9);
	if (result != 0 || run->withheld == 0)
		return result;
	(void)fault_set(fault, BENCH_UNTRUE, "SYNs are withheld though no rate is asked");
	return BENCH_UNTRUE;
}

static int
prepare(struct pacing_run *run, struct bench_report *report, struct fault *fault)
{
	const int error = bench_scanner_init(&run->scanner, run->options, &run->port, fault);

	if (error != 0)
		return error;
	run->ring =
		rte_ring_create("frames", FRAME_RING, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	if (run->ring == NULL)
		return fault_set(fault, ERROR_MEMORY, "no memory for a ring");
	run->forwarder = (struct frame_forwarder){
		.queue = run->scanner.sender.queue,
		.rings = &run->ring,
		.ring_count = 1,
		.stride = 1,
		.gateway_mac = run->scanner.link.gateway_mac,
	};
	for (size_t i = 0; i < CASES; i++) {
		run->stages[i] = bench_report_stage(
			report, cases[i].stage_key, cases[i].stage_title, "packet");
		run->checks[i].rate_pps = cases[i].rate_pps;
	}
	return 0;
}

static int
pace(struct pacing_run *run, struct bench_report *report, struct fault *fault)
{
	int error = prepare(run, report, fault);

	/* All of them in turn, so that what disturbs the machine disturbs all. */
	for (uint64_t round = 0; round < run->options->rounds && error == 0; round++)
		error = run_cases(run, fault);
	if (error == 0)
		error = judge(run, report, fault);
	rte_ring_free(run->ring);
	bench_scanner_clear(&run->scanner);
	return error;
}

int
pacing_command(
	const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct pacing_run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	run->options = options;
	run->seed = 1;
	report->clock = "nanoseconds";
	report->ticks_per_second = 1000000000;
	int error = bench_port_open(&run->port, options, options->device, fault);
	if (error == 0) {
		error = pace(run, report, fault);
		bench_port_close(&run->port);
	}
	free(run);
	return error;
}
