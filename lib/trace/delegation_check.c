/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/delegation_check.h"
#include "dns/dns_rdata.h"

/* The names that one server of the zone above delegates to, as bits by their place among cut.servers; 0: it does not delegate. */
static uint32_t
names_of(const struct comparison *comparison, const struct exchange *exchange)
{
	uint32_t names = 0;

	if (exchange->status != EXCHANGE_REPLIED)
		return 0;
	const enum reply_class class = reply_class_of(&exchange->meaning, &comparison->cut.parent);
	if (class != REPLY_REFERRAL && class != REPLY_AA_REFERRAL)
		return 0;
	for (size_t i = 0; i < exchange->walk->record_count; i++) {
		const struct dns_record *record = &exchange->walk->records[i];
		struct dns_name name = { .length = 0 };

		if (record->section != DNS_SECTION_AUTHORITY || record->type != DNS_TYPE_NS)
			continue;
		reply_class_target(exchange->walk, record, &name);
		for (size_t j = 0; j < comparison->cut.server_count; j++) {
			if (dns_name_equal(&comparison->cut.servers[j].name, &name))
				names |= 1U << j;
		}
	}
	return names;
}

/* What most of them delegate to. */
static uint32_t
common_names(const struct comparison *comparison)
{
	uint32_t best = 0;
	size_t best_count = 0;

	for (size_t i = 0; i < comparison->view_count; i++) {
		const uint32_t names = names_of(comparison, comparison->views[i].exchange);
		size_t count = 0;
		for (size_t j = 0; names != 0 && j < comparison->view_count; j++)
			count += names_of(comparison, comparison->views[j].exchange) == names;
		if (count > best_count) {
			best = names;
			best_count = count;
		}
	}
	return best;
}

static bool
has_own_names(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->cut.server_count; i++) {
		if (comparison->cut.servers[i].is_in_child)
			return true;
	}
	return false;
}

void
delegation_check(const struct comparison *comparison, struct finding_list *findings)
{
	const struct zone_cut *cut = &comparison->cut;
	const uint32_t common = common_names(comparison);

	for (size_t i = 0; i < comparison->view_count; i++) {
		const struct parent_view *view = &comparison->views[i];
		const uint32_t names = names_of(comparison, view->exchange);
		if (names != 0 && names != common)
			finding_add(findings, FINDING_PARENT_SERVERS_DIFFER, &cut->zone,
				&view->server, &view->address, "%d names, others %d",
				__builtin_popcount(names), __builtin_popcount(common));
	}
	/* Without a delegation seen, or without the zone's own word, there is nothing to hold it against. */
	if (common == 0 || !has_own_names(comparison))
		return;
	for (size_t i = 0; i < cut->server_count; i++) {
		const struct cut_server *server = &cut->servers[i];
		if (!server->is_in_child)
			finding_add(findings, FINDING_NS_ONLY_AT_PARENT, &cut->zone, &server->name,
				NULL, "%s", "");
		else if (!server->is_in_parent)
			finding_add(findings, FINDING_NS_ONLY_AT_CHILD, &cut->zone, &server->name,
				NULL, "%s", "");
	}
}

static void
check_prefix(const struct comparison *comparison, uint8_t family, struct finding_list *findings)
{
	const struct probe *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct probe *probe = &comparison->probes[i];
		if (probe->address.family != family)
			continue;
		if (first == NULL)
			first = probe;
		else if (!trace_address_same_prefix(&first->address, &probe->address))
			return;
		count++;
	}
	if (count > 1)
		finding_add(findings, FINDING_SAME_PREFIX, &comparison->cut.zone,
			&comparison->cut.servers[first->server].name, &first->address,
			"%zu IPv%u addresses", count, family);
}

static void
check_as(const struct comparison *comparison, agreement_asn asn, void *asn_context,
	struct finding_list *findings)
{
	const struct probe *first = &comparison->probes[0];
	const uint32_t number =
		comparison->probe_count == 0 ? 0 : asn(asn_context, &first->address);

	if (number == 0 || comparison->probe_count < 2)
		return;
	for (size_t i = 1; i < comparison->probe_count; i++) {
		if (asn(asn_context, &comparison->probes[i].address) != number)
			return;
	}
	finding_add(findings, FINDING_SAME_AS, &comparison->cut.zone,
		&comparison->cut.servers[first->server].name, &first->address, "AS%u", number);
}

void
delegation_check_spread(const struct comparison *comparison, agreement_asn asn, void *asn_context,
	struct finding_list *findings)
{
	const struct zone_cut *cut = &comparison->cut;

	if (cut->server_count == 1)
		finding_add(findings, FINDING_FEW_SERVERS, &cut->zone, &cut->servers[0].name, NULL,
			"%s", "");
	check_prefix(comparison, 4, findings);
	check_prefix(comparison, 6, findings);
	if (asn != NULL)
		check_as(comparison, asn, asn_context, findings);
	if (cut->was_cut_off && cut->server_count > 0)
		finding_add(findings, FINDING_TOO_MANY, &cut->zone, &cut->servers[0].name, NULL,
			"%zu servers kept", cut->server_count);
}
