/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_RUN_H
#define WORLD_RUN_H

#include "dns_world/dns_world.h"
#include "trace/trace.h"

/* Runs of dotscan-trace's logic through the world, in virtual time. Whatever must not happen ends the program. */
#define WORLD_RUN_DEADLINE_NS 60000000000ULL

/* Settings for a run that begins at the world's root. */
void world_run_settings(struct trace_settings *settings, const char *name, uint16_t type);

/* Returns the run, done, which the caller destroys, and how long it took. */
struct trace *world_run(const struct world *world, const struct trace_settings *settings,
	uint64_t *duration_ns_out);

#endif
