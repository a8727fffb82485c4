/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "trace/answer_variants.h"

/* The data that counts: of the type asked for, or of the alias that stands in its place. */
static uint16_t
data_type(enum reply_class class, uint16_t asked)
{
	if (class == REPLY_ALIAS)
		return DNS_TYPE_CNAME;
	return class == REPLY_SUBTREE_ALIAS ? DNS_TYPE_DNAME : asked;
}

static bool has_data(enum reply_class class)
{
	return class == REPLY_ANSWER || class == REPLY_ALIAS || class == REPLY_SUBTREE_ALIAS;
}

static int
collect(const struct dns_walk *walk, const struct dns_name *name, uint16_t type,
	struct dns_rdata_set *set, uint32_t *ttl)
{
	uint8_t rdata[DNS_RDATA_BYTES(QUERY_MESSAGE_REPLY_MAX)];
	int error = 0;

	for (size_t i = 0; i < walk->record_count && error == 0; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };

		if (record->section != DNS_SECTION_ANSWER || record->type != type)
			continue;
		dns_walk_owner(walk, record, &owner);
		if (type != DNS_TYPE_DNAME && !dns_name_equal(&owner, name))
			continue;
		if (set->count == 0 || record->ttl < *ttl)
			*ttl = record->ttl;
		const size_t length = dns_walk_rdata(walk, record, rdata);
		dns_rdata_fold(type, rdata, length);
		error = dns_rdata_set_add(set, rdata, length);
	}
	return error;
}

static struct answer_variant *
find_variant(struct answer_variants *variants, const struct answer_variant *wanted)
{
	for (size_t i = 0; i < variants->count; i++) {
		struct answer_variant *variant = &variants->variants[i];
		if (variant->class == wanted->class && variant->type == wanted->type &&
			dns_rdata_set_equal(&variant->set, &wanted->set))
			return variant;
	}
	return NULL;
}

static int
add_reply(struct answer_variants *variants, const struct comparison *comparison,
	enum comparison_question question, size_t probe, enum exchange_transport transport)
{
	const struct exchange *exchange = comparison->probes[probe].exchanges[transport][question];
	const struct dns_name *name = comparison_question_name(comparison, question);
	const uint16_t asked = comparison_question_type(comparison, question);
	struct answer_variant wanted = { .holder_count = 0 };
	uint32_t ttl = 0;
	int error = 0;

	if (exchange == NULL || exchange->status != EXCHANGE_REPLIED)
		return 0;
	wanted.class = reply_class_of(&exchange->meaning, &comparison->cut.zone);
	if (!reply_class_is_useful(wanted.class))
		return 0;
	wanted.type = data_type(wanted.class, asked);
	if (has_data(wanted.class))
		error = collect(exchange->walk, name, wanted.type, &wanted.set, &ttl);
	struct answer_variant *variant = find_variant(variants, &wanted);
	if (error == 0 && variant == NULL && variants->count < ANSWER_VARIANTS_MAX) {
		variant = &variants->variants[variants->count++];
		*variant = wanted;
		wanted.set = (struct dns_rdata_set){ .values = NULL };
	}
	dns_rdata_set_clear(&wanted.set);
	if (variant != NULL)
		variant->holders[variant->holder_count++] =
			(struct answer_holder){ probe, transport, ttl };
	variants->was_cut_off |= variant == NULL;
	return error;
}

int
answer_variants_make(const struct comparison *comparison, enum comparison_question question,
	struct answer_variants *variants_out)
{
	int error = 0;

	memset(variants_out, 0, sizeof(*variants_out));
	for (size_t i = 0; i < comparison->probe_count; i++) {
		if (!comparison_is_authoritative(comparison, &comparison->probes[i]))
			continue;
		for (int transport = EXCHANGE_UDP; transport <= EXCHANGE_TCP && error == 0;
			transport++)
			error = add_reply(variants_out, comparison, question, i,
				(enum exchange_transport)transport);
	}
	return error;
}

void
answer_variants_clear(struct answer_variants *variants)
{
	for (size_t i = 0; i < variants->count; i++)
		dns_rdata_set_clear(&variants->variants[i].set);
	variants->count = 0;
}

const struct answer_variant *
answer_variants_largest(const struct answer_variants *variants)
{
	const struct answer_variant *largest = NULL;

	for (size_t i = 0; i < variants->count; i++) {
		if (largest == NULL || variants->variants[i].holder_count > largest->holder_count)
			largest = &variants->variants[i];
	}
	return largest;
}

const struct answer_variant *
answer_variants_of(
	const struct answer_variants *variants, size_t probe, enum exchange_transport transport)
{
	for (size_t i = 0; i < variants->count; i++) {
		const struct answer_variant *variant = &variants->variants[i];
		for (size_t j = 0; j < variant->holder_count; j++) {
			if (variant->holders[j].probe == probe &&
				variant->holders[j].transport == transport)
				return variant;
		}
	}
	return NULL;
}

const char *
answer_type_name(uint16_t type, char *text)
{
	char *name = ldns_rr_type2str((ldns_rr_type)type);

	(void)snprintf(text, ANSWER_TYPE_BYTES, "%s", name == NULL ? "" : name);
	free(name);
	return text;
}

void
answer_variant_describe(const struct answer_variant *variant, char *text, size_t size)
{
	char type[ANSWER_TYPE_BYTES];
	size_t length = 0;

	if (!has_data(variant->class)) {
		(void)snprintf(text, size, "%s", reply_class_name(variant->class));
		return;
	}
	(void)snprintf(text, size, "%s", answer_type_name(variant->type, type));
	for (size_t i = 0; i < variant->set.count; i++) {
		char *data = dns_rdata_format(
			variant->type, variant->set.values[i].bytes, variant->set.values[i].length);
		length = strlen(text);
		(void)snprintf(text + length, size - length, "%s%s", i == 0 ? " " : ", ",
			data == NULL ? "?" : data);
		free(data);
	}
}
