/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_LOG_H
#define CERTIFICATE_LOG_H

#include <stdint.h>

#include "base/fault.h"
#include "record/digest_set.h"
#include "record/line_file.h"
#include "record/observation.h"

#define CERTIFICATE_SCHEMA 1

/*
 * A line longer than this was not written by us: a TLS certificate has less than 2^24 bytes (RFC
 * 8446, section 4.4.2).
 */
#define CERTIFICATE_LINE_MAXIMUM (32U << 20)

/* certificates.jsonl: every certificate that was presented, once, by its SHA-256. */
struct certificate_log {
	struct line_file file;
	struct digest_set known;
};

/*
 * Opens, cuts off a torn last line, and learns what the file holds already. Returns 0, ERROR_FILE
 * or ERROR_INPUT with fault set, ERROR_MEMORY or ERROR_LIBRARY.
 */
int certificate_log_open(struct certificate_log *log, const char *path, uint64_t *torn_bytes_out,
	struct fault *fault);
void certificate_log_close(struct certificate_log *log);

/*
 * Adds those certificates of the observation's chain that are new, to the pending lines. Returns 0
 * or ERROR_MEMORY.
 */
int certificate_log_add(
	struct certificate_log *log, const char *scan, const struct observation *observation);

#endif
