/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "survey/cluster_graph.h"
#include "survey/out_file.h"

#define ALONE_UP_TO  40 /* addresses of a cluster that are drawn one by one */
#define MOST_NODES   24 /* of folded ones */
#define MOST_KEYS    24
#define CLIQUE_UP_TO 8 /* holders of a key that are joined pair by pair */

/* Colours that stay apart for most eyes, light enough for black text. */
static const char *const network_colours[] = { "#8dd3c7", "#ffd92f", "#bebada", "#fb9a8f",
	"#80b1d3", "#fdb462", "#b3de69", "#fccde5", "#a6cee3", "#ccebc5", "#e5c494", "#cab2d6" };
static const char *const edge_colours[] = { "#2f6fb0", "#c0392b", "#27803b", "#8e44ad", "#b9770e",
	"#117a8b", "#7f5539", "#d6336c" };
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define OTHER_COLOUR    "#d9d9d9"

/* Addresses of one network that hold the same keys. */
struct drawn_node {
	uint32_t node; /* the lowest of them */
	uint32_t count;
	uint32_t asn;
	uint32_t organisation;
	uint64_t keys_hash;
};

struct drawn_network {
	uint32_t asn;
	uint32_t organisation;
	uint32_t count;
};

struct port_pair {
	uint16_t low;
	uint16_t high;
};

struct drawing {
	struct out_file out;
	const struct host_keys *keys;
	const struct survey_set *set;
	struct drawn_node *nodes;
	uint32_t node_count;
	uint32_t left_out; /* addresses that are not drawn */
	struct drawn_network *networks;
	uint32_t network_count;
	uint32_t drawn_keys[MOST_KEYS];
	uint32_t key_count;
	uint32_t keys_left_out;
	struct port_pair pairs[COUNT_OF(edge_colours)];
	size_t pair_count;
};

static const struct survey_host *
host_of(const struct drawing *drawing, uint32_t node)
{
	return host_keys_host(drawing->keys, drawing->set, drawing->keys->node_holding[node]);
}

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
	const struct drawn_node *a = left;
	const struct drawn_node *b = right;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	if (a->keys_hash != b->keys_hash)
		return a->keys_hash < b->keys_hash ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

static int
compare_counts(const void *left, const void *right)
{
	const struct drawn_node *a = left;
	const struct drawn_node *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}

static int
compare_networks(const void *left, const void *right)
{
	const struct drawn_network *a = left;
	const struct drawn_network *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->asn > b->asn) - (a->asn < b->asn);
}

/* Members in the order of networks and keys; each network once; equal ones folded where many. */
static int
fold(struct drawing *drawing, const struct key_cluster *cluster)
{
	uint32_t kept = 0;

	drawing->nodes = calloc(cluster->size, sizeof(*drawing->nodes));
	drawing->networks = calloc(cluster->size, sizeof(*drawing->networks));
	if (drawing->nodes == NULL || drawing->networks == NULL)
		return ERROR_MEMORY;
	for (uint32_t m = 0; m < cluster->size; m++) {
		const uint32_t node = drawing->keys->clusters.members[cluster->first + m];
		const struct survey_host *host = host_of(drawing, node);
		drawing->nodes[m] = (struct drawn_node){ node, 1, host->asn, host->organisation,
			hash_keys(drawing->keys, node) };
	}
	qsort(drawing->nodes, cluster->size, sizeof(*drawing->nodes), compare_nodes);
	for (uint32_t m = 0; m < cluster->size; m++) {
		const struct drawn_node *node = &drawing->nodes[m];
		struct drawn_node *last = kept == 0 ? NULL : &drawing->nodes[kept - 1];

		if (m == 0 || node->asn != drawing->networks[drawing->network_count - 1].asn)
			drawing->networks[drawing->network_count++] =
				(struct drawn_network){ node->asn, node->organisation, 0 };
		drawing->networks[drawing->network_count - 1].count++;
		if (cluster->size > ALONE_UP_TO && last != NULL && last->asn == node->asn &&
			last->keys_hash == node->keys_hash)
			last->count++;
		else
			drawing->nodes[kept++] = *node;
	}
	qsort(drawing->nodes, kept, sizeof(*drawing->nodes), compare_counts);
	qsort(drawing->networks, drawing->network_count, sizeof(*drawing->networks),
		compare_networks);
	drawing->node_count =
		cluster->size <= ALONE_UP_TO || kept <= MOST_NODES ? kept : MOST_NODES;
	for (uint32_t i = drawing->node_count; i < kept; i++)
		drawing->left_out += drawing->nodes[i].count;
	return 0;
}

static bool
is_drawn_key(const struct drawing *drawing, uint32_t key)
{
	for (uint32_t i = 0; i < drawing->key_count; i++) {
		if (drawing->drawn_keys[i] == key)
			return true;
	}
	return false;
}

