/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"

/*
 * DPDK's Environment Abstraction Layer for one process: lcores, memory, devices. Lcore 0 is the main thread; then come the I/O
 * workers, then the verify workers, in the order of their CPUs.
 */
#define ENVIRONMENT_WORKERS 64

struct environment_settings {
	const char *program;
	const char *device; /* a PCI address or a vdev string */
	uint16_t main_cpu;
	const uint16_t *io_cpus;
	size_t io_count;
	const uint16_t *verify_cpus;
	size_t verify_count;
	uint64_t memory_bytes;        /* for pools and rings */
	const char *const *arguments; /* further ones of the user */
	size_t argument_count;
};

struct argument_list;

/* What the machine offered. */
struct environment {
	bool has_hugepages;
	struct argument_list *arguments; /* EAL keeps pointers into them */
	FILE *log;
	char messages
		[4096]; /* what DPDK and the libraries below it said, the first of it; for --verbose and for failures */
};

/* Start EAL: once in a process. Returns 0 or ERROR_DEVICE with a fault that repeats EAL's reason. */
int environment_open(struct environment *environment, const struct environment_settings *settings,
	struct fault *fault);
void environment_close(struct environment *environment);

/* The last of the messages, on one line. */
const char *environment_last_words(struct environment *environment);

/* The lcore of a worker, as ordered above. */
unsigned int environment_io_lcore(size_t worker);
unsigned int environment_verify_lcore(const struct environment_settings *settings, size_t worker);

/* Whether the CPU of a worker serves another thread of ours too. Then that worker must sleep when idle. */
bool environment_is_shared(const struct environment_settings *settings, uint16_t cpu);

#endif
