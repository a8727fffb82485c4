/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUTH_FILE_H
#define TRUTH_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "dns/dns_rdata_set.h"

struct trace;
struct trace_times;

/* What a zone's own servers answer, for a scan to hold resolvers against: docs/truth-file.md describes the file. */
#define TRUTH_FILE_SCHEMA 1
#define TRUTH_FILE_VARIANTS_MAX \
	32 /* twice what one run tells apart; those not seen for longest go first */
#define TRUTH_FILE_DATA_MAX  64 /* records of an answer; no message that a scan reads has more */
#define TRUTH_FILE_BYTES_MAX (4 * 1024 * 1024)

struct truth_variant {
	char **data; /* in presentation format */
	size_t count;
	int64_t seen_us; /* when a server gave it last, or when it was announced */
};

/* Zeroed is empty. */
struct truth_file {
	char *name; /* as it was given to dotscan-trace, {label} and all, with the final dot */
	char *type;
	int64_t taken_us;
	bool is_split; /* servers gave different answers */
	bool is_lame;  /* a server of the zone does not serve it */
	struct truth_variant variants[TRUTH_FILE_VARIANTS_MAX]; /* those with data */
	size_t variant_count;
	json_t *json; /* all variants as they are in the file; owned */
};

/* What goes into a file. */
struct truth_contents {
	const struct trace *trace;
	const char *shown_as;
	const struct trace_times *times;
	const struct dns_rdata_set
		*announced; /* what the zone will answer; empty: nothing is announced */
	const struct truth_file
		*earlier; /* its answers that this run has not seen are kept; may be empty */
};

/* Replaces the file. Returns 0, ERROR_FILE with the fault set, or ERROR_MEMORY. */
int truth_file_write(const char *path, const struct truth_contents *contents, struct fault *fault);

/*
 * Reads a file that truth_file_write has written, strictly. Returns 0, ERROR_FILE or ERROR_INPUT with the fault set, or ERROR_MEMORY;
 * clear it in any case.
 */
int truth_file_read(const char *path, struct truth_file *truth_out, struct fault *fault);
int truth_file_parse(const char *text, size_t length, const char *path,
	struct truth_file *truth_out, struct fault *fault);

/*
 * The same for a file that is to be written anew: it may be missing, which is an empty truth, but not be for another name or type.
 */
int truth_file_read_earlier(const char *path, const char *name, const char *type,
	struct truth_file *truth_out, struct fault *fault);

void truth_file_clear(struct truth_file *truth);

/* Whether both are the same name, but for case and a final dot. */
bool truth_file_same_name(const char *a, const char *b);

#endif
