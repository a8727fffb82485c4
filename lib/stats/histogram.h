/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

/*
 * How values of any 64-bit size are spread, in 15 kB: exact below 64, and above it each power of
 * two is cut into 32 buckets, so a value is known to 1/32 (the idea of HdrHistogram). Zeroed is
 * empty. One writer; whoever reads at the same time may see a sum of moments.
 */
#define HISTOGRAM_BITS    5
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

struct histogram {
	uint64_t buckets[HISTOGRAM_BUCKETS];
	uint64_t count;
	uint64_t minimum;
	uint64_t maximum;
	double sum;
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* Adds all values of another. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/*
 * The value that this share of all (0 to 100) does not exceed, rounded up by less than 1/32 and
 * never above the maximum; 0 where there are no values.
 */
uint64_t histogram_percentile(const struct histogram *histogram, double percent);

/* 0 where there are no values. */
double histogram_mean(const struct histogram *histogram);

#endif
