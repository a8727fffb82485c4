/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/ssl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bench_commands.h"
#include "memory_watch.h"
#include "tls_loop.h"
#include "tls_memory.h"
#include "tls_verify.h"

#define SECOND_NS        1000000000ULL
#define OWN_CERTIFICATES 256

/* One version of TLS and kind of lab: dotscan's worker and the bare loops, in turn. */
struct contest {
	const char *keys[3]; /* of the report: dotscan, wolfSSL, OpenSSL */
	const char *titles[3];
	const char *record_key;
	const char *record_title;
	const char *ratio_keys[2]; /* dotscan's rate by theirs */
	const char *ratio_titles[2];
	int version;
	unsigned int certificates;
};

static const struct contest contests[] = {
	{ { "tls13", "tls13_wolfssl", "tls13_openssl" },
		{ "TLS 1.3: verified, record written", "TLS 1.3: bare wolfSSL client",
			"TLS 1.3: bare OpenSSL client" },
		"tls13_record", "TLS 1.3: of this, the record",
		{ "tls13_to_wolfssl", "tls13_to_openssl" },
		{ "TLS 1.3: dotscan's rate to bare wolfSSL's",
			"TLS 1.3: dotscan's rate to bare OpenSSL's" },
		TLS1_3_VERSION, 1 },
	{ { "tls12", "tls12_wolfssl", "tls12_openssl" },
		{ "TLS 1.2: verified, record written", "TLS 1.2: bare wolfSSL client",
			"TLS 1.2: bare OpenSSL client" },
		"tls12_record", "TLS 1.2: of this, the record",
		{ "tls12_to_wolfssl", "tls12_to_openssl" },
		{ "TLS 1.2: dotscan's rate to bare wolfSSL's",
			"TLS 1.2: dotscan's rate to bare OpenSSL's" },
		TLS1_2_VERSION, 1 },
	{ { "tls13_own", "tls13_own_wolfssl", "tls13_own_openssl" },
		{ "TLS 1.3, 256 certificates: verified, record",
			"TLS 1.3, 256 certificates: bare wolfSSL client",
			"TLS 1.3, 256 certificates: bare OpenSSL client" },
		"tls13_own_record", "TLS 1.3, 256 certificates: of this, the record",
		{ "tls13_own_to_wolfssl", "tls13_own_to_openssl" },
		{ "TLS 1.3, 256 certificates: dotscan's rate to bare wolfSSL's",
			"TLS 1.3, 256 certificates: dotscan's rate to bare OpenSSL's" },
		TLS1_3_VERSION, OWN_CERTIFICATES },
};

static void
pin(uint16_t cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	/* Where it is refused the numbers are noisier, not wrong. */
	(void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

static int
run_rounds(const struct bench_options *options, const struct contest *contest,
	const struct tls_lab *lab, struct bench_report *report, struct fault *fault)
{
	struct tls_verify *verify = tls_verify_create(lab, (uint32_t)options->connections, fault);
	struct tls_loop *wolfssl = tls_loop_create(TLS_LOOP_WOLFSSL, lab, fault);
	struct tls_loop *openssl = tls_loop_create(TLS_LOOP_OPENSSL, lab, fault);
	struct bench_stage *stages[3];
	int error = verify == NULL || wolfssl == NULL || openssl == NULL ? ERROR_LIBRARY : 0;

	for (size_t i = 0; i < 3; i++)
		stages[i] = bench_report_stage(
			report, contest->keys[i], contest->titles[i], "connection");
	struct bench_stage *record_stage = bench_report_stage(
		report, contest->record_key, contest->record_title, "connection");
	for (uint64_t round = 0; round < options->rounds && error == 0; round++) {
		error = tls_verify_round(verify, options->round_ns, stages[0], record_stage, fault);
		if (error == 0)
			error = tls_loop_round(wolfssl, options->round_ns, stages[1], fault);
		if (error == 0)
			error = tls_loop_round(openssl, options->round_ns, stages[2], fault);
	}
	tls_loop_destroy(openssl);
	tls_loop_destroy(wolfssl);
	tls_verify_destroy(verify);
	if (error == 0) {
		const double own = bench_stage_median(stages[0]);
		for (size_t i = 0; i < 2; i++)
			bench_report_fact(report, contest->ratio_keys[i], contest->ratio_titles[i],
				bench_stage_median(stages[i + 1]) / own);
	}
	return error;
}

int
tls_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	int error = 0;

	if (!memory_watch_resolvers())
		return fault_set(fault, ERROR_LIBRARY, "OpenSSL keeps its allocator");
	pin(options->cpu);
	report->clock = "nanoseconds of CPU time";
	report->ticks_per_second = SECOND_NS;
	for (size_t i = 0; i < sizeof(contests) / sizeof(contests[0]) && error == 0; i++) {
		struct tls_lab lab = { 0 };

		tls_lab_init(&lab, contests[i].version, contests[i].certificates);
		error = run_rounds(options, &contests[i], &lab, report, fault);
		if (error == 0 && i == 0)
			error = tls_memory_report(&lab, report, fault);
		tls_lab_clear(&lab);
	}
	return error;
}
