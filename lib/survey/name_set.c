/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/ipv4.h"
#include "survey/name_set.h"

static uint32_t
ptr_name(const struct name_book *names, uint32_t address)
{
	const struct lookup_entry *entry =
		names == NULL ? NULL : name_book_find(names, LOOKUP_PTR, address);

	return entry != NULL && entry->count > 0 ? names->values[entry->first] : TEXT_NONE;
}

bool
name_set_name(const struct survey_set *set, const struct name_book *names,
	const struct survey_host *host, uint32_t i, uint32_t *name_out)
{
	const struct survey_certificate *leaf = survey_certificate_of(set, host);

	*name_out = TEXT_NONE;
	if (i == 0) {
		*name_out = ptr_name(names, host->address);
		return true;
	}
	if (leaf == NULL || i > NAME_SET_NAMES || (i > 1 && i - 2 >= leaf->name_count))
		return false;
	*name_out = i == 1 ? leaf->common_name : set->names[leaf->first_name + i - 2];
	return true;
}

/* What no answer came to may yet point back, so it forbids any verdict but a good one. */
static bool
is_open(const struct survey_set *set, const struct name_book *names, uint32_t name)
{
	const struct lookup_entry *entry = name_book_find(names, LOOKUP_A, name);

	return (entry == NULL || entry->status == LOOKUP_UNKNOWN) &&
	       name_book_is_askable(survey_text(set, name));
}

enum name_verdict
name_set_judge(
	const struct survey_set *set, const struct name_book *names, const struct survey_host *host)
{
	bool was_answered = false;
	bool exists = false;
	bool is_unsure = name_book_find(names, LOOKUP_PTR, host->address) == NULL;
	uint32_t name;

	for (uint32_t i = 0; name_set_name(set, names, host, i, &name); i++) {
		const struct lookup_entry *entry =
			name == TEXT_NONE ? NULL : name_book_find(names, LOOKUP_A, name);

		is_unsure |= name != TEXT_NONE && is_open(set, names, name);
		if (entry == NULL || entry->status == LOOKUP_UNKNOWN)
			continue;
		was_answered = true;
		exists |= entry->status == LOOKUP_FOUND;
		if (name_book_points_to(names, name, host->address))
			return NAME_VERDICT_GOOD;
	}
	if (!was_answered || is_unsure)
		return NAME_VERDICT_UNKNOWN;
	return exists ? NAME_VERDICT_ELSEWHERE : NAME_VERDICT_NOWHERE;
}

static void
name_key(const struct survey_host *host, uint32_t i, char key[32])
{
	if (i == 0)
		(void)snprintf(key, 32, "rdns");
	else if (i == 1)
		(void)snprintf(key, 32, "p%udn", host->port);
	else
		(void)snprintf(key, 32, "p%usan%u", host->port, i - 1);
}

/* What the DNS says of the name, where it was asked: the address it has, and whether it is ours. */
static void
put_lookup(struct out_file *out, const struct name_book *names, const char *key, uint32_t name,
	uint32_t address)
{
	const struct lookup_entry *entry =
		names == NULL ? NULL : name_book_find(names, LOOKUP_A, name);
	char text[IPV4_TEXT_SIZE];

	if (entry == NULL)
		return;
	const bool is_ours = name_book_points_to(names, name, address);
	if (entry->count > 0)
		out_format(out, ",\"%s-ip\":\"%s\"", key,
			ipv4_format(is_ours ? address : names->values[entry->first], text));
	out_format(out, ",\"%s-seen\":%s", key, is_ours ? "true" : "false");
}

void
name_set_write(struct out_file *out, const struct survey_set *set, const struct name_book *names,
	const struct survey_host *host)
{
	const enum name_verdict verdict =
		names == NULL ? NAME_VERDICT_UNKNOWN : name_set_judge(set, names, host);
	char key[32];
	uint32_t name;

	out_format(out, "{\"allbad\":%s,\"besty\":[",
		verdict == NAME_VERDICT_NOWHERE ? "true" : "false");
	bool is_first = true;
	for (uint32_t i = 0; names != NULL && name_set_name(set, names, host, i, &name); i++) {
		if (name == TEXT_NONE || !name_book_points_to(names, name, host->address))
			continue;
		name_key(host, i, key);
		out_format(out, "%s\"%s\"", is_first ? "" : ",", key);
		is_first = false;
	}
	out_text(out, "]");
	for (uint32_t i = 0; name_set_name(set, names, host, i, &name); i++) {
		if (name == TEXT_NONE)
			continue;
		name_key(host, i, key);
		out_format(out, ",\"%s\":", key);
		out_json(out, survey_text(set, name));
		put_lookup(out, names, key, name, host->address);
	}
	out_text(out, "}");
}
