/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#define BENCH_STAGES 16
#define BENCH_FACTS  24
#define BENCH_ROUNDS 1000

/* What one round came to: so many things were done in so many ticks of the report's clock. */
struct bench_round {
	uint64_t count;
	uint64_t ticks;
};

/* One thing that is measured over and over. key and title are literals. */
struct bench_stage {
	const char *key;
	const char *title;
	const char *unit; /* of what is counted, singular */
	struct bench_round rounds[BENCH_ROUNDS];
	uint32_t round_count;
};

/* A number beside the rates, such as bytes a connection. */
struct bench_fact {
	const char *key;
	const char *title;
	double value;
};

struct bench_report {
	const char *command;
	const char *clock; /* what its ticks are */
	uint64_t ticks_per_second;
	struct bench_stage stages[BENCH_STAGES];
	uint32_t stage_count;
	struct bench_fact facts[BENCH_FACTS];
	uint32_t fact_count;
};

/* Adds a stage without rounds; valid as long as the report. */
struct bench_stage *bench_report_stage(
	struct bench_report *report, const char *key, const char *title, const char *unit);
void bench_stage_add(struct bench_stage *stage, uint64_t count, uint64_t ticks);

/* What several workers do at once: a stage for each of them, such as "tx" and "tx_2". */
enum bench_worker_stage { BENCH_STAGE_TX, BENCH_STAGE_SWEEP };
struct bench_stage *bench_report_worker(
	struct bench_report *report, enum bench_worker_stage stage, uint16_t worker);

/* Ticks for one, in the median round. */
double bench_stage_median(const struct bench_stage *stage);

void bench_report_fact(
	struct bench_report *report, const char *key, const char *title, double value);

/* To standard output: a table, or one JSON object. False if that fails. */
bool bench_report_print(const struct bench_report *report, bool is_json);

#endif
