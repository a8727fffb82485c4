/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_READER_H
#define LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* The lines of a file, one after the other, in memory bounded by the longest line allowed. */
struct line_reader {
	int fd;
	char *path;
	char *bytes;
	size_t capacity;
	size_t maximum;
	size_t start;
	size_t end;
	uint64_t line; /* number of the line handed out last; the first is 1 */
};

/* Returns 0, ERROR_FILE with fault set, or ERROR_MEMORY. */
int line_reader_open(
	struct line_reader *reader, const char *path, size_t maximum, struct fault *fault);
void line_reader_close(struct line_reader *reader);

/*
 * The next line with its newline, borrowed until the next call; a last line that was cut off comes
 * without one. Returns 1, 0 at the end, ERROR_FILE with fault set (unreadable, or a line longer
 * than maximum), or ERROR_MEMORY.
 */
int line_reader_next(
	struct line_reader *reader, const char **line_out, size_t *length_out, struct fault *fault);

#endif
