/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_DIRECTORY_H
#define RUN_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/checkpoint.h"
#include "record/observation.h"
#include "record/record_brief.h"
#include "record/summary.h"

/*
 * The folder that a scan writes: records.jsonl, certificates.jsonl, records.csv, scan.checkpoint
 * and summary.json. One process at a time has it open, by a lock that ends with the process. A
 * record reaches its file whole or not at all, and after the certificates that it names. The
 * process must ignore SIGXFSZ, or a size limit kills it before it can be told.
 */
struct run_directory;

struct run_directory_settings {
	const char *path;
	const char *scan;
	const char *config_text; /* the effective configuration; may be NULL */
	uint8_t config_sha256[32];
	uint64_t seed; /* 0: any, that is, the checkpoint's */
	uint32_t shard_index;
	uint32_t shard_count;
	uint32_t probes;
	unsigned int csv_queries; /* verdicts in a row of records.csv; 0: no such file */
	bool with_certificates;
	bool is_resumed;

	/*
	 * Called for each record that is there already, on resume; anything but 0 ends the opening
	 * with that error. May be NULL.
	 */
	int (*loaded)(void *context, const struct record_brief *brief);
	void *context;
};

/* What was found on opening. */
struct run_directory_found {
	bool has_checkpoint;          /* false: nothing was scanned yet, begin at the beginning */
	struct checkpoint checkpoint; /* owned: checkpoint_clear */
	struct tally tally;
	uint64_t certificates;
	uint64_t torn_record_bytes; /* of a last line that was not whole, and was cut off */
	uint64_t torn_certificate_bytes;
};

/*
 * Creates the folder where needed, and locks it. A new scan is refused where there are files of a
 * scan; a resumed one where the scan, its configuration, seed, shard or probes are others than the
 * checkpoint's, or where there are records and no checkpoint. found_out must be zeroed. Returns 0,
 * ERROR_INPUT (what the user must change) or ERROR_FILE with fault set, ERROR_MEMORY,
 * ERROR_LIBRARY, or what loaded returned.
 */
int run_directory_open(const struct run_directory_settings *settings,
	struct run_directory **directory_out, struct run_directory_found *found_out,
	struct fault *fault);

/* Drops what was not flushed, and gives the lock back. */
void run_directory_close(struct run_directory *directory);

/*
 * Adds a record, and its certificates that are new. It reaches the files at the next flush, or
 * earlier where much is pending. Returns 0, ERROR_FILE with fault set, or ERROR_MEMORY. After
 * ERROR_FILE nothing more is written.
 */
int run_directory_add(struct run_directory *directory, const struct observation *observation,
	struct fault *fault);

/* Hands all that was added to the kernel. Returns as run_directory_add. */
int run_directory_flush(struct run_directory *directory, struct fault *fault);

/* Flushes, waits for the disk, and then replaces scan.checkpoint. Returns as checkpoint_write. */
int run_directory_save_checkpoint(
	struct run_directory *directory, const struct checkpoint *checkpoint, struct fault *fault);

/* Replaces summary.json. Returns as summary_write. */
int run_directory_save_summary(
	struct run_directory *directory, const struct summary *summary, struct fault *fault);

/*
 * The records in the file, those of earlier runs included; after an error those that were still
 * written whole.
 */
const struct tally *run_directory_tally(const struct run_directory *directory);

#endif
