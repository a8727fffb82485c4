/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLUSTER_VIEW_H
#define CLUSTER_VIEW_H

#include "survey/host_keys.h"

#define CLUSTER_VIEW_ALONE 40 /* addresses of a cluster that are shown one by one */
#define CLUSTER_VIEW_NODES 24 /* at most, of folded ones */
#define CLUSTER_VIEW_KEYS  24

/* Addresses of one network that hold the same keys. */
struct view_node {
	uint32_t node; /* the lowest of them */
	uint32_t count;
	uint32_t asn;
	uint32_t organisation;
	uint64_t keys_hash;
};

struct view_network {
	uint32_t asn;
	uint32_t organisation;
	uint32_t count;
};

/*
 * What a drawing shows of a cluster, so that it stays readable: in clusters of more than CLUSTER_VIEW_ALONE addresses, those of one
 * network with the same keys are one node, and what finds no room is counted. The largest node and network come first.
 */
struct cluster_view {
	struct view_node *nodes;
	uint32_t node_count;
	uint32_t left_out;             /* addresses that are not shown */
	struct view_network *networks; /* all of the cluster */
	uint32_t network_count;
	uint32_t shown_keys[CLUSTER_VIEW_KEYS]; /* that several addresses hold */
	uint32_t key_count;
	uint32_t keys_left_out;
};

/* Fills a zeroed view of one cluster; returns 0 or ERROR_MEMORY. Clear it either way. */
int cluster_view_build(struct cluster_view *view, const struct host_keys *keys,
	const struct survey_set *set, uint32_t cluster);
void cluster_view_clear(struct cluster_view *view);

#endif
