/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_READER_H
#define RECORD_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/observation.h"
#include "record/record_writer.h"

/* A record as it was read. The certificates' DER is not in a record, so chain[].bytes are NULL. */
struct record {
	char scan[SCAN_NAME_SIZE];
	struct observation observation; /* owned; observation_clear frees it */
};

/*
 * Reads one line, with or without its newline, of schema 1 and nothing else: all keys, no others,
 * all values in range and in agreement. Peer text comes back as the bytes that the peer sent. file
 * and line (0: none) are for the error text. Returns 0, ERROR_INPUT with fault set, or
 * ERROR_MEMORY; record_out is untouched on failure.
 */
int record_read(const char *text, size_t length, const char *file, uint64_t line,
	struct record *record_out, struct fault *fault);

#endif
