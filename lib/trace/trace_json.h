/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_JSON_H
#define TRACE_JSON_H

#include <jansson.h>
#include <stdint.h>

struct trace;
struct exchange;

/* Which moment of the calendar belongs to which of the monotonic clock, and when the run ended. */
struct trace_times {
	int64_t started_us; /* of the calendar, UTC */
	uint64_t started_ns;
	int64_t finished_us;
};

#define TRACE_JSON_SCHEMA 1

/*
 * A run that is done as one object; docs/trace.md describes it. shown_as is the name as the user wrote it. Returns a reference that the
 * caller owns, or NULL when out of memory.
 */
json_t *trace_json_make(
	const struct trace *trace, const char *shown_as, const struct trace_times *times);

/* When the reply came, in the calendar's microseconds. */
int64_t trace_json_moment(const struct exchange *exchange, const struct trace_times *times);

#endif
