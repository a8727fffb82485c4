/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_RUN_H
#define WORLD_RUN_H

#include <stddef.h>

#include "dns_world/dns_world.h"
#include "trace/trace.h"

/* Runs of dotscan-trace's logic through the world, in virtual time. Whatever must not happen ends the program. */
#define WORLD_RUN_DEADLINE_NS 60000000000ULL

/* Settings for a run that begins at the world's root. */
void world_run_settings(struct trace_settings *settings, const char *name, uint16_t type);

/* What a run cost, in virtual time and in heap of this process beyond what it had before, and replies that no socket of ours took. */
struct world_run_cost {
	uint64_t duration_ns;
	unsigned int advances; /* how often the walk was done again */
	unsigned int strays;   /* from another address or port than was asked */
	size_t heap_bytes;
};

/* Returns the run, done, which the caller destroys. */
struct trace *world_run(const struct world *world, const struct trace_settings *settings,
	struct world_run_cost *cost_out);

#endif
