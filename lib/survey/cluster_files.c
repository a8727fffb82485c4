/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "record/outcome.h"
#include "survey/cluster_files.h"
#include "survey/geo_lookup.h"
#include "survey/name_set.h"
#include "survey/out_file.h"

#define PATH_SIZE 4096

struct key_writer {
	struct out_file out;
	const struct host_keys *keys;
	const struct survey_set *set;
	const struct name_book *names;
};

static int
open_in(struct out_file *out, const char *directory, const char *name, struct fault *fault)
{
	char path[PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		return fault_set(fault, ERROR_FILE, "%s: the path is too long", directory);
	return out_open(out, path, fault);
}

static void
put_bool(struct out_file *out, const char *key, bool value)
{
	out_format(out, "\"%s\":%s", key, value ? "true" : "false");
}

/* "rsa-2048" is rsalen 2048, "ecdsa-256" is ecdsacurve P-256, all else is alg. */
static void
put_key_kind(struct out_file *out, const char *kind)
{
	unsigned int bits = 0;

	if (sscanf(kind, "rsa-%9u", &bits) == 1) {
		out_format(out, "\"rsalen\":%u", bits);
	} else if (strncmp(kind, "ecdsa-", 6) == 0) {
		char curve[64];

		(void)snprintf(curve, sizeof(curve), "P-%.32s", kind + 6);
		out_text(out, "\"ecdsacurve\":");
		out_json(out, curve);
	} else {
		out_text(out, "\"alg\":");
		out_json(out, kind);
	}
}

static void
put_port_analysis(struct key_writer *writer, const struct survey_host *host)
{
	const struct survey_certificate *leaf = survey_certificate_of(writer->set, host);
	struct out_file *out = &writer->out;
	const int64_t seconds = host->timestamp_us / 1000000;

	out_format(out, "\"p%u\":{\"cipher_suite\":", host->port);
	out_json(out, survey_text(writer->set, host->cipher));
	out_text(out, ",");
	put_bool(out, "browser_trusted", host->status == CERTIFICATE_STATUS_OK);
	out_text(out, ",");
	put_bool(out, "self_signed",
		(host->certificate_flags & CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_SELF_SIGNED)) !=
			0);
	out_text(out, ",");
	put_bool(out, "timely",
		leaf->has_validity && seconds >= leaf->not_before && seconds <= leaf->not_after);
	out_text(out, ",");
	put_key_kind(out, survey_text(writer->set, leaf->key));
	out_text(out, "}");
}

static void
put_analysis(struct key_writer *writer, uint32_t node)
{
	const struct host_keys *keys = writer->keys;

	out_text(&writer->out, "\"analysis\":{\"nameset\":");
	name_set_write(&writer->out, writer->set, writer->names,
		host_keys_host(keys, writer->set, keys->node_holding[node]));
	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		out_text(&writer->out, ",");
		put_port_analysis(writer, host_keys_host(keys, writer->set, h));
	}
	out_text(&writer->out, "}");
}

static void
put_network(struct key_writer *writer, const struct survey_host *host)
{
	char country[8];

	out_text(&writer->out, "\"asn\":");
	out_json(&writer->out, survey_text(writer->set, host->organisation));
	out_format(&writer->out, ",\"asndec\":%u", host->asn);
	out_format(&writer->out, ",\"country\":%s%s%s", host->country == 0 ? "" : "\"",
		host->country == 0 ? "null" : country_format(host->country, country),
		host->country == 0 ? "" : "\"");
}

static void
put_fingerprints(struct key_writer *writer, uint32_t node)
{
	const struct host_keys *keys = writer->keys;

	out_text(&writer->out, "\"fprints\":{");
	for (uint32_t h = keys->node_holding[node]; h < keys->node_holding[node + 1]; h++) {
		out_format(&writer->out, "%s\"p%u\":\"", h > keys->node_holding[node] ? "," : "",
			host_keys_host(keys, writer->set, h)->port);
		out_hexadecimal(&writer->out, keys->holdings[h].digest, 32);
		out_text(&writer->out, "\"");
	}
	out_text(&writer->out, "}");
}

static void
put_peers(struct key_writer *writer, uint32_t node, const struct survey_host *host)
{
	const struct host_keys *keys = writer->keys;
	struct key_peer peers[HOST_KEYS_PEERS];
	char address[IPV4_TEXT_SIZE];
	uint32_t total = 0;
	const uint32_t count = host_keys_peers(keys, writer->set, node, peers, &total);

	out_format(&writer->out, "\"nrcs\":%u,\"rcs\":{", total);
	for (uint32_t i = 0; i < count; i++) {
		const struct survey_host *peer =
			host_keys_host(keys, writer->set, keys->node_holding[peers[i].node]);

		out_format(&writer->out,
			"%s\"%u\":{\"ip\":\"%s\",\"ports\":\"0x%016llx\",\"str_colls\":\"%s\"",
			i > 0 ? "," : "", peers[i].node, ipv4_format(peer->address, address),
			(unsigned long long)peers[i].ports, peers[i].collisions);
		if (peer->asn != host->asn) {
			out_text(&writer->out, ",\"asn\":");
			out_json(&writer->out, survey_text(writer->set, peer->organisation));
			out_format(&writer->out, ",\"asndec\":%u", peer->asn);
		}
		out_text(&writer->out, "}");
	}
	out_text(&writer->out, "},");
	put_bool(&writer->out, "rcs_complete", count == total);
}

