/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "bench_commands.h"
#include "growth_tls.h"
#include "tx_loop.h"

#define SECOND_NS  1000000000ULL
#define SIZES      3
#define EXCLUSIONS 20000

/* One set of targets, whose packets are sent in turn with those of the others. */
struct contestant {
	const char *key;
	const char *title;
	uint64_t bits;
	uint64_t exclusions;
};

/* By size; the same with exclusions follows. */
static const struct contestant contestants[2 * SIZES] = {
	{ "tx_16", "SYNs, 2^16 targets", 16, 0 },
	{ "tx_24", "SYNs, 2^24 targets", 24, 0 },
	{ "tx_32", "SYNs, 2^32 targets", 32, 0 },
	{ "tx_16_exclusions", "SYNs, 2^16 targets, 20,000 exclusions", 16, EXCLUSIONS },
	{ "tx_24_exclusions", "SYNs, 2^24 targets, 20,000 exclusions", 24, EXCLUSIONS },
	{ "tx_32_exclusions", "SYNs, 2^32 targets, 20,000 exclusions", 32, EXCLUSIONS },
};

/* What is compared: the cost of one by that of another. */
static const struct {
	const char *key;
	const char *title;
	unsigned int one;
	unsigned int other;
} comparisons[] = {
	{ "tx_24_to_16", "cost of a packet, 2^24 to 2^16 targets", 1, 0 },
	{ "tx_32_to_16", "cost of a packet, 2^32 to 2^16 targets", 2, 0 },
	{ "tx_24_to_16_exclusions", "the same with exclusions, 2^24 to 2^16", 4, 3 },
	{ "tx_32_to_16_exclusions", "the same with exclusions, 2^32 to 2^16", 5, 3 },
	{ "tx_16_exclusions_to_none", "20,000 exclusions to none, 2^16 targets", 3, 0 },
	{ "tx_24_exclusions_to_none", "20,000 exclusions to none, 2^24 targets", 4, 1 },
	{ "tx_32_exclusions_to_none", "20,000 exclusions to none, 2^32 targets", 5, 2 },
};

struct growth_run {
	struct bench_options options[2 * SIZES];
	struct bench_scanner scanners[2 * SIZES];
	struct tx_loop loops[2 * SIZES];
	struct bench_stage *stages[2 * SIZES];
};

static int
run_rounds(void *argument)
{
	struct growth_run *run = argument;
	struct tx_round result;

	for (uint64_t round = 0; round < run->options[0].rounds; round++) {
		for (size_t i = 0; i < 2 * SIZES; i++) {
			const int error = tx_loop_round(&run->loops[i], &result);

			if (error != 0)
				return error;
			/* A share of a CPU that others want too is no cost of ours. */
			bench_stage_add(run->stages[i], result.sent, result.cpu_ns);
		}
	}
	return 0;
}

static int
prepare(struct growth_run *run, const struct bench_options *options, const struct bench_port *port,
	struct bench_report *report, struct fault *fault)
{
	for (size_t i = 0; i < 2 * SIZES; i++) {
		const struct contestant *contestant = &contestants[i];

		run->options[i] = *options;
		run->options[i].bits = contestant->bits;
		run->options[i].exclusions = contestant->exclusions;
		const int error =
			bench_scanner_init(&run->scanners[i], &run->options[i], port, fault);
		if (error != 0)
			return error;
		run->loops[i] = (struct tx_loop){
			.options = &run->options[i], .scanner = &run->scanners[i], .seed = 1
		};
		run->stages[i] =
			bench_report_stage(report, contestant->key, contestant->title, "packet");
	}
	return 0;
}

static int
compare_packets(struct growth_run *run, const struct bench_options *options,
	struct bench_report *report, struct fault *fault)
{
	struct bench_port port;
	int error = bench_port_open(&port, options, options->device, fault);

	if (error != 0)
		return error;
	error = prepare(run, options, &port, report, fault);
	if (error == 0 && bench_port_run(run_rounds, run) != 0)
		error = fault_set(fault, ERROR_MEMORY, "out of memory");
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]) && error == 0; i++)
		bench_report_fact(report, comparisons[i].key, comparisons[i].title,
			bench_stage_median(run->stages[comparisons[i].one]) /
				bench_stage_median(run->stages[comparisons[i].other]));
	for (size_t i = 0; i < 2 * SIZES; i++)
		bench_scanner_clear(&run->scanners[i]);
	bench_port_close(&port);
	return error;
}

int
growth_command(
	const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct growth_run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	report->clock = "nanoseconds of CPU time";
	report->ticks_per_second = SECOND_NS;
	int error = compare_packets(run, options, report, fault);
	if (error == 0)
		error = growth_tls(options, report, fault);
	free(run);
	return error;
}
