/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_KEYS_H
#define HOST_KEYS_H

#include "survey/key_clusters.h"
#include "survey/survey_set.h"

/*
 * Other holders of its keys that are listed of one address, and of one in a cluster of more than
 * HOST_KEYS_MANY, whose list would otherwise grow with its square. How many there are is told.
 */
#define HOST_KEYS_PEERS      20
#define HOST_KEYS_PEERS_MANY 3
#define HOST_KEYS_MANY       100

/* Who holds which key: the addresses of a set that have one, and their clusters. */
struct host_keys {
	struct key_clusters clusters;
	struct key_holding *holdings;
	uint32_t *holding_host; /* index of the host of each holding */
	uint32_t *node_holding; /* the first holding of each node; node_count + 1 of them */
	uint32_t holding_count;
	uint32_t node_count;
};

/* Another address with a key of this one. */
struct key_peer {
	uint32_t node;
	uint64_t ports;       /* bit of remote port + 8 * local port; docs/survey.md */
	char collisions[160]; /* "p25==p143;p853==p853;", cut where it is longer */
};

/*
 * Build from a finished set, and set each host's cluster. Fills a zeroed struct; returns 0,
 * ERROR_MEMORY or ERROR_LIBRARY. The set must stay as it is.
 */
int host_keys_build(struct host_keys *keys, struct survey_set *set);
void host_keys_clear(struct host_keys *keys);

static inline const struct survey_host *
host_keys_host(const struct host_keys *keys, const struct survey_set *set, uint32_t holding)
{
	return &set->hosts[keys->holding_host[holding]];
}

/*
 * The peers of a node in ascending order, as many of the first as above. Returns how many are
 * in peers; how many there are in all goes to total_out: exact where the node holds one key, and
 * else up to 4096 holders of its keys, beyond which it is that of its most shared key.
 */
uint32_t host_keys_peers(const struct host_keys *keys, const struct survey_set *set, uint32_t node,
	struct key_peer peers[HOST_KEYS_PEERS], uint32_t *total_out);

#endif
