/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLUSTER_GRAPH_H
#define CLUSTER_GRAPH_H

#include "base/fault.h"
#include "survey/host_keys.h"
#include "survey/survey_set.h"

/*
 * Draw one cluster for graphviz: a node is an address, its colour the network, an edge a shared
 * key, its colour the pair of ports. So that it stays readable, a key that more than 8 addresses
 * hold becomes a node of its own instead of an edge for each two; from 41 addresses on, those of
 * one network with the same keys are one node that tells how many they are; and what is beyond 24
 * nodes is one more. Returns 0, ERROR_FILE with the fault set, or ERROR_MEMORY.
 */
int cluster_graph_write(const struct host_keys *keys, const struct survey_set *set,
	uint32_t cluster, const char *path, struct fault *fault);

#endif
