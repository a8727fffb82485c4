/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "stats/histogram.h"

#define SUBBUCKETS (1U << HISTOGRAM_BITS)

/* By how many bits a value is shifted to leave HISTOGRAM_BITS + 1 significant ones. */
static unsigned int
shift_of(uint64_t value)
{
	const unsigned int bits = 64U - (unsigned int)__builtin_clzll(value | 1);

	return bits > HISTOGRAM_BITS + 1 ? bits - HISTOGRAM_BITS - 1 : 0;
}

static size_t
bucket_of(uint64_t value)
{
	const unsigned int shift = shift_of(value);

	return (size_t)shift * SUBBUCKETS + (size_t)(value >> shift);
}

/* The largest value that falls into a bucket. */
static uint64_t
bucket_end(size_t bucket)
{
	if (bucket < (size_t)2 * SUBBUCKETS)
		return bucket;
	const unsigned int shift = (unsigned int)(bucket / SUBBUCKETS) - 1;
	const uint64_t significant = SUBBUCKETS + bucket % SUBBUCKETS;
	return (significant << shift) + ((1ULL << shift) - 1);
}

void
histogram_add(struct histogram *histogram, uint64_t value)
{
	histogram->buckets[bucket_of(value)]++;
	if (histogram->count == 0 || value < histogram->minimum)
		histogram->minimum = value;
	if (value > histogram->maximum)
		histogram->maximum = value;
	histogram->count++;
	histogram->sum += (double)value;
}

void
histogram_merge(struct histogram *histogram, const struct histogram *other)
{
	if (other->count == 0)
		return;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		histogram->buckets[i] += other->buckets[i];
	if (histogram->count == 0 || other->minimum < histogram->minimum)
		histogram->minimum = other->minimum;
	if (other->maximum > histogram->maximum)
		histogram->maximum = other->maximum;
	histogram->count += other->count;
	histogram->sum += other->sum;
}

uint64_t
histogram_percentile(const struct histogram *histogram, double percent)
{
	const double share = percent / 100 * (double)histogram->count;
	/* The rank of the value that is asked for, from 1: the share, rounded up. */
	const uint64_t rank = (uint64_t)share + ((double)(uint64_t)share < share ? 1 : 0);
	uint64_t seen = 0;

	if (histogram->count == 0)
		return 0;
	if (rank <= 1)
		return histogram->minimum;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen < rank)
			continue;
		const uint64_t end = bucket_end(i);
		return end < histogram->maximum ? end : histogram->maximum;
	}
	return histogram->maximum;
}

double
histogram_mean(const struct histogram *histogram)
{
	return histogram->count == 0 ? 0 : histogram->sum / (double)histogram->count;
}
