/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/reply_class.h"
#include "dns/dns_rdata.h"
#include "record/observation.h"
#include "trace/name_tree.h"

#define CLASS_IN       1
#define RCODE_SERVFAIL 2
#define RCODE_NXDOMAIN 3
#define RCODE_REFUSED  5

const struct dns_record *
reply_class_find(const struct dns_walk *walk, enum dns_section section,
	const struct dns_name *owner, uint16_t type)
{
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name name = { .length = 0 };

		if (record->section != section || record->type != type || record->class != CLASS_IN)
			continue;
		if (owner == NULL)
			return record;
		dns_walk_owner(walk, record, &name);
		if (dns_name_equal(&name, owner))
			return record;
	}
	return NULL;
}

void
reply_class_target(
	const struct dns_walk *walk, const struct dns_record *record, struct dns_name *name_out)
{
	size_t at = record->data;

	/* The walk has read it once. */
	(void)dns_name_read(walk->message, record->data + record->data_length, &at, name_out);
}

/* A DNAME whose owner is above the name. */
static bool
has_subtree_alias(const struct dns_walk *walk, const struct dns_name *name)
{
	const struct dns_record *record =
		reply_class_find(walk, DNS_SECTION_ANSWER, NULL, DNS_TYPE_DNAME);
	struct dns_name owner = { .length = 0 };

	if (record == NULL)
		return false;
	dns_walk_owner(walk, record, &owner);
	return name_tree_is_below(name, &owner);
}

/* A reply without an answer: what its authority section says. */
static void
read_authority(
	const struct dns_walk *walk, const struct dns_name *name, struct reply_meaning *meaning)
{
	const bool is_authoritative = (walk->flags & DNS_FLAG_AA) != 0;
	const struct dns_record *soa =
		reply_class_find(walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_SOA);
	const struct dns_record *ns =
		reply_class_find(walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_NS);
	struct dns_name owner = { .length = 0 };

	meaning->class = REPLY_EMPTY;
	if (soa != NULL) {
		dns_walk_owner(walk, soa, &owner);
		if (name_tree_is_within(name, &owner))
			meaning->class = is_authoritative ? REPLY_NO_DATA : REPLY_NOT_AUTHORITATIVE;
	} else if (ns != NULL) {
		meaning->is_referral = true;
		dns_walk_owner(walk, ns, &meaning->referred);
		if (name_tree_is_within(name, &meaning->referred))
			meaning->class = is_authoritative ? REPLY_AA_REFERRAL : REPLY_REFERRAL;
	}
}

void
reply_class_read(const struct dns_walk *walk, const struct dns_name *name, uint16_t type,
	struct reply_meaning *meaning_out)
{
	const bool is_authoritative = (walk->flags & DNS_FLAG_AA) != 0;

	*meaning_out = (struct reply_meaning){ .class = REPLY_OTHER_RCODE };
	if (walk->rcode == RCODE_REFUSED)
		meaning_out->class = REPLY_REFUSES;
	else if (walk->rcode == RCODE_SERVFAIL)
		meaning_out->class = REPLY_SERVER_FAILS;
	if (walk->rcode != 0 && walk->rcode != RCODE_NXDOMAIN)
		return;
	const bool has_alias =
		reply_class_find(walk, DNS_SECTION_ANSWER, name, DNS_TYPE_CNAME) != NULL;
	const bool has_answer = reply_class_find(walk, DNS_SECTION_ANSWER, name, type) != NULL;
	/* The rcode belongs to the end of the chain that begins with the alias. */
	if (!is_authoritative && (has_answer || has_alias || walk->rcode == RCODE_NXDOMAIN))
		meaning_out->class = REPLY_NOT_AUTHORITATIVE;
	else if (has_answer)
		meaning_out->class = REPLY_ANSWER;
	else if (has_subtree_alias(walk, name))
		meaning_out->class =
			is_authoritative ? REPLY_SUBTREE_ALIAS : REPLY_NOT_AUTHORITATIVE;
	else if (has_alias)
		meaning_out->class = REPLY_ALIAS;
	else if (walk->rcode == RCODE_NXDOMAIN)
		meaning_out->class = REPLY_NO_NAME;
	else
		read_authority(walk, name, meaning_out);
}

enum reply_class
reply_class_of(const struct reply_meaning *meaning, const struct dns_name *zone)
{
	if (!meaning->is_referral)
		return meaning->class;
	if (name_tree_is_below(&meaning->referred, zone))
		return meaning->class;
	return name_tree_is_within(zone, &meaning->referred) ? REPLY_UPWARD : REPLY_EMPTY;
}

bool reply_class_is_useful(enum reply_class class)
{
	static const bool useful[] = {
#define X(name, key, is_useful, text) [REPLY_##name] = (is_useful),
		REPLY_CLASS_LIST(X)
#undef X
	};

	return useful[class];
}

const char *reply_class_name(enum reply_class class)
{
	static const char *const names[] = {
#define X(name, key, is_useful, text) [REPLY_##name] = (key),
		REPLY_CLASS_LIST(X)
#undef X
	};

	return names[class];
}

const char *reply_class_text(enum reply_class class)
{
	static const char *const texts[] = {
#define X(name, key, is_useful, text) [REPLY_##name] = (text),
		REPLY_CLASS_LIST(X)
#undef X
	};

	return texts[class];
}
