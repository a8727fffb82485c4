/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/findings.h"

#define LARGEST 4

/* Whether a provider's name stands for a vendor and not for a domain: no domain has a space. */
static bool
is_factory(const char *name)
{
	return strchr(name, ' ') != NULL && strstr(name, "(factory certificates)") != NULL;
}

/* Whether group a comes before b: more addresses, then the alphabet. */
static bool
is_larger(const struct findings *findings, const struct survey_group *a, uint32_t other)
{
	if (other == TEXT_NONE)
		return true;
	const struct survey_counts *b = survey_groups_find(&findings->providers, other);
	if (a->counts.steps[FUNNEL_REPLY] != b->steps[FUNNEL_REPLY])
		return a->counts.steps[FUNNEL_REPLY] > b->steps[FUNNEL_REPLY];
	return strcmp(survey_text(findings->set, (uint32_t)a->key),
		       survey_text(findings->set, other)) < 0;
}

static void
consider_largest(struct findings *findings, const struct survey_group *group)
{
	uint32_t *largest = findings->provider.largest;
	size_t at = LARGEST;

	while (at > 0 && is_larger(findings, group, largest[at - 1]))
		at--;
	if (at == LARGEST)
		return;
	memmove(&largest[at + 1], &largest[at], (LARGEST - 1 - at) * sizeof(*largest));
	largest[at] = (uint32_t)group->key;
}

static void
count_providers(struct findings *findings)
{
	struct provider_findings *found = &findings->provider;

	for (uint32_t i = 0; i < findings->providers.count; i++) {
		const struct survey_group *group = &findings->providers.groups[i];
		const uint64_t addresses = group->counts.steps[FUNNEL_REPLY];

		if (addresses == 0)
			continue;
		found->providers++;
		found->single += addresses == 1;
		found->invalid += survey_counts_invalid(group->counts.statuses_reply) > 0;
		if (!is_factory(survey_text(findings->set, (uint32_t)group->key)))
			consider_largest(findings, group);
	}
	for (size_t i = 0; i < LARGEST && found->largest[i] != TEXT_NONE; i++)
		found->largest_sum += survey_groups_find(&findings->providers, found->largest[i])
					      ->steps[FUNNEL_REPLY];
}

static void
add_providers(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "providers", "Providers",
		"By the registrable domain of the certificate's common name; one vendor's default certificates count as one.");

	table_column(table, "provider", "provider", COLUMN_TEXT);
	table_column(table, "resolvers", "resolvers (any valid reply)", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	table_column(table, "right", "right answer", COLUMN_COUNT);
	table_column(table, "valid", "certificate ok", COLUMN_COUNT);
	table_column(table, "expired", "expired", COLUMN_COUNT);
	table_column(table, "self_signed", "self-signed", COLUMN_COUNT);
	table_column(table, "invalid_chain", "invalid chain", COLUMN_COUNT);
	for (uint32_t i = 0; i < findings->providers.count; i++) {
		const struct survey_group *group = &findings->providers.groups[i];
		const uint64_t *statuses = group->counts.statuses_reply;

		if (group->counts.steps[FUNNEL_REPLY] == 0)
			continue;
		table_put_text(table, survey_text(findings->set, (uint32_t)group->key));
		table_put_number(table, (double)group->counts.steps[FUNNEL_REPLY]);
		table_put_share(table, group->counts.steps[FUNNEL_REPLY],
			findings->all.steps[FUNNEL_REPLY]);
		table_put_number(table, (double)group->counts.steps[FUNNEL_RIGHT]);
		table_put_number(table, (double)statuses[CERTIFICATE_STATUS_OK]);
		table_put_number(table, (double)statuses[CERTIFICATE_STATUS_EXPIRED]);
		table_put_number(
			table, (double)(statuses[CERTIFICATE_STATUS_SELF_SIGNED] +
					statuses[CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN]));
		table_put_number(
			table, (double)statuses[CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST]);
	}
	(void)table_sort(table, 1);
}

static void
put_row(struct table *table, const char *key, const char *words, uint64_t number, uint64_t whole)
{
	table_put_text(table, key);
	table_put_text(table, words);
	table_put_number(table, (double)number);
	table_put_share(table, number, whole);
}

/* The figures of the study of 2019, by its own definitions. */
static void
add_figures(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "figures",
		"The figures of the 2019 study",
		"Open resolvers are those that gave any valid DNS reply, as that study counts; the last line is ours.");
	const uint64_t *statuses = findings->all.statuses_reply;
	const uint64_t open = findings->all.steps[FUNNEL_REPLY];
	const struct provider_findings *found = &findings->provider;

	table_column(table, "figure", "figure", COLUMN_TEXT);
	table_column(table, "meaning", "meaning", COLUMN_TEXT);
	table_column(table, "number", "number", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	put_row(table, "open-2019", "open resolvers: any valid reply", open, open);
	put_row(table, "invalid", "of these, with an invalid certificate",
		survey_counts_invalid(statuses), open);
	put_row(table, "expired", "expired", statuses[CERTIFICATE_STATUS_EXPIRED], open);
	put_row(table, "self-signed", "self-signed, itself or in its chain",
		statuses[CERTIFICATE_STATUS_SELF_SIGNED] +
			statuses[CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN],
		open);
	put_row(table, "invalid-chain", "invalid chain: the issuer is missing",
		statuses[CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST], open);
	put_row(table, "providers", "providers", found->providers, found->providers);
	put_row(table, "providers-invalid", "providers with an invalid certificate", found->invalid,
		found->providers);
	put_row(table, "providers-single", "providers with one address", found->single,
		found->providers);
	put_row(table, "four-largest", "resolvers of the four largest providers",
		found->largest_sum, open);
	put_row(table, "open", "open resolvers: the right answer",
		findings->all.steps[FUNNEL_RIGHT], open);
}

void
findings_add_providers(struct findings *findings)
{
	count_providers(findings);
	add_figures(findings);
	add_providers(findings);
}
