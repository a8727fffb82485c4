/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_cycles.h>
#include <stdlib.h>

#include "base/error.h"
#include "bench_commands.h"
#include "bench_scanner.h"
#include "clock.h"

/* One worker. */
struct tx_run {
	const struct bench_options *options;
	struct bench_scanner scanner;
	struct bench_stage *stage;
	uint64_t refused;
};

struct tx_runs {
	const struct bench_options *options;
	struct bench_port port;
	struct tx_run workers[BENCH_WORKERS];
};

/* The loop of an I/O worker with nothing to receive. Returns how many SYNs left until the targets or the time ran out. */
static uint64_t
send_until(struct tx_run *run, uint64_t end_ns)
{
	struct syn_sender *sender = &run->scanner.sender;
	uint64_t sent = 0;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;

		bench_port_drop_received(&sender->queue);
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
		syn_sender_pace(&run->scanner.sender, run->options->rate_pps, start_ns);
		const uint64_t start = rte_rdtsc();

		sent += send_until(run, start_ns + left_ns);
		cycles += rte_rdtsc() - start;
		const uint64_t spent_ns = clock_now_ns() - start_ns;
		left_ns -= spent_ns < left_ns ? spent_ns : left_ns;
		if (prober_is_finished(&run->scanner.prober) &&
			bench_scanner_restart(&run->scanner, run->options, ++*seed, 0) != 0)
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
	int error = 0;

	for (uint64_t round = 0; round < run->options->rounds && error == 0; round++)
		error = run_round(run, &seed);
	return error;
}

static int
prepare(struct tx_runs *runs, struct bench_report *report, struct fault *fault)
{
	int error = 0;

	for (uint16_t i = 0; i < runs->options->workers && error == 0; i++) {
		struct tx_run *run = &runs->workers[i];

		run->options = runs->options;
		run->stage = bench_report_worker(report, BENCH_STAGE_TX, i);
		error = i == 0 ? bench_scanner_init(&run->scanner, run->options, &runs->port, fault)
			       : bench_scanner_join(&run->scanner, &runs->workers[0].scanner, i,
					 run->options, &runs->port, fault);
	}
	return error;
}

static int
run_all(struct tx_runs *runs, struct fault *fault)
{
	uint16_t started = 0;
	int error = 0;

	for (; started < runs->options->workers; started++) {
		error = bench_port_start(started, run_rounds, &runs->workers[started], fault);
		if (error != 0)
			break;
	}
	if (bench_port_wait(started) != 0 && error == 0)
		error = fault_set(fault, ERROR_MEMORY, "out of memory");
	return error;
}

static void
report_all(const struct tx_runs *runs, struct bench_report *report)
{
	const struct target_list *targets = &runs->workers[0].scanner.targets;
	double per_second = 0;
	uint64_t refused = 0;

	for (uint16_t i = 0; i < runs->options->workers; i++) {
		const double ticks = bench_stage_median(runs->workers[i].stage);

		per_second += ticks > 0 ? (double)report->ticks_per_second / ticks : 0;
		refused += runs->workers[i].refused;
	}
	bench_report_fact(report, "targets", "targets", (double)targets->planned);
	bench_report_fact(report, "target_bytes", "bytes that hold the target set",
		(double)targets->set.size_bytes);
	bench_report_fact(
		report, "refused", "SYNs refused by the device, sent later", (double)refused);
	if (runs->options->workers > 1)
		bench_report_fact(
			report, "together", "SYNs a second of all workers together", per_second);
}

int
tx_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct tx_runs *runs = calloc(1, sizeof(*runs));

	if (runs == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	runs->options = options;
	int error = bench_port_open(&runs->port, options, options->device, fault);
	if (error == 0) {
		report->clock = "cycles of the time-stamp counter";
		report->ticks_per_second = rte_get_tsc_hz();
		error = prepare(runs, report, fault);
		if (error == 0)
			error = run_all(runs, fault);
		if (error == 0)
			report_all(runs, report);
		for (uint16_t i = options->workers; i > 0; i--)
			bench_scanner_clear(&runs->workers[i - 1].scanner);
		bench_port_close(&runs->port);
	}
	free(runs);
	return error;
}
