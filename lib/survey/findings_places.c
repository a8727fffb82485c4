/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/ipv4.h"
#include "survey/findings.h"
#include "survey/geo_lookup.h"

/* A /24 that answers nearly everywhere and never with TLS is one machine in the way, not 200 servers. */
#define PREFIX_SUSPICIOUS 200

static void
add_funnel_columns(struct table *table)
{
	table_column(table, "synack", "SYN-ACK", COLUMN_COUNT);
	table_column(table, "tcp", "data acknowledged", COLUMN_COUNT);
	table_column(table, "tls_began", "TLS began", COLUMN_COUNT);
	table_column(table, "tls", "TLS stood", COLUMN_COUNT);
	table_column(table, "dns_reply", "valid reply", COLUMN_COUNT);
	table_column(table, "answer", "answer", COLUMN_COUNT);
	table_column(table, "right", "right answer", COLUMN_COUNT);
	table_column(table, "share", "share of valid replies", COLUMN_SHARE);
	table_column(table, "invalid_certificates", "invalid certificates", COLUMN_COUNT);
}

static void
put_funnel(struct table *table, const struct survey_counts *counts, const struct survey_counts *all)
{
	for (unsigned int step = 0; step < FUNNEL_COUNT; step++)
		table_put_number(table, (double)counts->steps[step]);
	table_put_share(table, counts->steps[FUNNEL_REPLY], all->steps[FUNNEL_REPLY]);
	table_put_number(table, (double)survey_counts_invalid(counts->statuses_reply));
}

/* Addresses of which no record tells. */
static void
put_unanswered(
	struct table *table, const char *step, const char *meaning, uint64_t count, uint64_t before)
{
	table_put_text(table, step);
	table_put_text(table, meaning);
	table_put_number(table, (double)count);
	table_put_null(table);
	table_put_share(table, count, before);
}

static void
add_funnel(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "funnel", "From SYN to right answer",
		"Each line is part of the one before.");
	const uint64_t *steps = findings->all.steps;
	const struct scan_books *books = &findings->books;

	table_column(table, "step", "step", COLUMN_TEXT);
	table_column(table, "meaning", "addresses that", COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	table_column(table, "share_of_all", "of those that answered", COLUMN_SHARE);
	table_column(table, "share_of_previous", "of the line before", COLUMN_SHARE);
	if (books->is_known) {
		put_unanswered(table, "planned", "were to be scanned", books->planned, 0);
		put_unanswered(table, "probed", "were sent a SYN", books->probed, books->planned);
	}
	for (unsigned int step = 0; step < FUNNEL_COUNT; step++) {
		table_put_text(table, funnel_key((enum funnel_step)step));
		table_put_text(table, funnel_words((enum funnel_step)step));
		table_put_number(table, (double)steps[step]);
		table_put_share(table, steps[step], steps[0]);
		table_put_share(table, steps[step], step > 0 ? steps[step - 1] : books->probed);
	}
}

static void
put_packets(struct table *table, const char *kind, const char *meaning, uint64_t count)
{
	table_put_text(table, kind);
	table_put_text(table, meaning);
	table_put_number(table, (double)count);
}

static void
add_packets(struct findings *findings)
{
	const struct scan_books *books = &findings->books;
	struct table *table;

	if (!books->is_known)
		return;
	table = findings_new_table(findings, "packets", "What the scan sent and received",
		"By its summary.json: packets, not addresses.");
	table_column(table, "kind", "kind", COLUMN_TEXT);
	table_column(table, "meaning", "meaning", COLUMN_TEXT);
	table_column(table, "packets", "packets", COLUMN_COUNT);
	put_packets(table, "syn", "SYNs sent, those of later probes and attempts too", books->syn);
	put_packets(table, "synack", "SYN-ACKs that prove our cookie, the first of each address",
		books->synack);
	put_packets(table, "duplicate", "further ones of the same address", books->duplicate);
	put_packets(table, "rst", "resets: nobody listens there", books->rst);
	put_packets(table, "icmp", "ICMP errors", books->icmp);
	put_packets(table, "invalid", "others to us that prove nothing", books->invalid);
	put_packets(table, "lost", "lost on the scanner's side", books->lost);
}

