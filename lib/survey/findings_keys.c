/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "survey/findings.h"
#include "survey/geo_lookup.h"

#define CLUSTERS_LISTED 10000

/* What the members of one cluster have in common, or not. */
struct cluster_summary {
	struct survey_counts counts;
	struct survey_groups networks;
	struct survey_groups countries;
	struct survey_groups keys;
	struct survey_groups providers;
	uint64_t valid;
};

static uint64_t
key_of(const struct host_keys *keys, uint32_t holding)
{
	return keys->clusters.holding_key[holding];
}

static int
add_member(struct cluster_summary *summary, const struct findings *findings, uint32_t node)
{
	const struct host_keys *keys = findings->keys;

	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		const struct survey_host *host = host_keys_host(keys, findings->set, h);
		const struct survey_certificate *leaf = survey_certificate_of(findings->set, host);
		struct survey_counts *const counts[] = {
			survey_groups_at(&summary->networks, host->asn),
			survey_groups_at(&summary->countries, host->country),
			survey_groups_at(&summary->keys, key_of(keys, h)),
			survey_groups_at(&summary->providers, leaf->provider),
		};

		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
			if (counts[i] == NULL)
				return ERROR_MEMORY;
			counts[i]->steps[FUNNEL_SYNACK]++;
		}
		survey_counts_add(&summary->counts, host);
		summary->valid += host->status == CERTIFICATE_STATUS_OK;
	}
	return 0;
}

/* The name that most members carry, and of several the first of the alphabet. */
static const char *
usual_provider(const struct findings *findings, const struct survey_groups *providers)
{
	const char *best = "";
	uint64_t most = 0;

	for (uint32_t i = 0; i < providers->count; i++) {
		const struct survey_group *group = &providers->groups[i];
		const char *name = survey_text(findings->set, (uint32_t)group->key);
		const uint64_t count = group->counts.steps[FUNNEL_SYNACK];

		if (count > most || (count == most && strcmp(name, best) < 0)) {
			most = count;
			best = name;
		}
	}
	return best;
}

static void
put_cluster(struct findings *findings, struct table *table, uint32_t cluster)
{
	const struct host_keys *keys = findings->keys;
	const struct key_cluster *members = &keys->clusters.clusters[cluster];
	struct cluster_summary summary = { 0 };
	char address[IPV4_TEXT_SIZE];

	for (uint32_t m = 0; m < members->size && findings->error == 0; m++)
		findings->error =
			add_member(&summary, findings, keys->clusters.members[members->first + m]);
	const uint32_t first = keys->node_holding[keys->clusters.members[members->first]];
	table_put_number(table, cluster + 1);
	table_put_number(table, members->size);
	table_put_number(table, summary.keys.count);
	table_put_number(table, summary.networks.count);
	table_put_number(table, summary.countries.count);
	table_put_number(table, summary.providers.count);
	table_put_text(table, usual_provider(findings, &summary.providers));
	table_put_number(table, (double)summary.valid);
	table_put_number(table, (double)summary.counts.steps[FUNNEL_RIGHT]);
	table_put_text(
		table, ipv4_format(host_keys_host(keys, findings->set, first)->address, address));
	survey_groups_clear(&summary.networks);
	survey_groups_clear(&summary.countries);
	survey_groups_clear(&summary.keys);
	survey_groups_clear(&summary.providers);
}

static void
add_clusters(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "clusters", "Clusters of shared keys",
		"Addresses that share a public key, directly or over others; a valid certificate for many addresses of one provider is no fault, one key in several networks or of many names deserves a look.");
	const uint32_t count = findings->keys->clusters.cluster_count;

	table_column(table, "cluster", "cluster", COLUMN_COUNT);
	table_column(table, "addresses", "addresses", COLUMN_COUNT);
	table_column(table, "keys", "keys", COLUMN_COUNT);
	table_column(table, "networks", "networks", COLUMN_COUNT);
	table_column(table, "countries", "countries", COLUMN_COUNT);
	table_column(table, "providers", "providers", COLUMN_COUNT);
	table_column(table, "provider", "most frequent provider", COLUMN_TEXT);
	table_column(table, "valid", "certificate ok", COLUMN_COUNT);
	table_column(table, "right", "right answer", COLUMN_COUNT);
	table_column(table, "first", "lowest address", COLUMN_TEXT);
	for (uint32_t i = 0; i < count && i < CLUSTERS_LISTED && findings->error == 0; i++)
		put_cluster(findings, table, i);
}

/* Clusters stand by size, so equal sizes are a run. */
static void
add_sizes(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "cluster-sizes", "Sizes of clusters",
		"How many clusters have how many addresses.");
	const struct key_clusters *clusters = &findings->keys->clusters;

	table_column(table, "size", "addresses", COLUMN_COUNT);
	table_column(table, "clusters", "clusters", COLUMN_COUNT);
	for (uint32_t i = 0; i < clusters->cluster_count;) {
		const uint32_t size = clusters->clusters[i].size;
		uint32_t run = 0;

		for (; i < clusters->cluster_count && clusters->clusters[i].size == size; i++)
			run++;
		table_put_number(table, size);
		table_put_number(table, run);
		findings->key.clustered += (uint64_t)size * run;
	}
}

void
findings_add_keys(struct findings *findings)
{
	const struct key_clusters *clusters = &findings->keys->clusters;
	struct key_findings *found = &findings->key;

	found->hosts = findings->keys->node_count;
	found->keys = clusters->key_count;
	found->clusters = clusters->cluster_count;
	if (clusters->cluster_count > 0) {
		found->largest = clusters->clusters[0].size;
		found->median = clusters->clusters[clusters->cluster_count / 2].size;
	}
	add_clusters(findings);
	add_sizes(findings);
}
