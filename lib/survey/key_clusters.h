/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEY_CLUSTERS_H
#define KEY_CLUSTERS_H

#include <stdint.h>

/*
 * That an address holds a key at one of its ports. The holdings of all addresses, given in
 * ascending order of nodes, are the edges of a graph of addresses and keys.
 */
struct key_holding {
	const uint8_t *digest; /* 32 bytes; borrowed while the clusters live */
	uint32_t node;         /* an address, counted from 0 */
};

struct key_cluster {
	uint32_t first; /* in members */
	uint32_t size;  /* addresses, at least 2 */
};

/*
 * The connected components of that graph: two addresses belong together where a chain of shared
 * keys leads from one to the other. Clusters stand by size, the largest first, then by their lowest
 * address, so their numbers do not depend on the order of the input.
 */
struct key_clusters {
	uint32_t holding_count;
	uint32_t node_count;
	uint32_t key_count;
	uint32_t *holding_key;  /* of each holding */
	uint32_t *key_first;    /* in key_holdings; key_count + 1 of them */
	uint32_t *key_holdings; /* holdings by key, each key's in ascending order */
	uint32_t *key_nodes;    /* how many addresses hold each key */
	struct key_cluster *clusters;
	uint32_t cluster_count;
	uint32_t *members;      /* nodes of the clusters, each cluster's in ascending order */
	uint32_t *node_cluster; /* 1 is clusters[0]; 0: shares no key */
};

/*
 * Work them out by union-find over a keyed hash table: linear in the holdings. Fills a zeroed
 * struct. Returns 0, ERROR_MEMORY or ERROR_LIBRARY.
 */
int key_clusters_build(struct key_clusters *clusters, const struct key_holding *holdings,
	uint32_t holding_count, uint32_t node_count);
void key_clusters_clear(struct key_clusters *clusters);

#endif
