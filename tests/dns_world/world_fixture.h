/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_FIXTURE_H
#define WORLD_FIXTURE_H

#include <stdio.h>

#include "dns_world/dns_world.h"
#include "dns_world/world_run.h"

/* The world as cmocka's group fixture, and runs through it. Included by the one file of a test program. */
static struct world *world;

static inline int
world_fixture_set_up(void **state)
{
	world = world_create();
	return world == NULL ? -1 : 0;
}

static inline int
world_fixture_tear_down(void **state)
{
	world_destroy(world);
	return 0;
}

/* A run for that name in the zone of that label, which the caller destroys. */
static inline struct trace *
world_fixture_run(
	const char *host, const char *label, uint16_t type, struct world_run_cost *cost_out)
{
	struct trace_settings settings;
	char name[128];

	(void)snprintf(name, sizeof(name), "%s%s.test.", host, label);
	world_run_settings(&settings, name, type);
	return world_run(world, &settings, cost_out);
}

#endif
