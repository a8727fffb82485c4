/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CPU_METER_H
#define CPU_METER_H

#include <stdint.h>

#include "clock.h"

/*
 * The CPU time of this thread between start and stop, summed up: while others have the CPU it stands still, which short pieces of
 * work on a busy machine need. What a pair of readings costs itself is taken off.
 */
struct cpu_meter {
	uint64_t used_ns;
	uint64_t started_ns;
	uint64_t reading_ns;
};

static inline void
cpu_meter_start(struct cpu_meter *meter)
{
	meter->started_ns = clock_thread_ns();
}

static inline void
cpu_meter_stop(struct cpu_meter *meter)
{
	const uint64_t spent_ns = clock_thread_ns() - meter->started_ns;

	meter->used_ns += spent_ns > meter->reading_ns ? spent_ns - meter->reading_ns : 0;
}

/* Zero, and measure what a reading costs: the least of some. */
static inline void
cpu_meter_init(struct cpu_meter *meter)
{
	*meter = (struct cpu_meter){ .reading_ns = UINT64_MAX };
	for (int i = 0; i < 1000; i++) {
		const uint64_t before_ns = clock_thread_ns();
		const uint64_t spent_ns = clock_thread_ns() - before_ns;

		if (spent_ns < meter->reading_ns)
			meter->reading_ns = spent_ns;
	}
}

#endif
