/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <rte_version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "bench_options.h"
#include "bench_report.h"
#include "dotscan_version.h"
#include "record/json_builder.h"

struct spread {
	double minimum;
	double median;
	double maximum;
};

struct bench_stage *
bench_report_stage(
	struct bench_report *report, const char *key, const char *title, const char *unit)
{
	assert(report->stage_count < BENCH_STAGES);
	struct bench_stage *stage = &report->stages[report->stage_count++];

	stage->key = key;
	stage->title = title;
	stage->unit = unit;
	return stage;
}

struct bench_stage *
bench_report_worker(struct bench_report *report, enum bench_worker_stage stage, uint16_t worker)
{
#define WORKERS(key, title)                                                                 \
	{                                                                                   \
		{ key, title }, { key "_2", title ", worker 2" },                           \
			{ key "_3", title ", worker 3" }, { key "_4", title ", worker 4" }, \
			{ key "_5", title ", worker 5" }, { key "_6", title ", worker 6" }, \
			{ key "_7", title ", worker 7" }, { key "_8", title ", worker 8" }, \
	}
	static const char *const names[][BENCH_WORKERS][2] = {
		[BENCH_STAGE_TX] = WORKERS("tx", "SYNs made and sent"),
		[BENCH_STAGE_SWEEP] = WORKERS("sweep", "SYNs sent and checked"),
	};
#undef WORKERS

	return bench_report_stage(
		report, names[stage][worker][0], names[stage][worker][1], "packet");
}

void
bench_stage_add(struct bench_stage *stage, uint64_t count, uint64_t ticks)
{
	assert(stage->round_count < BENCH_ROUNDS);
	if (count > 0)
		stage->rounds[stage->round_count++] = (struct bench_round){ count, ticks };
}

void
bench_report_fact(struct bench_report *report, const char *key, const char *title, double value)
{
	assert(report->fact_count < BENCH_FACTS);
	report->facts[report->fact_count++] = (struct bench_fact){ key, title, value };
}

static int
compare(const void *left, const void *right)
{
	const double a = *(const double *)left;
	const double b = *(const double *)right;

	return (a > b) - (a < b);
}

static struct spread
spread_of(const struct bench_stage *stage)
{
	double costs[BENCH_ROUNDS];

	if (stage->round_count == 0)
		return (struct spread){ 0, 0, 0 };
	for (uint32_t i = 0; i < stage->round_count; i++)
		costs[i] = (double)stage->rounds[i].ticks / (double)stage->rounds[i].count;
	qsort(costs, stage->round_count, sizeof(costs[0]), compare);
	const double low = costs[(stage->round_count - 1) / 2];
	const double high = costs[stage->round_count / 2];
	return (struct spread){ costs[0], (low + high) / 2, costs[stage->round_count - 1] };
}

double
bench_stage_median(const struct bench_stage *stage)
{
	return spread_of(stage).median;
}

static double
rate_of(const struct bench_report *report, double ticks)
{
	return ticks > 0 ? (double)report->ticks_per_second / ticks : 0;
}

