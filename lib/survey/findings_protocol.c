/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "survey/findings.h"

/* What a value is taken from: a number of a text in the host, or in its certificate. */
struct vocabulary {
	const char *name;
	const char *title;
	const char *note;
	const char *heading;
	size_t offset;
	bool is_certificate;
	enum outcome first; /* hosts that came at least so far */
};

#define OF_HOST(member)        offsetof(struct survey_host, member), false
#define OF_CERTIFICATE(member) offsetof(struct survey_certificate, member), true

static const struct vocabulary vocabularies[] = {
	{ "tls-versions", "TLS versions", "As the server chose.", "version", OF_HOST(version),
		OUTCOME_DNS_SILENT },
	{ "ciphers", "Cipher suites", NULL, "cipher suite", OF_HOST(cipher), OUTCOME_DNS_SILENT },
	{ "groups", "Key exchange groups", NULL, "group", OF_HOST(group), OUTCOME_DNS_SILENT },
	{ "alpn", "ALPN", "What the server chose of our offer, \"dot\" (RFC 7858).", "ALPN",
		OF_HOST(alpn), OUTCOME_DNS_SILENT },
	{ "keys", "Key types", "Of the leaf.", "key", OF_CERTIFICATE(key), OUTCOME_DNS_SILENT },
	{ "signatures", "Signatures", "Of the leaf.", "signature", OF_CERTIFICATE(signature),
		OUTCOME_DNS_SILENT },
	{ "issuers", "Issuers", "Of the leaf.", "issuer", OF_CERTIFICATE(issuer),
		OUTCOME_DNS_SILENT },
	{ "rcodes", "DNS reply codes", "Of the first valid reply.", "rcode", OF_HOST(rcode),
		OUTCOME_DNS_FORMERR },
	{ "edns", "EDNS",
		"The size of UDP messages that the server takes (RFC 6891), from its reply.",
		"EDNS", OF_HOST(edns), OUTCOME_DNS_FORMERR },
	{ "padding", "Padding", "The multiple to which replies were padded; RFC 8467 asks for 468.",
		"padded to", OF_HOST(padding), OUTCOME_DNS_FORMERR },
	{ "alerts", "TLS alerts", "Sent by servers.", "alert", OF_HOST(alert), OUTCOME_TLS_ALERT },
	{ "wrong-answers", "Wrong answers", "What they said instead of the truth.", "answer",
		OF_HOST(answer), OUTCOME_ANSWER_WRONG },
};

static uint32_t
value_of(const struct vocabulary *words, const struct survey_set *set,
	const struct survey_host *host)
{
	const struct survey_certificate *leaf = survey_certificate_of(set, host);
	const char *base = words->is_certificate ? (const char *)leaf : (const char *)host;
	uint32_t number = TEXT_NONE;

	if (base != NULL)
		memcpy(&number, base + words->offset, sizeof(number));
	return number;
}

/* Values that do not exist are a line of their own where absence tells something. */
static bool
tells_absence(const struct vocabulary *words)
{
	return strcmp(words->name, "alerts") != 0 && strcmp(words->name, "wrong-answers") != 0;
}

static void
add_vocabulary(struct findings *findings, const struct vocabulary *words)
{
	struct table *table = findings_new_table(findings, words->name, words->title, words->note);
	struct survey_groups groups = { 0 };
	uint64_t total = 0;

	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		const uint32_t value = value_of(words, findings->set, host);

		if (host->outcome < words->first || (value == TEXT_NONE && !tells_absence(words)))
			continue;
		struct survey_counts *counts = survey_groups_at(&groups, value);
		if (counts == NULL) {
			findings->error = ERROR_MEMORY;
			break;
		}
		survey_counts_add(counts, host);
		total++;
	}
	table_column(table, "value", words->heading, COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	table_column(table, "right", "right answer", COLUMN_COUNT);
	table_column(table, "share_of_right", "share of these", COLUMN_SHARE);
	for (uint32_t i = 0; i < groups.count; i++) {
		const struct survey_group *group = &groups.groups[i];
		table_put_text(table, group->key == TEXT_NONE
					      ? "none"
					      : survey_text(findings->set, (uint32_t)group->key));
		table_put_number(table, (double)group->counts.steps[FUNNEL_SYNACK]);
		table_put_share(table, group->counts.steps[FUNNEL_SYNACK], total);
		table_put_number(table, (double)group->counts.steps[FUNNEL_RIGHT]);
		table_put_share(table, group->counts.steps[FUNNEL_RIGHT],
			findings->all.steps[FUNNEL_RIGHT]);
	}
	survey_groups_clear(&groups);
	(void)table_sort(table, 1);
}

static void
add_first_bytes(struct findings *findings)
{
	uint64_t counts[FIRST_BYTES_COUNT] = { 0 };
	uint64_t total = 0;
	struct table *table = findings_new_table(findings, "first-bytes", "What is not TLS",
		"By the first bytes that a server sent instead.");

	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		if (host->outcome == OUTCOME_NOT_TLS) {
			counts[host->first_bytes]++;
			total++;
		}
	}
	table_column(table, "kind", "looks like", COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	for (unsigned int kind = 0; kind < FIRST_BYTES_COUNT; kind++) {
		if (counts[kind] == 0)
			continue;
		table_put_text(table, first_bytes_text((enum first_bytes)kind));
		table_put_number(table, (double)counts[kind]);
		table_put_share(table, counts[kind], total);
	}
	(void)table_sort(table, 1);
}

void
findings_add_protocol(struct findings *findings)
{
	for (size_t i = 0; i < sizeof(vocabularies) / sizeof(vocabularies[0]); i++)
		add_vocabulary(findings, &vocabularies[i]);
	add_first_bytes(findings);
}

static void
put_latency(struct table *table, const char *stage, const struct histogram *histogram)
{
	static const double percents[] = { 5, 25, 50, 75, 90, 95, 99, 100 };

	table_put_text(table, stage);
	table_put_number(table, (double)histogram->count);
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		if (histogram->count == 0)
			table_put_null(table);
		else
			table_put_number(table,
				(double)histogram_percentile(histogram, percents[i]) / 1000.0);
	}
}

void
findings_add_latency(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "latency", "Latency",
		"Of resolvers that gave an answer, in milliseconds; percentiles are exact to 1/32.");
	static const char *const keys[] = { "p5", "p25", "p50", "p75", "p90", "p95", "p99", "max" };

	table_column(table, "stage", "stage", COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		table_column(table, keys[i], keys[i], COLUMN_MILLISECONDS);
	put_latency(table, "SYN to SYN-ACK", &findings->latency->rtt);
	put_latency(table, "TLS handshake", &findings->latency->tls);
	put_latency(table, "DNS query", &findings->latency->dns);
	put_latency(table, "whole connection", &findings->latency->total);
}
