/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IDLE_H
#define IDLE_H

#include <rte_pause.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* What a polling thread does when a round brought nothing: one that has its CPU for itself goes on at once, one that shares it sleeps. */
#define IDLE_ROUNDS         8
#define IDLE_SLEEP_FIRST_NS 20000ULL
#define IDLE_SLEEP_LAST_NS  500000ULL

struct idle {
	bool is_shared;
	uint32_t rounds;
	uint64_t sleep_ns;
};

static inline void
idle_reset(struct idle *idle)
{
	idle->rounds = 0;
	idle->sleep_ns = IDLE_SLEEP_FIRST_NS;
}

/* Sleeps longer each time, up to the limit or limit_ns, whichever is less. */
static inline void
idle_wait(struct idle *idle, uint64_t limit_ns)
{
	if (!idle->is_shared || idle->rounds++ < IDLE_ROUNDS) {
		rte_pause();
		return;
	}
	uint64_t sleep_ns = idle->sleep_ns < limit_ns ? idle->sleep_ns : limit_ns;
	const struct timespec sleep = { 0, (long)sleep_ns };
	(void)nanosleep(&sleep, NULL);
	if (idle->sleep_ns < IDLE_SLEEP_LAST_NS)
		idle->sleep_ns *= 2;
}

#endif
