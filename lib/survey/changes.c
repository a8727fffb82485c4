/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "survey/changes.h"
#include "survey/geo_lookup.h"
#include "survey/out_file.h"

#define PATH_SIZE 4096

/* One address and port in either set, or in both. */
struct pair {
	const struct survey_host *before;
	const struct survey_host *now;
};

/* What became of it; several can be true. Open is meant as the study of 2019 means it. */
struct pair_change {
	bool is_new;
	bool is_gone;
	bool stayed;
	bool changed_key;
	bool changed_outcome;
	bool changed_status;
};

/* A walk over both sets at once, which stand in the same order. */
struct pair_walk {
	const struct survey_set *before;
	const struct survey_set *now;
	uint32_t before_at;
	uint32_t now_at;
};

static uint64_t
place_of(const struct survey_set *set, uint32_t at)
{
	if (at >= set->host_count)
		return UINT64_MAX;
	return (uint64_t)set->hosts[at].address << 16 | set->hosts[at].port;
}

static bool
next_pair(struct pair_walk *walk, struct pair *pair)
{
	const uint64_t before = place_of(walk->before, walk->before_at);
	const uint64_t now = place_of(walk->now, walk->now_at);

	*pair = (struct pair){ NULL, NULL };
	if (before == UINT64_MAX && now == UINT64_MAX)
		return false;
	if (before <= now)
		pair->before = &walk->before->hosts[walk->before_at++];
	if (now <= before)
		pair->now = &walk->now->hosts[walk->now_at++];
	return true;
}

static struct pair_change
judge(const struct pair_walk *walk, const struct pair *pair)
{
	const bool was_open = pair->before != NULL && survey_is_open_2019(pair->before);
	const bool is_open = pair->now != NULL && survey_is_open_2019(pair->now);
	struct pair_change change = { .is_new = is_open && !was_open,
		.is_gone = was_open && !is_open,
		.stayed = was_open && is_open };

	if (pair->before == NULL || pair->now == NULL)
		return change;
	const struct survey_certificate *old = survey_certificate_of(walk->before, pair->before);
	const struct survey_certificate *leaf = survey_certificate_of(walk->now, pair->now);
	change.changed_key = old != NULL && leaf != NULL && old->has_spki && leaf->has_spki &&
			     memcmp(old->spki_sha256, leaf->spki_sha256, 32) != 0;
	change.changed_outcome =
		!walk->before->is_table && pair->before->outcome != pair->now->outcome;
	change.changed_status = change.stayed && pair->before->status != pair->now->status;
	return change;
}

static void
count_changes(struct findings *findings, const struct survey_set *before)
{
	struct pair_walk walk = { .before = before, .now = findings->set };
	struct change_findings *found = &findings->change;
	struct pair pair;

	found->has_baseline = true;
	while (next_pair(&walk, &pair)) {
		const struct pair_change change = judge(&walk, &pair);

		found->appeared += change.is_new;
		found->gone += change.is_gone;
		found->stayed += change.stayed;
		found->changed_key += change.changed_key;
		found->changed_outcome += change.changed_outcome;
		found->changed_status += change.changed_status;
	}
	found->before = found->stayed + found->gone;
	found->now = found->stayed + found->appeared;
}

static void
put_growth_row(struct table *table, const char *name, const struct survey_counts *before,
	const struct survey_counts *now)
{
	const uint64_t old = before == NULL ? 0 : before->steps[FUNNEL_REPLY];
	const uint64_t fresh = now == NULL ? 0 : now->steps[FUNNEL_REPLY];

	if (old == 0 && fresh == 0)
		return;
	table_put_text(table, name);
	table_put_number(table, (double)old);
	table_put_number(table, (double)fresh);
	table_put_growth(table, old, fresh);
}

static void
add_growth_columns(struct table *table, const char *key, const char *heading)
{
	table_column(table, key, heading, COLUMN_TEXT);
	table_column(table, "before", "before", COLUMN_COUNT);
	table_column(table, "now", "now", COLUMN_COUNT);
	table_column(table, "growth", "growth", COLUMN_GROWTH);
}

static void
add_country_growth(struct findings *findings, const struct findings *before)
{
	struct table *table = findings_new_table(findings, "growth", "Growth by country",
		"Open resolvers as the 2019 study counts, any valid reply; percent is cut towards zero as in its Table 2.");
	char country[8];

	add_growth_columns(table, "country", "country");
	for (uint32_t i = 0; i < before->countries.count; i++) {
		const uint64_t key = before->countries.groups[i].key;
		put_growth_row(table, country_format((uint16_t)key, country),
			&before->countries.groups[i].counts,
			survey_groups_find(&findings->countries, key));
	}
	for (uint32_t i = 0; i < findings->countries.count; i++) {
		const struct survey_group *group = &findings->countries.groups[i];
		if (survey_groups_find(&before->countries, group->key) == NULL)
			put_growth_row(table, country_format((uint16_t)group->key, country), NULL,
				&group->counts);
	}
	(void)table_sort(table, 1);
}