/* A key that several nodes hold, or a folded one, is drawn. */
static void
choose_keys(struct drawing *drawing)
{
	const struct host_keys *keys = drawing->keys;

	for (uint32_t i = 0; i < drawing->node_count; i++) {
		const uint32_t node = drawing->nodes[i].node;
		for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
			const uint32_t key = keys->clusters.holding_key[h];
			if (keys->clusters.key_nodes[key] < 2 || is_drawn_key(drawing, key))
				continue;
			if (drawing->key_count < MOST_KEYS)
				drawing->drawn_keys[drawing->key_count++] = key;
			else
				drawing->keys_left_out++;
		}
	}
}

static const char *
network_colour(const struct drawing *drawing, uint32_t asn)
{
	for (uint32_t i = 0; i < drawing->network_count && i < COUNT_OF(network_colours); i++) {
		if (drawing->networks[i].asn == asn)
			return network_colours[i];
	}
	return OTHER_COLOUR;
}

static const char *
pair_colour(struct drawing *drawing, uint16_t one, uint16_t other)
{
	const struct port_pair pair = { one < other ? one : other, one < other ? other : one };

	for (size_t i = 0; i < drawing->pair_count; i++) {
		if (drawing->pairs[i].low == pair.low && drawing->pairs[i].high == pair.high)
			return edge_colours[i];
	}
	if (drawing->pair_count == COUNT_OF(edge_colours))
		return "#777777";
	drawing->pairs[drawing->pair_count] = pair;
	return edge_colours[drawing->pair_count++];
}

static void
put_node(struct drawing *drawing, const struct drawn_node *node)
{
	const struct survey_host *host = host_of(drawing, node->node);
	struct out_file *out = &drawing->out;
	char address[IPV4_TEXT_SIZE];

	out_format(out, "\tn%u [fillcolor=\"%s\", label=\"", node->node,
		network_colour(drawing, node->asn));
	if (node->count == 1) {
		out_format(out, "%s\", fontsize=10", ipv4_format(host->address, address));
	} else {
		const double size = 0.5 + 0.25 * log10(node->count);
		if (node->asn != 0)
			out_format(out, "AS%u\\n", node->asn);
		out_format(out, "%u addresses\\nfrom %s\", fontsize=12, width=%.2f, height=%.2f",
			node->count, ipv4_format(host->address, address), 2 * size, size);
	}
	out_format(out, ", tooltip=\"AS%u\"];\n", node->asn);
}

/* Which drawn node stands for a node of the cluster; NULL: none. */
static const struct drawn_node *
drawn_as(const struct drawing *drawing, uint32_t node)
{
	for (uint32_t i = 0; i < drawing->node_count; i++) {
		if (drawing->nodes[i].node == node)
			return &drawing->nodes[i];
	}
	return NULL;
}

/* Every two holders of a key that few have, each pair of ports in its colour. */
static void
put_clique(struct drawing *drawing, uint32_t key)
{
	const struct key_clusters *clusters = &drawing->keys->clusters;

	for (uint32_t a = clusters->key_first[key]; a < clusters->key_first[key + 1]; a++) {
		for (uint32_t b = a + 1; b < clusters->key_first[key + 1]; b++) {
			const uint32_t left = clusters->key_holdings[a];
			const uint32_t right = clusters->key_holdings[b];
			const uint32_t one = drawing->keys->holdings[left].node;
			const uint32_t other = drawing->keys->holdings[right].node;

			if (one == other || drawn_as(drawing, one) == NULL ||
				drawn_as(drawing, other) == NULL)
				continue;
			out_format(&drawing->out, "\tn%u -- n%u [color=\"%s\"];\n", one, other,
				pair_colour(drawing,
					host_keys_host(drawing->keys, drawing->set, left)->port,
					host_keys_host(drawing->keys, drawing->set, right)->port));
		}
	}
}

/* Those for which there is no room, as one node that hangs on the first key. */
static void
put_rest(struct drawing *drawing)
{
	if (drawing->left_out == 0 || drawing->key_count == 0)
		return;
	out_format(&drawing->out,
		"\trest [fillcolor=white, style=\"filled,dashed\", fontsize=12, label=\"%u more addresses\\nof other networks or keys\"];\n"
		"\tk%u -- rest [color=\"#999999\", style=dashed];\n",
		drawing->left_out, drawing->drawn_keys[0]);
}

