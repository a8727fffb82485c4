/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GRAPH_RENDER_H
#define GRAPH_RENDER_H

#include <stdint.h>

#include "base/fault.h"

#define GRAPH_RENDER_BATCH 32

/*
 * Let graphviz lay out DIRECTORY/graphs/clusterN.dot for the numbers first to first + count - 1, at
 * most GRAPH_RENDER_BATCH of them, as clusterN.svg. Returns 0; ERROR_LIBRARY with the fault set where
 * its program sfdp is not installed or fails; ERROR_MEMORY.
 */
int graph_render(const char *directory, uint32_t first, uint32_t count, struct fault *fault);

#endif