/* The counts of a provider of this name; the sets number their texts differently. */
static const struct survey_counts *
counts_of_name(const struct findings *findings, const char *name)
{
	const uint32_t number = text_pool_find(&findings->set->texts, name, strlen(name));

	return number == TEXT_NONE ? NULL : survey_groups_find(&findings->providers, number);
}

static bool
is_open_provider(const struct survey_counts *counts)
{
	return counts != NULL && counts->steps[FUNNEL_REPLY] > 0;
}

static void
add_provider_changes(struct findings *findings, const struct findings *before)
{
	struct table *table = findings_new_table(findings, "providers-change",
		"Providers come and gone", "Open resolvers by provider, any valid reply.");

	add_growth_columns(table, "provider", "provider");
	for (uint32_t i = 0; i < before->providers.count; i++) {
		const struct survey_group *group = &before->providers.groups[i];
		const char *name = survey_text(before->set, (uint32_t)group->key);
		const struct survey_counts *now = counts_of_name(findings, name);

		findings->change.providers_gone +=
			is_open_provider(&group->counts) && !is_open_provider(now);
		put_growth_row(table, name, &group->counts, now);
	}
	for (uint32_t i = 0; i < findings->providers.count; i++) {
		const struct survey_group *group = &findings->providers.groups[i];
		const char *name = survey_text(findings->set, (uint32_t)group->key);
		const struct survey_counts *old = counts_of_name(before, name);

		findings->change.providers_come +=
			is_open_provider(&group->counts) && !is_open_provider(old);
		if (old == NULL)
			put_growth_row(table, name, NULL, &group->counts);
	}
	(void)table_sort(table, 2);
}

static void
add_summary(struct findings *findings, bool is_table)
{
	const struct change_findings *found = &findings->change;
	const struct {
		const char *what;
		uint64_t count;
		bool is_known;
	} rows[] = {
		{ "open resolvers before", found->before, true },
		{ "open resolvers now", found->now, true },
		{ "open in both", found->stayed, true },
		{ "new", found->appeared, true },
		{ "gone", found->gone, true },
		{ "other key than before", found->changed_key, !is_table },
		{ "other outcome than before", found->changed_outcome, !is_table },
		{ "other certificate status than before", found->changed_status, true },
		{ "providers come", found->providers_come, true },
		{ "providers gone", found->providers_gone, true },
	};
	struct table *table = findings_new_table(findings, "changes", "What changed",
		"Address by address; open means any valid reply. Each is listed in tables/changed-addresses.csv.");

	table_column(table, "change", "change", COLUMN_TEXT);
	table_column(table, "count", "number", COLUMN_COUNT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		table_put_text(table, rows[i].what);
		if (rows[i].is_known)
			table_put_number(table, (double)rows[i].count);
		else
			table_put_null(table);
	}
}

int
changes_add(struct findings *findings, const struct survey_set *before)
{
	struct findings *old = &(struct findings){ 0 };
	int error = findings_count(old, before);

	if (error == 0) {
		count_changes(findings, before);
		add_country_growth(findings, old);
		add_provider_changes(findings, old);
		add_summary(findings, before->is_table);
		error = findings->error != 0 ? findings->error : old->error;
	}
	findings_clear(old);
	return error;
}

static void
put_change(struct out_file *out, const struct pair_walk *walk, const struct pair *pair,
	const struct pair_change *change)
{
	const struct survey_host *host = pair->now != NULL ? pair->now : pair->before;
	char address[IPV4_TEXT_SIZE];
	char country[8];

	out_format(out, "%s,%u,%s,%s,%s,%s,%s,%s\n", ipv4_format(host->address, address),
		host->port, country_format(host->country, country),
		change->is_new    ? "new"
		: change->is_gone ? "gone"
		: change->stayed  ? "stayed"
				  : "not-open",
		pair->before == NULL || walk->before->is_table
			? ""
			: outcome_text((enum outcome)pair->before->outcome),
		pair->now == NULL ? "" : outcome_text((enum outcome)pair->now->outcome),
		change->changed_key ? "yes" : "", change->changed_status ? "yes" : "");
}

int
changes_write_addresses(const struct survey_set *now, const struct survey_set *before,
	const char *directory, struct fault *fault)
{
	struct pair_walk walk = { .before = before, .now = now };
	struct out_file out;
	struct pair pair;
	char path[PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s/tables/changed-addresses.csv", directory) >=
		(int)sizeof(path))
		return fault_set(fault, ERROR_FILE, "%s: the path is too long", directory);
	const int error = out_open(&out, path, fault);
	if (error != 0)
		return error;
	out_text(
		&out, "ip,port,country,change,outcome_before,outcome_now,other_key,other_status\n");
	while (next_pair(&walk, &pair)) {
		const struct pair_change change = judge(&walk, &pair);

		if (change.is_new || change.is_gone || change.changed_key ||
			change.changed_outcome || change.changed_status)
			put_change(&out, &walk, &pair, &change);
	}
	return out_close(&out, fault);
}