static void
add_outcomes(struct findings *findings)
{
	struct table *table = findings_new_table(
		findings, "outcomes", "Outcomes", "How far each address came, and where it ended.");

	table_column(table, "outcome", "outcome", COLUMN_TEXT);
	table_column(table, "meaning", "meaning", COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	for (unsigned int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
		if (findings->outcomes[outcome] == 0)
			continue;
		table_put_text(table, outcome_text((enum outcome)outcome));
		table_put_text(table, outcome_sentence((enum outcome)outcome));
		table_put_number(table, (double)findings->outcomes[outcome]);
		table_put_share(table, findings->outcomes[outcome], findings->all.steps[0]);
	}
	(void)table_sort(table, 2);
}

static void
add_countries(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "countries", "Countries",
		"By the country database; an address it does not know is unknown.");
	char country[8];

	table_column(table, "country", "country", COLUMN_TEXT);
	add_funnel_columns(table);
	for (uint32_t i = 0; i < findings->countries.count; i++) {
		const struct survey_group *group = &findings->countries.groups[i];
		table_put_text(table, country_format((uint16_t)group->key, country));
		put_funnel(table, &group->counts, &findings->all);
	}
	(void)table_sort(table, 1 + FUNNEL_REPLY);
}

/* The organisation of each network is that of any of its hosts: one number has one name. */
static void
add_networks(struct findings *findings)
{
	struct table *table = findings_new_table(
		findings, "networks", "Networks", "Autonomous systems, by the network database.");
	struct survey_groups seen = { 0 };
	char number[16];

	table_column(table, "asn", "AS", COLUMN_TEXT);
	table_column(table, "organisation", "organisation", COLUMN_TEXT);
	add_funnel_columns(table);
	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];

		if (survey_groups_find(&seen, host->asn) != NULL)
			continue;
		if (survey_groups_at(&seen, host->asn) == NULL)
			table->error = -1;
		(void)snprintf(number, sizeof(number), "AS%u", host->asn);
		table_put_text(table, host->asn == 0 ? "unknown" : number);
		table_put_text(table, survey_text(findings->set, host->organisation));
		put_funnel(
			table, survey_groups_find(&findings->networks, host->asn), &findings->all);
	}
	survey_groups_clear(&seen);
	(void)table_sort(table, 2 + FUNNEL_REPLY);
}

static void
put_prefix(struct table *table, const struct survey_host *host, const struct survey_counts *counts)
{
	char address[IPV4_TEXT_SIZE];
	char prefix[IPV4_TEXT_SIZE + 4];
	char country[8];

	(void)snprintf(
		prefix, sizeof(prefix), "%s/24", ipv4_format(host->address & ~255U, address));
	table_put_text(table, prefix);
	table_put_text(table, country_format(host->country, country));
	table_put_number(table, (double)counts->steps[FUNNEL_SYNACK]);
	table_put_number(table, (double)counts->steps[FUNNEL_TCP]);
}

/* Hosts stand in the order of their addresses, so a prefix is a run. */
static void
add_prefixes(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "prefixes",
		"Prefixes that answer everything",
		"A /24 of which at least 200 addresses send SYN-ACKs and none begins TLS: a middlebox rather than servers.");
	const struct survey_set *set = findings->set;

	table_column(table, "prefix", "prefix", COLUMN_TEXT);
	table_column(table, "country", "country", COLUMN_TEXT);
	table_column(table, "synack", "SYN-ACK", COLUMN_COUNT);
	table_column(table, "tcp", "data acknowledged", COLUMN_COUNT);
	for (uint32_t i = 0; i < set->host_count;) {
		struct survey_counts counts = { 0 };
		const struct survey_host *first = &set->hosts[i];

		for (; i < set->host_count && set->hosts[i].address >> 8 == first->address >> 8;
			i++)
			survey_counts_add(&counts, &set->hosts[i]);
		if (counts.steps[FUNNEL_SYNACK] >= PREFIX_SUSPICIOUS &&
			counts.steps[FUNNEL_TLS_BEGAN] == 0)
			put_prefix(table, first, &counts);
	}
	(void)table_sort(table, 2);
}

void
findings_add_places(struct findings *findings)
{
	add_funnel(findings);
	add_packets(findings);
	add_outcomes(findings);
	add_countries(findings);
	add_networks(findings);
	add_prefixes(findings);
}
