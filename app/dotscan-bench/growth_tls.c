/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/ssl.h>

#include "base/error.h"
#include "growth_tls.h"
#include "tls_verify.h"

#define SIZES 3

static const struct {
	const char *key;
	const char *title;
	uint32_t connections;
} sizes[SIZES] = {
	{ "tls_100", "TLS 1.3: verified, 100 connections alive", 100 },
	{ "tls_1000", "TLS 1.3: verified, 1,000 connections alive", 1000 },
	{ "tls_10000", "TLS 1.3: verified, 10,000 connections alive", 10000 },
};

static int
run_rounds(const struct bench_options *options, struct tls_verify *const workers[SIZES],
	struct bench_stage *const stages[SIZES], struct fault *fault)
{
	int error = 0;

	for (uint64_t round = 0; round < options->rounds && error == 0; round++)
		for (size_t i = 0; i < SIZES && error == 0; i++)
			error = tls_verify_round(
				workers[i], options->round_ns, stages[i], NULL, fault);
	return error;
}

int
growth_tls(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	struct tls_verify *workers[SIZES] = { NULL };
	struct bench_stage *stages[SIZES];
	struct tls_lab lab = { 0 };
	int error = 0;

	tls_lab_init(&lab, TLS1_3_VERSION, 1);
	for (size_t i = 0; i < SIZES && error == 0; i++) {
		stages[i] = bench_report_stage(report, sizes[i].key, sizes[i].title, "connection");
		workers[i] = tls_verify_create(&lab, sizes[i].connections, fault);
		error = workers[i] == NULL ? ERROR_MEMORY : 0;
	}
	if (error == 0)
		error = run_rounds(options, workers, stages, fault);
	if (error == 0) {
		const double least = bench_stage_median(stages[0]);

		bench_report_fact(report, "tls_1000_to_100",
			"cost of a connection, 1,000 to 100 alive",
			bench_stage_median(stages[1]) / least);
		bench_report_fact(report, "tls_10000_to_100",
			"cost of a connection, 10,000 to 100 alive",
			bench_stage_median(stages[2]) / least);
	}
	for (size_t i = 0; i < SIZES; i++)
		tls_verify_destroy(workers[i]);
	tls_lab_clear(&lab);
	return error;
}
