/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "survey/findings.h"

/* A choice of software that a scanner sees: a text of the host, or the TTL that its system begins with. */
struct choice {
	const char *key;
	const char *heading;
	size_t offset;
	const char *absent; /* what is said where there is no text */
};

// clang-format off
#define CHOICE(member, heading)   { #member, heading, offsetof(struct survey_host, member), "none" }
#define OF_REPLY(member, heading) { #member, heading, offsetof(struct survey_host, member), "no reply" }
// clang-format on
#define CHOICES 9

/* Servers that make the same choices are likely of one kind. */
struct family {
	const char *name;
	const char *title;
	const char *note;
	enum outcome first;                 /* hosts that came at least so far */
	enum funnel_step whole;             /* of which shares are */
	struct choice choices[CHOICES + 1]; /* the last has no key */
};

static const struct family families[] = {
	{ "software-signs", "Signs of software",
		"What a reply gives away: ALPN, the flags of its header, the OPT record, to what it is padded, and the codes of its options. Our query has EDNS and padding (12).",
		OUTCOME_DNS_FORMERR, FUNNEL_REPLY,
		{ CHOICE(alpn, "ALPN"), OF_REPLY(flags, "flags"), OF_REPLY(edns, "EDNS"),
			OF_REPLY(padding, "padded to"), OF_REPLY(options, "options") } },
	{ "software", "Families of servers",
		"The same with what TLS they speak, and the TTL their system begins with.",
		OUTCOME_DNS_SILENT, FUNNEL_TLS,
		{ CHOICE(version, "TLS"), CHOICE(cipher, "cipher suite"), CHOICE(group, "group"),
			CHOICE(alpn, "ALPN"), OF_REPLY(flags, "flags"), OF_REPLY(edns, "EDNS"),
			OF_REPLY(padding, "padded to"), OF_REPLY(options, "options"),
			CHOICE(ttl, "TTL begins at") } },
};

static uint32_t
first_ttl(const struct survey_host *host)
{
	return host->ttl <= 64 ? 64 : host->ttl <= 128 ? 128 : 255;
}

static bool
is_ttl(const struct choice *choice)
{
	return choice->offset == offsetof(struct survey_host, ttl);
}

/* What a host chose: the number of a text, or a TTL. */
static uint32_t
chosen(const struct survey_host *host, const struct choice *choice)
{
	uint32_t number;

	if (is_ttl(choice))
		return first_ttl(host);
	memcpy(&number, (const char *)host + choice->offset, sizeof(number));
	return number;
}

static uint64_t
key_of(const struct family *family, const struct survey_set *set, const struct survey_host *host)
{
	uint32_t numbers[CHOICES] = { 0 };

	for (size_t i = 0; family->choices[i].key != NULL; i++)
		numbers[i] = chosen(host, &family->choices[i]);
	return siphash(&set->texts.key, numbers, sizeof(numbers));
}

static void
put_choice(struct table *table, const struct survey_set *set, const struct survey_host *host,
	const struct choice *choice)
{
	const uint32_t number = chosen(host, choice);
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", number);
	table_put_text(table, is_ttl(choice)        ? text
			      : number == TEXT_NONE ? choice->absent
						    : survey_text(set, number));
}

static void
put_family(struct findings *findings, struct table *table, const struct family *family,
	const struct survey_host *host, const struct survey_counts *counts)
{
	for (size_t i = 0; family->choices[i].key != NULL; i++)
		put_choice(table, findings->set, host, &family->choices[i]);
	table_put_number(table, (double)counts->steps[FUNNEL_SYNACK]);
	table_put_share(table, counts->steps[FUNNEL_SYNACK], findings->all.steps[family->whole]);
	table_put_number(table, (double)counts->steps[FUNNEL_RIGHT]);
}

static void
count_families(struct findings *findings, const struct family *family, struct survey_groups *groups)
{
	for (uint32_t i = 0; i < findings->set->host_count && findings->error == 0; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		struct survey_counts *counts;

		if (host->outcome < family->first)
			continue;
		counts = survey_groups_at(groups, key_of(family, findings->set, host));
		if (counts == NULL)
			findings->error = ERROR_MEMORY;
		else
			survey_counts_add(counts, host);
	}
}

/* The first host of each shows what its choices are. */
static void
put_families(struct findings *findings, struct table *table, const struct family *family,
	const struct survey_groups *groups)
{
	struct survey_groups seen = { 0 };

	for (uint32_t i = 0; i < findings->set->host_count && findings->error == 0; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		const uint64_t key = key_of(family, findings->set, host);

		if (host->outcome < family->first || survey_groups_find(&seen, key) != NULL)
			continue;
		if (survey_groups_at(&seen, key) == NULL)
			findings->error = ERROR_MEMORY;
		put_family(findings, table, family, host, survey_groups_find(groups, key));
	}
	survey_groups_clear(&seen);
}

static void
add_family(struct findings *findings, const struct family *family)
{
	struct table *table =
		findings_new_table(findings, family->name, family->title, family->note);
	struct survey_groups groups = { 0 };
	size_t choices = 0;

	for (; family->choices[choices].key != NULL; choices++)
		table_column(table, family->choices[choices].key, family->choices[choices].heading,
			COLUMN_TEXT);
	table_column(table, "hosts", "addresses", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	table_column(table, "right", "right answer", COLUMN_COUNT);
	count_families(findings, family, &groups);
	put_families(findings, table, family, &groups);
	survey_groups_clear(&groups);
	(void)table_sort(table, choices);
}

void
findings_add_software(struct findings *findings)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		add_family(findings, &families[i]);
}
