/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/cluster_files.h"
#include "survey/findings.h"

struct table *
findings_new_table(struct findings *findings, const char *name, const char *title, const char *note)
{
	/* The number of tables is ours to know: a new one needs a place here. */
	struct table *table = &findings->tables[findings->table_count];

	if (findings->table_count < FINDINGS_TABLES - 1)
		findings->table_count++;
	table_init(table, name, title, note);
	return table;
}

const struct table *
findings_table(const struct findings *findings, const char *name)
{
	for (size_t i = 0; i < findings->table_count; i++) {
		if (strcmp(findings->tables[i].name, name) == 0)
			return &findings->tables[i];
	}
	return NULL;
}

static void
count_latency(struct latency_findings *latency, const struct survey_host *host)
{
	if (host->outcome < OUTCOME_ANSWER_WRONG)
		return;
	if (host->rtt_us != SURVEY_NONE)
		histogram_add(&latency->rtt, host->rtt_us);
	if (host->tls_us != SURVEY_NONE)
		histogram_add(&latency->tls, host->tls_us);
	if (host->dns_us != SURVEY_NONE)
		histogram_add(&latency->dns, host->dns_us);
	if (host->total_us != SURVEY_NONE)
		histogram_add(&latency->total, host->total_us);
}

/* Count one host in the group of a key. */
static void
count_in(struct findings *findings, struct survey_groups *groups, uint64_t key,
	const struct survey_host *host)
{
	struct survey_counts *counts = survey_groups_at(groups, key);

	if (counts == NULL)
		findings->error = ERROR_MEMORY;
	else
		survey_counts_add(counts, host);
}

static void
count_host(struct findings *findings, const struct survey_host *host)
{
	const struct survey_certificate *leaf = survey_certificate_of(findings->set, host);

	survey_counts_add(&findings->all, host);
	findings->outcomes[host->outcome]++;
	count_in(findings, &findings->countries, host->country, host);
	count_in(findings, &findings->networks, host->asn, host);
	if (leaf != NULL && leaf->provider != TEXT_NONE)
		count_in(findings, &findings->providers, leaf->provider, host);
	else if (survey_is_open_2019(host))
		findings->provider.unnamed++;
	if (findings->first_us == 0 || host->timestamp_us < findings->first_us)
		findings->first_us = host->timestamp_us;
	if (host->timestamp_us > findings->last_us)
		findings->last_us = host->timestamp_us;
	count_latency(findings->latency, host);
}

int
findings_count(struct findings *findings, const struct survey_set *set)
{
	findings->set = set;
	findings->latency = calloc(1, sizeof(*findings->latency));
	if (findings->latency == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < set->host_count && findings->error == 0; i++)
		count_host(findings, &set->hosts[i]);
	survey_groups_sort(&findings->countries, FUNNEL_REPLY);
	survey_groups_sort(&findings->networks, FUNNEL_REPLY);
	findings->was_checked = findings->outcomes[OUTCOME_ANSWER_RIGHT] +
					findings->outcomes[OUTCOME_ANSWER_WRONG] >
				0;
	return findings->error;
}

static void
count_names(struct findings *findings, const struct name_book *names)
{
	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		const enum name_verdict verdict = cluster_files_judge(findings->set, names, host);

		findings->name.hosts += verdict != NAME_VERDICT_UNKNOWN;
		findings->name.good += verdict == NAME_VERDICT_GOOD;
		findings->name.elsewhere += verdict == NAME_VERDICT_ELSEWHERE;
		findings->name.nowhere += verdict == NAME_VERDICT_NOWHERE;
	}
}

int
findings_build(struct findings *findings, const struct survey_set *set,
	const struct host_keys *keys, const struct name_book *names, const struct scan_books *books)
{
	const int error = findings_count(findings, set);

	findings->keys = keys;
	if (books != NULL)
		findings->books = *books;
	if (error != 0)
		return error;
	if (names != NULL)
		count_names(findings, names);
	findings_add_places(findings);
	findings_add_providers(findings);
	findings_add_certificates(findings);
	findings_add_protocol(findings);
	findings_add_software(findings);
	findings_add_latency(findings);
	findings_add_keys(findings);
	for (size_t i = 0; i < findings->table_count && findings->error == 0; i++)
		findings->error = findings->tables[i].error;
	return findings->error;
}

void
findings_clear(struct findings *findings)
{
	if (findings == NULL)
		return;
	for (size_t i = 0; i < findings->table_count; i++)
		table_clear(&findings->tables[i]);
	survey_groups_clear(&findings->countries);
	survey_groups_clear(&findings->networks);
	survey_groups_clear(&findings->providers);
	free(findings->latency);
	*findings = (struct findings){ 0 };
}
