/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSITION_LOG_H
#define POSITION_LOG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where a stream stood, and when: what was probed long enough ago that its answers must have come. A ring of samples with one
 * writer; another thread may look up, at moments well within the ring's span.
 */
#define POSITION_LOG_SAMPLES 4096

struct position_sample {
	uint64_t time_ns;
	uint64_t step;
	uint64_t settled; /* targets of the steps before it */
};

struct position_log {
	uint64_t interval_ns;
	uint64_t count; /* samples ever written */
	struct position_sample samples[POSITION_LOG_SAMPLES];
};

void position_log_init(struct position_log *log, uint64_t interval_ns);

/* Keep a sample if interval_ns have passed since the last. Times never go backwards. */
void position_log_note(struct position_log *log, const struct position_sample *sample);

/* The latest sample at or before time_ns; false if none is kept that is so old. */
bool position_log_find(
	const struct position_log *log, uint64_t time_ns, struct position_sample *sample_out);

#endif
