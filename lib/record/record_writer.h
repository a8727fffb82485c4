/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_WRITER_H
#define RECORD_WRITER_H

#include "record/line_buffer.h"
#include "record/observation.h"

/* docs/records.md describes what is written. Its number is in every record. */
#define RECORD_SCHEMA 1

/* Bytes of a scan's name with its terminating zero. */
#define SCAN_NAME_SIZE 128

/*
 * No record is longer: OBSERVATION_* bound each of its values, and a byte takes at most five of
 * JSON.
 */
#define RECORD_LINE_MAXIMUM (2U << 20)

/*
 * Appends the record of one observation: one line of JSON with all keys in their order. Both
 * arguments are borrowed. Returns 0 or ERROR_MEMORY; on failure nothing was appended.
 */
int record_write(
	struct line_buffer *buffer, const char *scan, const struct observation *observation);

#endif
