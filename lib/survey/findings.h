/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "stats/histogram.h"
#include "survey/host_keys.h"
#include "survey/name_book.h"
#include "survey/scan_books.h"
#include "survey/survey_counts.h"
#include "survey/survey_set.h"
#include "survey/table.h"

#define FINDINGS_TABLES 40

/* The providers of the study of 2019: open resolvers by its definition, by name of certificate. */
struct provider_findings {
	uint64_t providers;
	uint64_t single;      /* with one address */
	uint64_t invalid;     /* with at least one invalid certificate */
	uint64_t largest_sum; /* addresses of the four largest, factory certificates apart */
	uint32_t largest[4];  /* their names; TEXT_NONE where there are fewer */
	uint64_t unnamed;     /* resolvers that have no provider */
};

struct key_findings {
	uint64_t hosts;     /* addresses with a key */
	uint64_t keys;      /* different ones */
	uint64_t clustered; /* addresses in clusters: as a share of hosts, the key survey's HARK */
	uint64_t clusters;
	uint64_t largest;
	uint64_t median;
};

struct name_findings {
	uint64_t hosts; /* of which a name was asked and answered */
	uint64_t good;
	uint64_t elsewhere;
	uint64_t nowhere;
};

/* Growth since the baseline. All zero where there is none. */
struct change_findings {
	bool has_baseline;
	uint64_t before; /* open resolvers by the definition of 2019 */
	uint64_t now;
	uint64_t stayed;
	uint64_t appeared;
	uint64_t gone;
	uint64_t changed_key;
	uint64_t changed_outcome;
	uint64_t changed_status;
	uint64_t providers_come;
	uint64_t providers_gone;
};

struct latency_findings {
	struct histogram rtt;
	struct histogram tls;
	struct histogram dns;
	struct histogram total;
};

/* All that is told of a set, as numbers and as tables. Borrows the set and the keys. */
struct findings {
	const struct survey_set *set;
	const struct host_keys *keys;
	struct scan_books books; /* of what came before the records */
	struct survey_counts all;
	struct survey_groups countries;
	struct survey_groups networks;
	struct survey_groups providers;
	uint64_t outcomes[OUTCOME_COUNT];
	int64_t first_us;
	int64_t last_us;
	bool was_checked; /* the scan knew the truth: some answer was right or wrong */
	struct latency_findings *latency; /* of those that gave an answer */
	struct provider_findings provider;
	struct key_findings key;
	struct name_findings name;
	struct change_findings change;
	struct table tables[FINDINGS_TABLES];
	size_t table_count;
	int error;
};

/*
 * Count and tabulate a finished set. names and books may be NULL. Fills a zeroed struct; returns 0 or
 * ERROR_MEMORY; clear it either way.
 */
int findings_build(struct findings *findings, const struct survey_set *set,
	const struct host_keys *keys, const struct name_book *names,
	const struct scan_books *books);
void findings_clear(struct findings *findings);

/* Count a set only: all, countries, networks, providers. Returns 0 or ERROR_MEMORY. */
int findings_count(struct findings *findings, const struct survey_set *set);

/* A new table, to be filled; borrowed. */
struct table *findings_new_table(
	struct findings *findings, const char *name, const char *title, const char *note);

/* The table of that name, or NULL. */
const struct table *findings_table(const struct findings *findings, const char *name);

/* Parts of findings_build: tables by place and provider, of TLS and DNS, and of shared keys. */
void findings_add_places(struct findings *findings);
void findings_add_providers(struct findings *findings);
void findings_add_certificates(struct findings *findings);
void findings_add_protocol(struct findings *findings);
void findings_add_software(struct findings *findings);
void findings_add_latency(struct findings *findings);
void findings_add_keys(struct findings *findings);

#endif
