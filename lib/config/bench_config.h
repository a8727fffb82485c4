/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_CONFIG_H
#define BENCH_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "config/config_field.h"

struct fault;

/* bench.yaml: what dotscan-bench measures, and how. Each field is an option of the same name too. docs/man/dotscan-bench.1 describes them. */
struct bench_config {
	uint32_t rounds;
	uint64_t round_ns;
	char *device;
	uint64_t rate_pps; /* RATE_LINE: unpaced */
	uint32_t exclusions;
	uint32_t bits;
	uint32_t shards;
	uint32_t connections;
	uint32_t workers;
	uint16_t cpu; /* CONFIG_CPU_LAST: the last of the machine, as with the next */
	uint16_t other_cpu;
};

/* Every field of bench.yaml, once. */
extern const struct config_section bench_config_section;

/*
 * Read a file, or nothing where path is NULL, and put the overrides in its place: each is the command line's "rate=50kpps", without the
 * hyphens before it. The caller frees the result. Faults as of scan_config_load.
 */
int bench_config_load(const char *path, const char *const overrides[], size_t override_count,
	struct bench_config **config_out, struct fault *fault);
void bench_config_free(struct bench_config *config);

#endif