/* One address. Keys stand in the order of the alphabet, as in the original. */
static void
put_node(struct key_writer *writer, uint32_t node, bool has_peers)
{
	const struct host_keys *keys = writer->keys;
	const struct survey_host *host =
		host_keys_host(keys, writer->set, keys->node_holding[node]);
	const uint32_t cluster = keys->clusters.node_cluster[node];
	char address[IPV4_TEXT_SIZE];

	out_text(&writer->out, "{");
	put_analysis(writer, node);
	out_text(&writer->out, ",");
	put_network(writer, host);
	out_format(&writer->out, ",\"clusternum\":%u,\"csize\":%u,", cluster,
		cluster == 0 ? 1 : keys->clusters.clusters[cluster - 1].size);
	put_fingerprints(writer, node);
	out_format(&writer->out, ",\"ip\":\"%s\",\"ip_record\":%u,",
		ipv4_format(host->address, address), node);
	if (has_peers) {
		put_peers(writer, node, host);
		out_text(&writer->out, ",");
	}
	out_text(&writer->out, "\"writer\":\"dotscan-survey\"}");
}

int
cluster_files_write_all(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, const char *directory, struct fault *fault)
{
	struct key_writer writer = { .keys = keys, .set = set, .names = names };
	const int error = open_in(&writer.out, directory, "all-key-fingerprints.json", fault);

	if (error != 0)
		return error;
	out_text(&writer.out, "[");
	for (uint32_t node = 0; node < keys->node_count; node++) {
		out_text(&writer.out, node > 0 ? "\n,\n" : "\n");
		put_node(&writer, node, false);
	}
	out_text(&writer.out, "\n]\n");
	return out_close(&writer.out, fault);
}

static void
put_members(struct key_writer *writer, uint32_t cluster, bool *is_first)
{
	const struct key_cluster *members = &writer->keys->clusters.clusters[cluster];

	for (uint32_t m = 0; m < members->size; m++) {
		out_text(&writer->out, *is_first ? "\n" : "\n,\n");
		*is_first = false;
		put_node(writer, writer->keys->clusters.members[members->first + m], true);
	}
}

int
cluster_files_write_collisions(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, const char *directory, struct fault *fault)
{
	struct key_writer writer = { .keys = keys, .set = set, .names = names };
	const int error = open_in(&writer.out, directory, "collisions.json", fault);
	bool is_first = true;

	if (error != 0)
		return error;
	out_text(&writer.out, "[");
	for (uint32_t cluster = 0; cluster < keys->clusters.cluster_count; cluster++)
		put_members(&writer, cluster, &is_first);
	out_text(&writer.out, "\n]\n");
	return out_close(&writer.out, fault);
}

int
cluster_files_write_cluster(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, uint32_t cluster, const char *directory, struct fault *fault)
{
	struct key_writer writer = { .keys = keys, .set = set, .names = names };
	char name[64];
	bool is_first = true;

	(void)snprintf(name, sizeof(name), "clusters/cluster%u.json", cluster + 1);
	const int error = open_in(&writer.out, directory, name, fault);
	if (error != 0)
		return error;
	out_text(&writer.out, "[");
	put_members(&writer, cluster, &is_first);
	out_text(&writer.out, "\n]\n");
	return out_close(&writer.out, fault);
}

enum name_verdict
cluster_files_judge(
	const struct survey_set *set, const struct name_book *names, const struct survey_host *host)
{
	return names == NULL ? NAME_VERDICT_UNKNOWN : name_set_judge(set, names, host);
}

int
cluster_files_write_dodgies(const struct survey_set *set, const struct name_book *names,
	const char *directory, struct fault *fault)
{
	struct key_writer writer = { .set = set, .names = names };
	char address[IPV4_TEXT_SIZE];
	uint32_t number = 0;
	const int error = open_in(&writer.out, directory, "dodgies.json", fault);

	if (error != 0)
		return error;
	out_text(&writer.out, "{");
	for (uint32_t i = 0; i < set->host_count; i++) {
		const struct survey_host *host = &set->hosts[i];
		const struct survey_certificate *leaf = survey_certificate_of(set, host);
		const enum name_verdict verdict = cluster_files_judge(set, names, host);
		const char *reason = leaf == NULL || !leaf->has_spki     ? "no-key"
				     : verdict == NAME_VERDICT_ELSEWHERE ? "names-point-elsewhere"
				     : verdict == NAME_VERDICT_NOWHERE   ? "names-do-not-exist"
									 : NULL;
		if (reason == NULL)
			continue;
		out_format(&writer.out,
			"%s\"%u\":{\"ip\":\"%s\",\"outcome\":\"%s\",\"port\":%u,\"reason\":\"%s\",",
			number > 0 ? ",\n" : "\n", number, ipv4_format(host->address, address),
			outcome_text((enum outcome)host->outcome), host->port, reason);
		number++;
		put_network(&writer, host);
		out_text(&writer.out, "}");
	}
	out_text(&writer.out, "\n}\n");
	return out_close(&writer.out, fault);
}
