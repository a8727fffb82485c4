/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/record_writer.h"

/*
 * How far a scan has come: all that --resume needs beside the records. A checkpoint must not be
 * ahead of the records, that is, a step counts as taken only when every hit it can still bring has
 * its record in the file, or will be probed again.
 */

#define CHECKPOINT_SCHEMA       1
#define CHECKPOINT_PASSES       16
#define CHECKPOINT_LANES        256
#define CHECKPOINT_COUNTERS     64
#define CHECKPOINT_COUNTER_SIZE 48

/* Numbers in our JSON are signed 64-bit, so a seed, a step or a counter is at most this. */
#define CHECKPOINT_NUMBER_MAXIMUM INT64_MAX

struct checkpoint_counter {
	char name[CHECKPOINT_COUNTER_SIZE];
	uint64_t value;
};

struct checkpoint {
	char scan[SCAN_NAME_SIZE];
	uint8_t config_sha256[32];
	char *config_text; /* owned; to show what was changed; NULL: not kept */
	uint64_t seed;
	uint32_t shard_index;
	uint32_t shard_count;
	uint32_t probes;
	int64_t started_us; /* since 1970; of the first run */
	size_t pass_count;  /* of probes to a silent target; 1 to CHECKPOINT_PASSES */
	size_t lane_count;  /* slices of the permutation; 1 to CHECKPOINT_LANES */
	uint64_t steps[CHECKPOINT_PASSES][CHECKPOINT_LANES];
	struct checkpoint_counter counters[CHECKPOINT_COUNTERS];
	size_t counter_count;
};

/* Frees what it owns and zeroes it. */
void checkpoint_clear(struct checkpoint *checkpoint);

/*
 * Keeps a value under a name shorter than CHECKPOINT_COUNTER_SIZE, in place of one of that name.
 * Returns 0 or ERROR_FULL.
 */
int checkpoint_set_counter(struct checkpoint *checkpoint, const char *name, uint64_t value);

/* The value under that name, or 0. */
uint64_t checkpoint_counter(const struct checkpoint *checkpoint, const char *name);

/*
 * Replaces the file at once and waits for the disk. Returns 0, ERROR_FILE with fault set,
 * ERROR_MEMORY, or ERROR_INPUT where a number is above CHECKPOINT_NUMBER_MAXIMUM.
 */
int checkpoint_write(const struct checkpoint *checkpoint, const char *path, struct fault *fault);

/*
 * Reads a file of schema 1. checkpoint_out must be zeroed or cleared, and is untouched on failure.
 * Returns 0, ERROR_INPUT or ERROR_FILE with fault set (file and field), or ERROR_MEMORY.
 */
int checkpoint_read(struct checkpoint *checkpoint_out, const char *path, struct fault *fault);

#endif
