/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "command_line.h"

/* What can be measured; each has a file NAME_command.c. */
#define BENCH_COMMAND_LIST(X) \
	X(TX, tx)             \
	X(RX, rx)             \
	X(TLS, tls)           \
	X(SWEEP, sweep)       \
	X(PACING, pacing)     \
	X(GROWTH, growth)

enum bench_command {
#define X(name, key) BENCH_##name,
	BENCH_COMMAND_LIST(X)
#undef X
		BENCH_COMMAND_COUNT
};

/* As many as lib/config allows. */
#define BENCH_WORKERS 8

struct bench_config;

/* The command line, and the file that it names. */
struct bench_options {
	enum bench_command command;
	uint64_t rounds;
	uint64_t round_ns; /* how long each round measures */
	const char *device;
	uint64_t rate_pps;
	uint64_t exclusions;
	uint64_t bits; /* the targets are a block of 2^bits addresses */
	uint64_t shards;
	uint64_t connections; /* alive at once */
	uint16_t cpu;         /* that is measured */
	uint16_t other_cpu;   /* main thread, and the checker of a sweep */
	uint16_t workers;     /* that send at once: 1 to BENCH_WORKERS */
	bool is_json;
	struct bench_config *config; /* holds the texts */
};

/* Whatever it returns, bench_options_clear ends it. */
enum command_line_result bench_options_read(struct bench_options *options, int argc, char **argv);
void bench_options_clear(struct bench_options *options);

#endif
