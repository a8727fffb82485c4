/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_BOOKS_H
#define SCAN_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "survey/warning_list.h"

#define SCAN_BOOKS_PATH 4096

/* What a scan sent and received before there was a record, of its summary.json; the sum where it was split into shards. */
struct scan_books {
	bool is_known; /* false: all else is zero */
	uint32_t shards;
	uint64_t planned; /* addresses */
	uint64_t probed;  /* of those, at least so many were sent a SYN */
	uint64_t syn;     /* with those of later probes and attempts */
	uint64_t synack;  /* the first of each address */
	uint64_t duplicate;
	uint64_t rst;
	uint64_t icmp;
	uint64_t invalid;
	uint64_t lost; /* on the scanner's side */
};

/* A file of records, and how many it holds. */
struct scan_books_input {
	const char *path; /* borrowed */
	uint64_t records;
};

/* Where the summary of a file of records is: beside it. Returns false where the path is too long. */
bool scan_books_path(const char *records, char path[SCAN_BOOKS_PATH]);

/*
 * Read the summary beside each input. The books are known only if all inputs have one, are of one scan, and hold the records of
 * which it tells; if not, one warning says why, and no figure is used. Returns 0 or ERROR_MEMORY.
 */
int scan_books_read(struct scan_books *books_out, const struct scan_books_input *inputs,
	size_t count, struct warning_list *warnings);

#endif
