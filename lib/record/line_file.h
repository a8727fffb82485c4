/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_FILE_H
#define LINE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/line_buffer.h"

/*
 * A file to which only whole lines are added. Lines gather in pending and reach the file by one
 * write; whatever cuts that write short (a full disk, a limit), the file is cut back to its last
 * whole line, and the error stays: nothing is written after it. Killed in the middle of a write,
 * the file is repaired when it is opened again. Only one process may have it open.
 */
struct line_file {
	int fd;
	char *path;
	struct line_buffer pending; /* append whole lines here */
	uint64_t size_bytes;        /* of the whole lines in the file */
	uint64_t line_count;        /* written since it was opened */
	int error;
	struct fault fault;
};

/* How many bytes may be pending before the owner should flush. */
#define LINE_FILE_PENDING (256U << 10)

/*
 * Opens, creating it where needed, and cuts off a last line without a newline; torn_bytes_out says
 * how long that was. Returns 0, ERROR_FILE with fault set, or ERROR_MEMORY.
 */
int line_file_open(
	struct line_file *file, const char *path, uint64_t *torn_bytes_out, struct fault *fault);

/* Drops what is pending. */
void line_file_close(struct line_file *file);

/* Makes the file empty. */
int line_file_truncate(struct line_file *file, struct fault *fault);

/* Writes what is pending. Returns 0, or ERROR_FILE with fault set, then and ever after. */
int line_file_flush(struct line_file *file, struct fault *fault);

/* Flushes, and waits until the bytes are on the disk. */
int line_file_sync(struct line_file *file, struct fault *fault);

#endif
