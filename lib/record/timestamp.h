/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* Moments in UTC as RFC 3339 writes them, years 0000 to 9999. */

#define TIMESTAMP_SIZE 32

/*
 * "2026-01-02T03:04:05.678901Z" into text of TIMESTAMP_SIZE bytes. Returns false, and an empty
 * text, outside the years above.
 */
bool timestamp_format_us(int64_t microseconds, char *text);

/* "2026-01-02T03:04:05Z"; the same promise. */
bool timestamp_format_seconds(int64_t seconds, char *text);

/* Exactly what the two functions above write, and nothing else. */
bool timestamp_parse_us(const char *text, int64_t *microseconds_out);
bool timestamp_parse_seconds(const char *text, int64_t *seconds_out);

#endif
