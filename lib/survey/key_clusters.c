/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "base/siphash.h"
#include "survey/key_clusters.h"

/* Half of every path is cut on the way, which with union by size costs next to nothing a step. */
static uint32_t
find_root(uint32_t *parents, uint32_t node)
{
	while (parents[node] != node) {
		parents[node] = parents[parents[node]];
		node = parents[node];
	}
	return node;
}

static void
unite(uint32_t *parents, uint32_t *sizes, uint32_t left, uint32_t right)
{
	uint32_t large = find_root(parents, left);
	uint32_t small = find_root(parents, right);

	if (large == small)
		return;
	if (sizes[large] < sizes[small]) {
		const uint32_t swap = large;
		large = small;
		small = swap;
	}
	parents[small] = large;
	sizes[large] += sizes[small];
}

/* Number the keys in the order in which they come: the order of the addresses that hold them. */
static int
number_keys(struct key_clusters *clusters, const struct key_holding *holdings)
{
	struct siphash_key secret;
	uint32_t slot_count = 1024;
	uint32_t *first_holding;
	uint32_t *slots;

	while (slot_count / 2 < clusters->holding_count)
		slot_count *= 2;
	if (random_secret(&secret, sizeof(secret)) != 0)
		return ERROR_LIBRARY;
	slots = calloc(slot_count, sizeof(*slots));
	first_holding = calloc((size_t)clusters->holding_count + 1, sizeof(*first_holding));
	if (slots == NULL || first_holding == NULL) {
		free(slots);
		free(first_holding);
		return ERROR_MEMORY;
	}
	for (uint32_t i = 0; i < clusters->holding_count; i++) {
		uint32_t at = (uint32_t)siphash(&secret, holdings[i].digest, 32) & (slot_count - 1);
		while (slots[at] != 0 && memcmp(holdings[first_holding[slots[at] - 1]].digest,
						 holdings[i].digest, 32) != 0)
			at = (at + 1) & (slot_count - 1);
		if (slots[at] == 0) {
			first_holding[clusters->key_count++] = i;
			slots[at] = clusters->key_count;
		}
		clusters->holding_key[i] = slots[at] - 1;
	}
	free(slots);
	free(first_holding);
	return 0;
}

/* Bring the holdings of each key together. */
static int
gather_keys(struct key_clusters *clusters, const struct key_holding *holdings)
{
	clusters->key_first = calloc((size_t)clusters->key_count + 2, sizeof(uint32_t));
	clusters->key_nodes = calloc((size_t)clusters->key_count + 1, sizeof(uint32_t));
	if (clusters->key_first == NULL || clusters->key_nodes == NULL)
		return ERROR_MEMORY;
	uint32_t *next = clusters->key_first + 1;
	for (uint32_t i = 0; i < clusters->holding_count; i++)
		next[clusters->holding_key[i] + 1]++;
	for (uint32_t i = 1; i <= clusters->key_count; i++)
		next[i] += next[i - 1];
	for (uint32_t i = 0; i < clusters->holding_count; i++) {
		const uint32_t key = clusters->holding_key[i];
		const uint32_t at = next[key]++;

		clusters->key_holdings[at] = i;
		if (clusters->key_nodes[key] == 0 ||
			holdings[clusters->key_holdings[at - 1]].node != holdings[i].node)
			clusters->key_nodes[key]++;
	}
	return 0;
}

static int
compare_clusters(const void *left, const void *right)
{
	const struct key_cluster *a = left;
	const struct key_cluster *b = right;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->first > b->first) - (a->first < b->first);
}

/* Count the clusters; their first is, for now, their lowest node. */
static int
list_clusters(struct key_clusters *clusters, uint32_t *parents, const uint32_t *sizes)
{
	uint32_t count = 0;

	for (uint32_t node = 0; node < clusters->node_count; node++)
		count += parents[node] == node && sizes[node] > 1;
	clusters->clusters = calloc((size_t)count + 1, sizeof(*clusters->clusters));
	if (clusters->clusters == NULL)
		return ERROR_MEMORY;
	for (uint32_t node = 0; node < clusters->node_count; node++) {
		const uint32_t root = find_root(parents, node);

		/* node_cluster of a root says that its cluster is listed. */
		if (sizes[root] < 2 || clusters->node_cluster[root] != 0)
			continue;
		clusters->node_cluster[root] = 1;
		clusters->clusters[clusters->cluster_count++] =
			(struct key_cluster){ node, sizes[root] };
	}
	qsort(clusters->clusters, count, sizeof(*clusters->clusters), compare_clusters);
	return 0;
}

