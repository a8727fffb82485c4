/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <stdlib.h>

#include "base/error.h"
#include "bench_commands.h"
#include "bench_scanner.h"
#include "clock.h"

/* As often as an I/O worker looks at its receive queue: after each burst. */
#define RECEIVE_BURST 64

struct tx_run {
	const struct bench_options *options;
	struct bench_scanner *scanner;
	struct bench_stage *stage;
	uint64_t refused;
	int error;
};

static void
drop_received(const struct port_queue *queue)
{
	struct rte_mbuf *frames[RECEIVE_BURST];
	const uint16_t count =
		rte_eth_rx_burst(queue->port_id, queue->queue_id, frames, RECEIVE_BURST);

	if (count > 0)
		rte_pktmbuf_free_bulk(frames, count);
}

/* The loop of an I/O worker with nothing to receive. Returns how many SYNs left until the targets or the time ran out. */
static uint64_t
send_until(struct tx_run *run, uint64_t end_ns)
{
	struct syn_sender *sender = &run->scanner->sender;
	uint64_t sent = 0;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;

		drop_received(&sender->queue);
		const size_t offered = prober_peek(sender->prober, now_ns, &addresses);
		if (offered == 0 || now_ns >= end_ns)
			return sent;
		const struct syn_burst_result result =
			syn_sender_send(sender, addresses, offered, now_ns);
		sent += result.sent;
		run->refused += result.refused;
	}
}

/* Where targets run out, the walk begins again with another seed, which is not part of the time. */
static int
run_round(struct tx_run *run, uint64_t *seed)
{
	uint64_t left_ns = run->options->round_ns;
	uint64_t cycles = 0;
	uint64_t sent = 0;

	while (left_ns > 0) {
		const uint64_t start_ns = clock_now_ns();
		syn_sender_pace(&run->scanner->sender, run->options->rate_pps, start_ns);
		const uint64_t start = rte_rdtsc();

		sent += send_until(run, start_ns + left_ns);
		cycles += rte_rdtsc() - start;
		const uint64_t spent_ns = clock_now_ns() - start_ns;
		left_ns -= spent_ns < left_ns ? spent_ns : left_ns;
		if (prober_is_finished(&run->scanner->prober) &&
			bench_scanner_restart(run->scanner, run->options, ++*seed, 0) != 0)
			return ERROR_MEMORY;
	}
	bench_stage_add(run->stage, sent, cycles);
	return 0;
}

static int
run_rounds(void *argument)
{
	struct tx_run *run = argument;
	uint64_t seed = 1;

	for (uint64_t round = 0; round < run->options->rounds && run->error == 0; round++)
		run->error = run_round(run, &seed);
	return run->error;
}

int
tx_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct bench_scanner *scanner = calloc(1, sizeof(*scanner));
	struct bench_port port;
	struct tx_run run = { .options = options, .scanner = scanner };

	if (scanner == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	int error = bench_port_open(&port, options, options->device, fault);
	if (error == 0) {
		report->clock = "cycles of the time-stamp counter";
		report->ticks_per_second = rte_get_tsc_hz();
		run.stage = bench_report_stage(report, "tx", "SYNs made and sent", "packet");
		error = bench_scanner_init(scanner, options, &port, fault);
		if (error == 0 && bench_port_run(run_rounds, &run) != 0)
			error = fault_set(fault, ERROR_MEMORY, "out of memory");
		bench_report_fact(report, "targets", "targets", (double)scanner->targets.planned);
		bench_report_fact(report, "target_bytes", "bytes that hold the target set",
			(double)scanner->targets.set.size_bytes);
		bench_report_fact(report, "refused", "SYNs refused by the device, sent later",
			(double)run.refused);
		bench_scanner_clear(scanner);
		bench_port_close(&port);
	}
	free(scanner);
	return error;
}
