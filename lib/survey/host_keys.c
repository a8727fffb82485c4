/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/host_keys.h"

#define MOST_COUNTED 4096 /* holders looked at to count the peers of a node with several keys */

static const struct survey_certificate *
key_of(const struct survey_set *set, const struct survey_host *host)
{
	const struct survey_certificate *leaf = survey_certificate_of(set, host);

	return leaf != NULL && leaf->has_spki ? leaf : NULL;
}

static void
list_holdings(struct host_keys *keys, const struct survey_set *set)
{
	for (uint32_t i = 0; i < set->host_count; i++) {
		const struct survey_certificate *leaf = key_of(set, &set->hosts[i]);

		if (leaf == NULL)
			continue;
		const uint32_t at = keys->holding_count++;
		const bool is_same = at > 0 && set->hosts[keys->holding_host[at - 1]].address ==
						       set->hosts[i].address;
		if (!is_same)
			keys->node_holding[keys->node_count++] = at;
		keys->holding_host[at] = i;
		keys->holdings[at] =
			(struct key_holding){ leaf->spki_sha256, keys->node_count - 1 };
	}
	keys->node_holding[keys->node_count] = keys->holding_count;
}

int
host_keys_build(struct host_keys *keys, struct survey_set *set)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < set->host_count; i++)
		count += key_of(set, &set->hosts[i]) != NULL;
	*keys = (struct host_keys){ 0 };
	keys->holdings = calloc((size_t)count + 1, sizeof(*keys->holdings));
	keys->holding_host = calloc((size_t)count + 1, sizeof(*keys->holding_host));
	keys->node_holding = calloc((size_t)count + 2, sizeof(*keys->node_holding));
	int error =
		keys->holdings == NULL || keys->holding_host == NULL || keys->node_holding == NULL
			? ERROR_MEMORY
			: 0;
	if (error == 0) {
		list_holdings(keys, set);
		error = key_clusters_build(
			&keys->clusters, keys->holdings, keys->holding_count, keys->node_count);
	}
	if (error != 0) {
		host_keys_clear(keys);
		return error;
	}
	for (uint32_t i = 0; i < keys->holding_count; i++)
		set->hosts[keys->holding_host[i]].cluster =
			keys->clusters.node_cluster[keys->holdings[i].node];
	return 0;
}

void
host_keys_clear(struct host_keys *keys)
{
	if (keys == NULL)
		return;
	key_clusters_clear(&keys->clusters);
	free(keys->holdings);
	free(keys->holding_host);
	free(keys->node_holding);
	*keys = (struct host_keys){ 0 };
}

/* The key survey's numbering of ports; 7 is 853 and all that it does not know. */
static unsigned int
port_index(uint16_t port)
{
	static const uint16_t ports[] = { 22, 25, 110, 143, 443, 587, 993 };

	for (unsigned int i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (ports[i] == port)
			return i;
	}
	return 7;
}

static int
compare_nodes(const void *left, const void *right)
{
	const uint32_t a = *(const uint32_t *)left;
	const uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

/*
 * Up to limit other holders of each of the node's keys, each once and in ascending order: the first
 * of all of them are among the first of each key.
 */
static uint32_t
collect(const struct host_keys *keys, uint32_t node, uint32_t *nodes, uint32_t capacity,
	uint32_t limit)
{
	const struct key_clusters *clusters = &keys->clusters;
	uint32_t count = 0;

	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		const uint32_t key = clusters->holding_key[h];
		uint32_t taken = 0;

		for (uint32_t at = clusters->key_first[key];
			at < clusters->key_first[key + 1] && taken < limit && count < capacity;
			at++) {
			const uint32_t other = keys->holdings[clusters->key_holdings[at]].node;
			const bool is_new = taken == 0 || nodes[count - 1] != other;

			if (other == node || !is_new)
				continue;
			nodes[count++] = other;
			taken++;
		}
	}
	qsort(nodes, count, sizeof(*nodes), compare_nodes);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (kept == 0 || nodes[kept - 1] != nodes[i])
			nodes[kept++] = nodes[i];
	}
	return kept;
}

static uint32_t
count_peers(const struct host_keys *keys, uint32_t node)
{
	const struct key_clusters *clusters = &keys->clusters;
	uint32_t nodes[MOST_COUNTED];
	uint64_t total = 0;
	uint32_t most = 0;

	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		const uint32_t others = clusters->key_nodes[clusters->holding_key[h]] - 1;

		total += others;
		most = others > most ? others : most;
	}
	if (keys->node_holding[node + 1] - keys->node_holding[node] == 1 || total > MOST_COUNTED)
		return most;
	return collect(keys, node, nodes, MOST_COUNTED, MOST_COUNTED);
}

/* Through which ports the two hold the same key. */
static void
describe(const struct host_keys *keys, const struct survey_set *set, uint32_t node,
	struct key_peer *peer)
{
	const struct key_clusters *clusters = &keys->clusters;
	size_t used = 0;

	peer->ports = 0;
	peer->collisions[0] = '\0';
	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		for (uint32_t g = keys->node_holding[peer->node];
			g < keys->node_holding[peer->node + 1]; g++) {
			if (clusters->holding_key[h] != clusters->holding_key[g])
				continue;
			const uint16_t local = host_keys_host(keys, set, h)->port;
			const uint16_t remote = host_keys_host(keys, set, g)->port;
			peer->ports |= 1ULL << (port_index(remote) + 8 * port_index(local));
			const int wrote = snprintf(peer->collisions + used,
				sizeof(peer->collisions) - used, "p%u==p%u;", local, remote);
			if (wrote < 0 || (size_t)wrote >= sizeof(peer->collisions) - used)
				peer->collisions[used] = '\0';
			else
				used += (size_t)wrote;
		}
	}
}

uint32_t
host_keys_peers(const struct host_keys *keys, const struct survey_set *set, uint32_t node,
	struct key_peer peers[HOST_KEYS_PEERS], uint32_t *total_out)
{
	uint32_t nodes[MOST_COUNTED];
	const uint32_t cluster = keys->clusters.node_cluster[node];
	const bool is_many =
		cluster != 0 && keys->clusters.clusters[cluster - 1].size > HOST_KEYS_MANY;
	const uint32_t most = is_many ? HOST_KEYS_PEERS_MANY : HOST_KEYS_PEERS;
	uint32_t count = collect(keys, node, nodes, MOST_COUNTED, most);

	count = count < most ? count : most;
	for (uint32_t i = 0; i < count; i++) {
		peers[i].node = nodes[i];
		describe(keys, set, node, &peers[i]);
	}
	*total_out = count_peers(keys, node);
	return count;
}