static int
fill_members(struct key_clusters *clusters, uint32_t *parents)
{
	uint32_t *next = calloc((size_t)clusters->cluster_count + 1, sizeof(*next));
	uint32_t first = 0;

	if (next == NULL)
		return ERROR_MEMORY;
	memset(clusters->node_cluster, 0, clusters->node_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < clusters->cluster_count; i++) {
		clusters->node_cluster[find_root(parents, clusters->clusters[i].first)] = i + 1;
		clusters->clusters[i].first = first;
		next[i] = first;
		first += clusters->clusters[i].size;
	}
	for (uint32_t node = 0; node < clusters->node_count; node++) {
		const uint32_t cluster = clusters->node_cluster[find_root(parents, node)];

		if (cluster == 0)
			continue;
		clusters->members[next[cluster - 1]++] = node;
	}
	for (uint32_t i = 0; i < clusters->cluster_count; i++) {
		const struct key_cluster *cluster = &clusters->clusters[i];
		for (uint32_t m = 0; m < cluster->size; m++)
			clusters->node_cluster[clusters->members[cluster->first + m]] = i + 1;
	}
	free(next);
	return 0;
}

static int
find_components(struct key_clusters *clusters, const struct key_holding *holdings)
{
	uint32_t *parents = calloc((size_t)clusters->node_count + 1, sizeof(*parents));
	uint32_t *sizes = calloc((size_t)clusters->node_count + 1, sizeof(*sizes));
	int error = parents == NULL || sizes == NULL ? ERROR_MEMORY : 0;

	for (uint32_t node = 0; error == 0 && node < clusters->node_count; node++) {
		parents[node] = node;
		sizes[node] = 1;
	}
	for (uint32_t i = 0; error == 0 && i < clusters->holding_count; i++) {
		const uint32_t key = clusters->holding_key[i];
		const uint32_t first = clusters->key_holdings[clusters->key_first[key]];

		unite(parents, sizes, holdings[first].node, holdings[i].node);
	}
	if (error == 0)
		error = list_clusters(clusters, parents, sizes);
	if (error == 0)
		error = fill_members(clusters, parents);
	free(parents);
	free(sizes);
	return error;
}

int
key_clusters_build(struct key_clusters *clusters, const struct key_holding *holdings,
	uint32_t holding_count, uint32_t node_count)
{
	*clusters =
		(struct key_clusters){ .holding_count = holding_count, .node_count = node_count };
	clusters->holding_key = calloc((size_t)holding_count + 1, sizeof(uint32_t));
	clusters->key_holdings = calloc((size_t)holding_count + 1, sizeof(uint32_t));
	clusters->members = calloc((size_t)node_count + 1, sizeof(uint32_t));
	clusters->node_cluster = calloc((size_t)node_count + 1, sizeof(uint32_t));
	int error = clusters->holding_key == NULL || clusters->key_holdings == NULL ||
				    clusters->members == NULL || clusters->node_cluster == NULL
			    ? ERROR_MEMORY
			    : 0;
	if (error == 0)
		error = number_keys(clusters, holdings);
	if (error == 0)
		error = gather_keys(clusters, holdings);
	if (error == 0)
		error = find_components(clusters, holdings);
	if (error != 0)
		key_clusters_clear(clusters);
	return error;
}

void
key_clusters_clear(struct key_clusters *clusters)
{
	if (clusters == NULL)
		return;
	free(clusters->holding_key);
	free(clusters->key_first);
	free(clusters->key_holdings);
	free(clusters->key_nodes);
	free(clusters->clusters);
	free(clusters->members);
	free(clusters->node_cluster);
	*clusters = (struct key_clusters){ 0 };
}