/* A key as a node of its own, joined to all that hold it. */
static void
put_star(struct drawing *drawing, uint32_t key)
{
	const struct host_keys *keys = drawing->keys;
	const uint32_t first = keys->clusters.key_holdings[keys->clusters.key_first[key]];

	out_format(&drawing->out,
		"\tk%u [shape=hexagon, fillcolor=\"#333333\", fontcolor=white, fontsize=11, label=\"key ",
		key);
	out_hexadecimal(&drawing->out, keys->holdings[first].digest, 4);
	out_format(&drawing->out, "\\n%u addresses\"];\n", keys->clusters.key_nodes[key]);
	for (uint32_t i = 0; i < drawing->node_count; i++) {
		const uint32_t node = drawing->nodes[i].node;
		for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
			const uint16_t port = host_keys_host(keys, drawing->set, h)->port;
			if (keys->clusters.holding_key[h] != key)
				continue;
			out_format(&drawing->out, "\tk%u -- n%u [color=\"%s\", penwidth=%.1f];\n",
				key, node, pair_colour(drawing, port, port),
				1.0 + log10(drawing->nodes[i].count));
		}
	}
}

static void
put_legend_row(struct drawing *drawing, const char *colour, const char *text)
{
	out_format(&drawing->out, "<tr><td bgcolor=\"%s\" width=\"18\"> </td><td align=\"left\">",
		colour);
	out_html(&drawing->out, text);
	out_text(&drawing->out, "</td></tr>");
}

static void
put_legend(struct drawing *drawing)
{
	struct out_file *out = &drawing->out;
	char text[160];

	out_text(out,
		"\tlegend [shape=plaintext, style=\"\", label=<<table border=\"0\" cellspacing=\"2\">");
	for (uint32_t i = 0; i < drawing->network_count && i < COUNT_OF(network_colours); i++) {
		const struct drawn_network *network = &drawing->networks[i];
		if (network->asn == 0)
			(void)snprintf(text, sizeof(text), "network unknown: %u", network->count);
		else
			(void)snprintf(text, sizeof(text), "AS%u %.60s: %u", network->asn,
				survey_text(drawing->set, network->organisation), network->count);
		put_legend_row(drawing, network_colours[i], text);
	}
	if (drawing->network_count > COUNT_OF(network_colours)) {
		(void)snprintf(text, sizeof(text), "%u more networks",
			drawing->network_count - (uint32_t)COUNT_OF(network_colours));
		put_legend_row(drawing, OTHER_COLOUR, text);
	}
	for (size_t i = 0; i < drawing->pair_count; i++) {
		(void)snprintf(text, sizeof(text), "same key on ports %u and %u",
			drawing->pairs[i].low, drawing->pairs[i].high);
		put_legend_row(drawing, edge_colours[i], text);
	}
	if (drawing->left_out > 0 || drawing->keys_left_out > 0) {
		(void)snprintf(text, sizeof(text), "not drawn: %u addresses, %u keys",
			drawing->left_out, drawing->keys_left_out);
		put_legend_row(drawing, "#ffffff", text);
	}
	out_text(out, "</table>>];\n");
}

static void
put_graph(struct drawing *drawing, uint32_t cluster, uint32_t size)
{
	struct out_file *out = &drawing->out;

	out_format(out,
		"graph cluster%u {\n\tlabel=\"Cluster %u: %u addresses\"; labelloc=t; fontsize=16;\n"
		"\toverlap=prism; overlap_scaling=1.2; K=0.5; splines=line; outputorder=edgesfirst; bgcolor=\"transparent\";\n"
		"\tfontname=\"Helvetica\"; node [fontname=\"Helvetica\", shape=ellipse, style=filled,"
		" color=\"#555555\", penwidth=0.6]; edge [penwidth=1.2];\n",
		cluster + 1, cluster + 1, size);
	for (uint32_t i = 0; i < drawing->node_count; i++)
		put_node(drawing, &drawing->nodes[i]);
	for (uint32_t i = 0; i < drawing->key_count; i++) {
		const uint32_t key = drawing->drawn_keys[i];
		if (size <= ALONE_UP_TO && drawing->keys->clusters.key_nodes[key] <= CLIQUE_UP_TO)
			put_clique(drawing, key);
		else
			put_star(drawing, key);
	}
	put_rest(drawing);
	put_legend(drawing);
	out_text(out, "}\n");
}

int
cluster_graph_write(const struct host_keys *keys, const struct survey_set *set, uint32_t cluster,
	const char *path, struct fault *fault)
{
	const struct key_cluster *members = &keys->clusters.clusters[cluster];
	struct drawing drawing = { .keys = keys, .set = set };
	int error = fold(&drawing, members);

	if (error == 0) {
		choose_keys(&drawing);
		error = out_open(&drawing.out, path, fault);
	}
	if (error == 0) {
		put_graph(&drawing, cluster, members->size);
		error = out_close(&drawing.out, fault);
	}
	free(drawing.nodes);
	free(drawing.networks);
	return error;
}
