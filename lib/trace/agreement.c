/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "trace/agreement.h"
#include "trace/answer_variants.h"
#include "trace/delegation_check.h"
#include "trace/server_check.h"

#define SOA_TAIL_BYTES 20 /* serial, refresh, retry, expire, minimum */

bool
agreement_serial_before(uint32_t a, uint32_t b)
{
	return a != b && b - a < 0x80000000U;
}

static const struct dns_record *
soa_of(const struct comparison *comparison, const struct probe *probe,
	const struct exchange **exchange_out)
{
	enum reply_class class = REPLY_EMPTY;

	*exchange_out = comparison_reply(comparison, probe, COMPARISON_SOA, &class);
	if (*exchange_out == NULL || class != REPLY_ANSWER)
		return NULL;
	return reply_class_find((*exchange_out)->walk, DNS_SECTION_ANSWER, &comparison->cut.zone,
		comparison_question_type(comparison, COMPARISON_SOA));
}

bool
agreement_serial(
	const struct comparison *comparison, const struct probe *probe, uint32_t *serial_out)
{
	const struct exchange *exchange;
	const struct dns_record *soa = soa_of(comparison, probe, &exchange);

	if (soa == NULL)
		return false;
	*serial_out =
		load_be32(exchange->walk->message + soa->data + soa->data_length - SOA_TAIL_BYTES);
	return true;
}

static void
judge_serials(const struct comparison *comparison, struct finding_list *findings)
{
	uint32_t newest = 0;
	bool has_newest = false;
	uint32_t serial = 0;

	for (size_t i = 0; i < comparison->probe_count; i++) {
		if (agreement_serial(comparison, &comparison->probes[i], &serial) &&
			(!has_newest || agreement_serial_before(newest, serial))) {
			newest = serial;
			has_newest = true;
		}
	}
	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct probe *probe = &comparison->probes[i];
		if (agreement_serial(comparison, probe, &serial) && serial != newest)
			finding_add(findings, FINDING_SERIALS_DIFFER, &comparison->cut.zone,
				&comparison->cut.servers[probe->server].name, &probe->address,
				"serial %u, the newest is %u", serial, newest);
	}
}

/* The primary server by word of the first server that has the zone is what the others are held against. */
static void
judge_mnames(const struct comparison *comparison, struct finding_list *findings)
{
	struct dns_name first = { .length = 0 };
	char first_text[DNS_NAME_TEXT_BYTES];
	bool is_listed = false;

	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct probe *probe = &comparison->probes[i];
		const struct exchange *exchange;
		const struct dns_record *soa = soa_of(comparison, probe, &exchange);
		struct dns_name mname = { .length = 0 };
		char text[DNS_NAME_TEXT_BYTES];

		if (soa == NULL)
			continue;
		reply_class_target(exchange->walk, soa, &mname);
		dns_name_format(&mname, text);
		if (first.length == 0) {
			first = mname;
			dns_name_format(&first, first_text);
			for (size_t j = 0; j < comparison->cut.server_count; j++)
				is_listed |=
					dns_name_equal(&comparison->cut.servers[j].name, &mname);
			if (!is_listed && mname.length > 1)
				finding_add(findings, FINDING_MNAME_NOT_LISTED,
					&comparison->cut.zone, &mname, NULL, "%.120s", "");
		} else if (!dns_name_equal(&first, &mname)) {
			finding_add(findings, FINDING_MNAMES_DIFFER, &comparison->cut.zone,
				&comparison->cut.servers[probe->server].name, &probe->address,
				"%.150s, others %.150s", text, first_text);
		}
	}
}

static void
judge_transports(const struct comparison *comparison, const struct answer_variants *variants,
	struct finding_list *findings)
{
	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct answer_variant *udp = answer_variants_of(variants, i, EXCHANGE_UDP);
		const struct answer_variant *tcp = answer_variants_of(variants, i, EXCHANGE_TCP);
		char text[FINDING_DETAIL_BYTES / 2];

		if (udp == NULL || tcp == NULL || udp == tcp)
			continue;
		answer_variant_describe(tcp, text, sizeof(text));
		finding_add(findings, FINDING_UDP_TCP_DIFFER, &comparison->cut.zone,
			&comparison->cut.servers[comparison->probes[i].server].name,
			&comparison->probes[i].address, "over TCP: %s", text);
	}
}

/* Those that do not say what most say. */
static void
judge_question(const struct comparison *comparison, enum comparison_question question,
	enum finding_kind kind, struct answer_variants *variants, struct finding_list *findings)
{
	const struct answer_variant *largest = answer_variants_largest(variants);
	char mine[FINDING_DETAIL_BYTES / 2 - 8];
	char theirs[FINDING_DETAIL_BYTES / 2 - 8];

	if (variants->count < 2)
		return;
	answer_variant_describe(largest, theirs, sizeof(theirs));
	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct answer_variant *variant =
			answer_variants_of(variants, i, EXCHANGE_UDP);
		if (variant == NULL)
			variant = answer_variants_of(variants, i, EXCHANGE_TCP);
		if (variant == NULL || variant == largest)
			continue;
		answer_variant_describe(variant, mine, sizeof(mine));
		finding_add(findings, kind, &comparison->cut.zone,
			&comparison->cut.servers[comparison->probes[i].server].name,
			&comparison->probes[i].address, "%s; others: %s", mine, theirs);
	}
	if (question == COMPARISON_NAME)
		judge_transports(comparison, variants, findings);
}

static int
judge_answers(const struct comparison *comparison, struct finding_list *findings)
{
	static const enum finding_kind kinds[] = {
		[COMPARISON_NS] = FINDING_NS_SETS_DIFFER,
		[COMPARISON_NAME] = FINDING_ANSWERS_DIFFER,
	};
	static const enum comparison_question questions[] = { COMPARISON_NS, COMPARISON_NAME };
	struct answer_variants *variants = malloc(sizeof(*variants));
	int error = variants == NULL ? ERROR_MEMORY : 0;

	for (size_t i = 0; i < 2 && error == 0; i++) {
		/* Where the zone's own NS or SOA was asked for, it has been judged already. */
		if (questions[i] == COMPARISON_NAME &&
			(!comparison->has_name ||
				(dns_name_equal(&comparison->name, &comparison->cut.zone) &&
					(comparison->type == comparison_question_type(
								     comparison, COMPARISON_NS) ||
						comparison->type ==
							comparison_question_type(
								comparison, COMPARISON_SOA)))))
			continue;
		error = answer_variants_make(comparison, questions[i], variants);
		if (error == 0)
			judge_question(
				comparison, questions[i], kinds[questions[i]], variants, findings);
		answer_variants_clear(variants);
	}
	free(variants);
	return error;
}

int
agreement_judge(const struct comparison *comparison, agreement_asn asn, void *asn_context,
	struct finding_list *findings)
{
	for (size_t i = 0; i < comparison->probe_count; i++)
		server_check_probe(comparison, &comparison->probes[i], findings);
	for (size_t i = 0; i < comparison->cut.server_count; i++)
		server_check_name(comparison, i, findings);
	delegation_check(comparison, findings);
	delegation_check_spread(comparison, asn, asn_context, findings);
	judge_serials(comparison, findings);
	judge_mnames(comparison, findings);
	int error = judge_answers(comparison, findings);
	return findings->out_of_memory ? ERROR_MEMORY : error;
}
