/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RATE_METER_H
#define RATE_METER_H

#include <stddef.h>
#include <stdint.h>

/*
 * How fast a count grows, from samples that the caller takes at moments of its choice. It reads no
 * clock; moments and counts must not go backwards. The window holds the last RATE_METER_SAMPLES
 * samples.
 */
#define RATE_METER_SAMPLES 16

struct rate_sample {
	uint64_t at_ns;
	uint64_t count;
};

struct rate_meter {
	struct rate_sample first;
	struct rate_sample samples[RATE_METER_SAMPLES]; /* a ring */
	size_t sample_count;                            /* ever taken */
};

/*
 * Begin at a count that need not be 0: a resumed scan has done something already, but not in this
 * time.
 */
void rate_meter_init(struct rate_meter *meter, uint64_t count, uint64_t now_ns);

void rate_meter_sample(struct rate_meter *meter, uint64_t count, uint64_t now_ns);

/*
 * Per second, between the last two samples; over the window; and since the beginning. 0 where no
 * time has passed.
 */
double rate_meter_now(const struct rate_meter *meter);
double rate_meter_window(const struct rate_meter *meter);
double rate_meter_average(const struct rate_meter *meter);

#endif
