/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/ipv4.h"
#include "survey/cluster_graph.h"
#include "survey/cluster_view.h"
#include "survey/out_file.h"

#define CLIQUE_UP_TO 8 /* holders of a key that are joined pair by pair */

/* Colours that stay apart for most eyes, light enough for black text. */
static const char *const network_colours[] = { "#8dd3c7", "#ffd92f", "#bebada", "#fb9a8f",
	"#80b1d3", "#fdb462", "#b3de69", "#fccde5", "#a6cee3", "#ccebc5", "#e5c494", "#cab2d6" };
static const char *const edge_colours[] = { "#2f6fb0", "#c0392b", "#27803b", "#8e44ad", "#b9770e",
	"#117a8b", "#7f5539", "#d6336c" };
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define OTHER_COLOUR    "#d9d9d9"

struct port_pair {
	uint16_t low;
	uint16_t high;
};

struct drawing {
	struct out_file out;
	const struct host_keys *keys;
	const struct survey_set *set;
	struct cluster_view view;
	struct port_pair pairs[COUNT_OF(edge_colours)];
	size_t pair_count;
};

static const struct survey_host *
host_of(const struct drawing *drawing, uint32_t node)
{
	return host_keys_host(drawing->keys, drawing->set, drawing->keys->node_holding[node]);
}

static const char *
network_colour(const struct drawing *drawing, uint32_t asn)
{
	for (uint32_t i = 0; i < drawing->view.network_count && i < COUNT_OF(network_colours);
		i++) {
		if (drawing->view.networks[i].asn == asn)
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
put_node(struct drawing *drawing, const struct view_node *node)
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
static const struct view_node *
drawn_as(const struct drawing *drawing, uint32_t node)
{
	for (uint32_t i = 0; i < drawing->view.node_count; i++) {
		if (drawing->view.nodes[i].node == node)
			return &drawing->view.nodes[i];
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
	if (drawing->view.left_out == 0 || drawing->view.key_count == 0)
		return;
	out_format(&drawing->out,
		"\trest [fillcolor=white, style=\"filled,dashed\", fontsize=12, label=\"%u more addresses\\nof other networks or keys\"];\n"
		"\tk%u -- rest [color=\"#999999\", style=dashed];\n",
		drawing->view.left_out, drawing->view.shown_keys[0]);
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
	for (uint32_t i = 0; i < drawing->view.node_count; i++) {
		const uint32_t node = drawing->view.nodes[i].node;
		for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
			const uint16_t port = host_keys_host(keys, drawing->set, h)->port;
			if (keys->clusters.holding_key[h] != key)
				continue;
			out_format(&drawing->out, "\tk%u -- n%u [color=\"%s\", penwidth=%.1f];\n",
				key, node, pair_colour(drawing, port, port),
				1.0 + log10(drawing->view.nodes[i].count));
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
	for (uint32_t i = 0; i < drawing->view.network_count && i < COUNT_OF(network_colours);
		i++) {
		const struct view_network *network = &drawing->view.networks[i];
		if (network->asn == 0)
			(void)snprintf(text, sizeof(text), "network unknown: %u", network->count);
		else
			(void)snprintf(text, sizeof(text), "AS%u %.60s: %u", network->asn,
				survey_text(drawing->set, network->organisation), network->count);
		put_legend_row(drawing, network_colours[i], text);
	}
	if (drawing->view.network_count > COUNT_OF(network_colours)) {
		(void)snprintf(text, sizeof(text), "%u more networks",
			drawing->view.network_count - (uint32_t)COUNT_OF(network_colours));
		put_legend_row(drawing, OTHER_COLOUR, text);
	}
	for (size_t i = 0; i < drawing->pair_count; i++) {
		(void)snprintf(text, sizeof(text), "same key on ports %u and %u",
			drawing->pairs[i].low, drawing->pairs[i].high);
		put_legend_row(drawing, edge_colours[i], text);
	}
	if (drawing->view.left_out > 0 || drawing->view.keys_left_out > 0) {
		(void)snprintf(text, sizeof(text), "not drawn: %u addresses, %u keys",
			drawing->view.left_out, drawing->view.keys_left_out);
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
	for (uint32_t i = 0; i < drawing->view.node_count; i++)
		put_node(drawing, &drawing->view.nodes[i]);
	for (uint32_t i = 0; i < drawing->view.key_count; i++) {
		const uint32_t key = drawing->view.shown_keys[i];
		if (size <= CLUSTER_VIEW_ALONE &&
			drawing->keys->clusters.key_nodes[key] <= CLIQUE_UP_TO)
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
	int error = cluster_view_build(&drawing.view, keys, set, cluster);

	if (error == 0)
		error = out_open(&drawing.out, path, fault);
	if (error == 0) {
		put_graph(&drawing, cluster, members->size);
		error = out_close(&drawing.out, fault);
	}
	cluster_view_clear(&drawing.view);
	return error;
}