/* "model name : AMD EPYC" of /proc/cpuinfo; empty where there is none. */
static void
read_processor(char *text, size_t size)
{
	char line[256];
	FILE *file = fopen("/proc/cpuinfo", "r");

	text[0] = '\0';
	if (file == NULL)
		return;
	while (text[0] == '\0' && fgets(line, sizeof(line), file) != NULL) {
		const char *value = strstr(line, ": ");

		if (strncmp(line, "model name", strlen("model name")) == 0 && value != NULL)
			(void)snprintf(
				text, size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
	}
	(void)fclose(file);
}

static double
read_load(void)
{
	double load = 0;

	return getloadavg(&load, 1) == 1 ? load : 0;
}

static void
print_table(const struct bench_report *report)
{
	char processor[128];
	char rates[3][32];

	read_processor(processor, sizeof(processor));
	(void)printf("dotscan-bench %s: %s, load %.1f\n", report->command, processor, read_load());
	(void)printf("dotscan %s, %s, gcc %s\n", DOTSCAN_VERSION, rte_version(), __VERSION__);
	(void)printf("a tick is one of %s, %.2f a nanosecond\n\n", report->clock,
		(double)report->ticks_per_second / 1e9);
	if (report->stage_count > 0)
		(void)printf("%-46s %9s %9s %9s %10s\n", "per second and CPU", "minimum", "median",
			"maximum", "ticks");
	for (uint32_t i = 0; i < report->stage_count; i++) {
		const struct spread cost = spread_of(&report->stages[i]);

		(void)printf("%-46s %9s %9s %9s %10.1f\n", report->stages[i].title,
			count_format(rate_of(report, cost.maximum), rates[0]),
			count_format(rate_of(report, cost.median), rates[1]),
			count_format(rate_of(report, cost.minimum), rates[2]), cost.median);
	}
	if (report->fact_count > 0)
		(void)putchar('\n');
	for (uint32_t i = 0; i < report->fact_count; i++)
		(void)printf("%-64s %14.10g\n", report->facts[i].title, report->facts[i].value);
}

static json_t *
stage_json(const struct bench_report *report, const struct bench_stage *stage)
{
	const struct spread cost = spread_of(stage);
	struct json_builder builder;

	json_builder_object(&builder);
	json_builder_put_words(&builder, "unit", stage->unit);
	json_builder_put_integer(&builder, "rounds", stage->round_count);
	json_builder_put(&builder, "per_second", json_real(round(rate_of(report, cost.median))));
	json_builder_put(
		&builder, "per_second_minimum", json_real(round(rate_of(report, cost.maximum))));
	json_builder_put(
		&builder, "per_second_maximum", json_real(round(rate_of(report, cost.minimum))));
	json_builder_put(&builder, "ticks_minimum", json_real(cost.minimum));
	json_builder_put(&builder, "ticks_median", json_real(cost.median));
	json_builder_put(&builder, "ticks_maximum", json_real(cost.maximum));
	return json_builder_take(&builder);
}

static json_t *
report_json(const struct bench_report *report)
{
	char processor[128];
	struct json_builder stages;
	struct json_builder facts;
	struct json_builder builder;

	read_processor(processor, sizeof(processor));
	json_builder_object(&stages);
	for (uint32_t i = 0; i < report->stage_count; i++)
		json_builder_put(
			&stages, report->stages[i].key, stage_json(report, &report->stages[i]));
	json_builder_object(&facts);
	for (uint32_t i = 0; i < report->fact_count; i++)
		json_builder_put(&facts, report->facts[i].key, json_real(report->facts[i].value));
	json_builder_object(&builder);
	json_builder_put_words(&builder, "command", report->command);
	json_builder_put_words(&builder, "version", DOTSCAN_VERSION);
	json_builder_put_words(&builder, "processor", processor);
	json_builder_put_words(&builder, "clock", report->clock);
	json_builder_put_integer(&builder, "ticks_per_second", (int64_t)report->ticks_per_second);
	json_builder_put(&builder, "load", json_real(read_load()));
	json_builder_put_words(&builder, "dpdk", rte_version());
	json_builder_put_words(&builder, "compiler", __VERSION__);
	json_builder_put(&builder, "stages", json_builder_take(&stages));
	json_builder_put(&builder, "facts", json_builder_take(&facts));
	return json_builder_take(&builder);
}

bool
bench_report_print(const struct bench_report *report, bool is_json)
{
	if (!is_json) {
		print_table(report);
		return fflush(stdout) == 0;
	}
	json_t *json = report_json(report);
	if (json == NULL)
		return false;
	const bool is_written = json_dumpf(json, stdout, JSON_INDENT(1)) == 0;
	json_decref(json);
	(void)putchar('\n');
	return fflush(stdout) == 0 && is_written;
}
