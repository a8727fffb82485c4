/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARGET_FILE_H
#define TARGET_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/fault.h"

/*
 * Bytes of one line without its end. zmap's widest CSV output is a few hundred; more is another
 * kind of file.
 */
#define TARGET_FILE_LINE_MAXIMUM 4096

/* What one entry may be, for every message about one that is not. */
#define TARGET_ENTRY_ACCEPTED \
	"an address (192.0.2.1), a CIDR block (192.0.2.0/24) or a range (192.0.2.1-192.0.2.9)"

/*
 * Where an entry stands: line number of a file, from 1, or entry number of a list in the
 * configuration, from 0.
 */
struct target_place {
	const char *name;
	size_t number;
	bool is_file;
};

/* Called for each entry, trimmed and NUL-terminated. Returns 0 or an error, with the fault set. */
typedef int (*target_file_visit)(
	void *context, const char *entry, const struct target_place *place, struct fault *fault);

/*
 * Read the entries of a text, which is one of
 *   - an entry a line; or
 *   - CSV, of which one column is read: the one named saddr by the last header line (a line with a
 *     field that is exactly saddr), and the first where there was none. That is zmap's output as it
 *     is. Fields may stand in double quotes, and then hold commas.
 *
 * In both '#' begins a comment, blank lines count for nothing, spaces and tabs around an entry too,
 * lines end in LF or CRLF, and a UTF-8 byte order mark may come first. What an entry means is for
 * visit to say. Returns 0, visit's error, or ERROR_INPUT or ERROR_FILE with the fault set.
 */
int target_file_parse(
	FILE *file, const char *name, target_file_visit visit, void *context, struct fault *fault);

/* target_file_parse() of the file at path, or ERROR_FILE where it cannot be opened or read. */
int target_file_read(const char *path, target_file_visit visit, void *context, struct fault *fault);

/*
 * Set the fault "place: "entry" problem", with an entry from a file made short and printable.
 * Returns error.
 */
int target_place_fault(struct fault *fault, int error, const struct target_place *place,
	const char *entry, const char *problem);

#endif
