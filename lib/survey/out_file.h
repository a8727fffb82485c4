/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUT_FILE_H
#define OUT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * A file of ours that is too large to hold in memory, so it is written as it comes, into PATH.new,
 * and takes its name when it is complete. The first error is kept and returned by out_close, so
 * that nobody in between needs to look.
 */
struct out_file {
	int fd;
	char *path;
	char *bytes;
	size_t used;
	uint64_t written; /* all bytes so far */
	int error;
};

/* Returns 0, ERROR_FILE with the fault set, or ERROR_MEMORY. */
int out_open(struct out_file *out, const char *path, struct fault *fault);

/* Returns 0 and the file has its name, or the first error, with the fault set, and there is none. */
int out_close(struct out_file *out, struct fault *fault);

/* Give up; nothing is left. Accepts a closed one. */
void out_abandon(struct out_file *out);

void out_bytes(struct out_file *out, const char *bytes, size_t length);
void out_text(struct out_file *out, const char *text);
void out_format(struct out_file *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes, of printable UTF-8, as all texts of the survey are. */
void out_json(struct out_file *out, const char *text);

/* As text of HTML or of an attribute in double quotes. */
void out_html(struct out_file *out, const char *text);

/* One value of CSV (RFC 4180), in quotes where it needs them. */
void out_csv(struct out_file *out, const char *text);

/* Digits in lower case. */
void out_hexadecimal(struct out_file *out, const uint8_t *bytes, size_t length);

#endif
