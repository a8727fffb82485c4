/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_cycles.h>
#include <stdlib.h>

#include "base/error.h"
#include "bench_commands.h"
#include "tx_loop.h"

/* One worker. */
struct tx_run {
	struct bench_scanner scanner;
	struct tx_loop loop;
	struct bench_stage *stage;
};

struct tx_runs {
	const struct bench_options *options;
	struct bench_port port;
	struct tx_run workers[BENCH_WORKERS];
};

static int
run_rounds(void *argument)
{
	struct tx_run *run = argument;
	struct tx_round result;

	for (uint64_t round = 0; round < run->loop.options->rounds; round++) {
		const int error = tx_loop_round(&run->loop, &result);

		if (error != 0)
			return error;
		bench_stage_add(run->stage, result.sent, result.cycles);
	}
	return 0;
}

static int
prepare(struct tx_runs *runs, struct bench_report *report, struct fault *fault)
{
	int error = 0;

	for (uint16_t i = 0; i < runs->options->workers && error == 0; i++) {
		struct tx_run *run = &runs->workers[i];

		run->loop = (struct tx_loop){
			.options = runs->options, .scanner = &run->scanner, .seed = 1
		};
		run->stage = bench_report_worker(report, BENCH_STAGE_TX, i);
		error = i == 0 ? bench_scanner_init(
					 &run->scanner, runs->options, &runs->port, fault)
			       : bench_scanner_join(&run->scanner, &runs->workers[0].scanner, i,
					 runs->options, &runs->port, fault);
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
		refused += runs->workers[i].loop.refused;
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
