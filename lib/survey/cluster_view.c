/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "survey/cluster_view.h"

static uint64_t
hash_keys(const struct host_keys *keys, uint32_t node)
{
	uint64_t hash = 0;

	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++)
		hash += (keys->clusters.holding_key[h] + 1) * 0x9e3779b97f4a7c15ULL;
	return hash;
}

static int
compare_nodes(const void *left, const void *right)
{
	const struct view_node *a = left;
	const struct view_node *b = right;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	if (a->keys_hash != b->keys_hash)
		return a->keys_hash < b->keys_hash ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

static int
compare_counts(const void *left, const void *right)
{
	const struct view_node *a = left;
	const struct view_node *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}

static int
compare_networks(const void *left, const void *right)
{
	const struct view_network *a = left;
	const struct view_network *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->asn > b->asn) - (a->asn < b->asn);
}

/* Members in the order of networks and of keys. */
static void
list_members(struct cluster_view *view, const struct host_keys *keys, const struct survey_set *set,
	const struct key_cluster *cluster)
{
	for (uint32_t m = 0; m < cluster->size; m++) {
		const uint32_t node = keys->clusters.members[cluster->first + m];
		const struct survey_host *host =
			host_keys_host(keys, set, keys->node_holding[node]);

		view->nodes[m] = (struct view_node){ node, 1, host->asn, host->organisation,
			hash_keys(keys, node) };
	}
	qsort(view->nodes, cluster->size, sizeof(*view->nodes), compare_nodes);
}

static void
count_networks(struct cluster_view *view, uint32_t size)
{
	for (uint32_t m = 0; m < size; m++) {
		const struct view_node *node = &view->nodes[m];

		if (m == 0 || node->asn != view->networks[view->network_count - 1].asn)
			view->networks[view->network_count++] =
				(struct view_network){ node->asn, node->organisation, 0 };
		view->networks[view->network_count - 1].count++;
	}
	qsort(view->networks, view->network_count, sizeof(*view->networks), compare_networks);
}

/* Neighbours that are alike become one. Returns how many nodes that makes. */
static uint32_t
fold(struct cluster_view *view, uint32_t size)
{
	uint32_t kept = 0;

	for (uint32_t m = 0; m < size; m++) {
		const struct view_node *node = &view->nodes[m];
		struct view_node *last = kept == 0 ? NULL : &view->nodes[kept - 1];

		if (size > CLUSTER_VIEW_ALONE && last != NULL && last->asn == node->asn &&
			last->keys_hash == node->keys_hash)
			last->count++;
		else
			view->nodes[kept++] = *node;
	}
	qsort(view->nodes, kept, sizeof(*view->nodes), compare_counts);
	return kept;
}

static bool
is_shown(const struct cluster_view *view, uint32_t key)
{
	for (uint32_t i = 0; i < view->key_count; i++) {
		if (view->shown_keys[i] == key)
			return true;
	}
	return false;
}

/* A key that several nodes hold, or a folded one, is shown. */
static void
choose_keys(struct cluster_view *view, const struct host_keys *keys)
{
	for (uint32_t i = 0; i < view->node_count; i++) {
		const uint32_t node = view->nodes[i].node;
		for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
			const uint32_t key = keys->clusters.holding_key[h];
			if (keys->clusters.key_nodes[key] < 2 || is_shown(view, key))
				continue;
			if (view->key_count < CLUSTER_VIEW_KEYS)
				view->shown_keys[view->key_count++] = key;
			else
				view->keys_left_out++;
		}
	}
}

int
cluster_view_build(struct cluster_view *view, const struct host_keys *keys,
	const struct survey_set *set, uint32_t cluster)
{
	const struct key_cluster *members = &keys->clusters.clusters[cluster];

	view->nodes = calloc(members->size, sizeof(*view->nodes));
	view->networks = calloc(members->size, sizeof(*view->networks));
	if (view->nodes == NULL || view->networks == NULL)
		return ERROR_MEMORY;
	list_members(view, keys, set, members);
	count_networks(view, members->size);
	const uint32_t kept = fold(view, members->size);
	const bool fits = members->size <= CLUSTER_VIEW_ALONE || kept <= CLUSTER_VIEW_NODES;
	view->node_count = fits ? kept : CLUSTER_VIEW_NODES;
	for (uint32_t i = view->node_count; i < kept; i++)
		view->left_out += view->nodes[i].count;
	choose_keys(view, keys);
	return 0;
}

void
cluster_view_clear(struct cluster_view *view)
{
	free(view->nodes);
	free(view->networks);
	*view = (struct cluster_view){ .nodes = NULL };
}
