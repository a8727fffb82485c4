/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/counter.h"

void
counters_sum(const void *counters, size_t count, uint64_t *totals)
{
	const struct counter *first = counters;

	for (size_t i = 0; i < count; i++)
		totals[i] += counter_read(&first[i]);
}
