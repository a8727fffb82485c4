/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

#include "stats/rate_meter.h"

/* How much of a known amount is done and how long the rest will take. It reads no clock. */
#define PROGRESS_UNKNOWN UINT64_MAX

struct progress {
	uint64_t total;
	uint64_t started_ns;
	struct rate_meter meter;
};

struct progress_view {
	uint64_t elapsed_ns;
	double percent; /* 0 to 100; of nothing, 100 */
	double rate_now;
	double rate_average; /* both per second */
	uint64_t left_ns;    /* by the rate over the window; PROGRESS_UNKNOWN while nothing moves */
};

/* done is what was there before, when a scan is resumed. */
void progress_init(struct progress *progress, uint64_t total, uint64_t done, uint64_t now_ns);

/* Take a sample, and look. */
struct progress_view progress_update(struct progress *progress, uint64_t done, uint64_t now_ns);

/* "1:02:03" or "2d03:04:05", and "-" for PROGRESS_UNKNOWN. text has 32 bytes; returns it. */
char *progress_format_time(uint64_t nanoseconds, char *text);

#endif
