/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/zone_settling.h"
#include "dns/dns_rdata.h"
#include "trace/name_tree.h"

enum settling { SETTLING_PENDING, SETTLING_UNKNOWN, SETTLING_KNOWN };

/* One more question to the server of the last step. */
static const struct exchange *
ask_again(struct resolver *resolver, const struct resolution *resolution,
	const struct dns_name *name, uint16_t type)
{
	const struct resolver_step *last = &resolution->steps[resolution->step_count - 1];

	return inquiry_ask(
		resolver->inquiry, &last->address, name, type, last->exchange->transport);
}

static enum settling
state_of(const struct exchange *exchange)
{
	if (exchange == NULL)
		return SETTLING_UNKNOWN;
	if (exchange->status == EXCHANGE_PENDING)
		return SETTLING_PENDING;
	return exchange->walk == NULL ? SETTLING_UNKNOWN : SETTLING_KNOWN;
}

/* The name at which the zone starts. */
static enum settling
find_start(struct resolver *resolver, const struct resolution *resolution,
	const struct dns_name *name, const struct dns_name *zone, struct dns_name *start_out)
{
	const struct exchange *exchange = resolution->last;
	const struct dns_record *soa =
		reply_class_find(exchange->walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_SOA);

	if (soa == NULL && dns_name_equal(name, zone))
		return SETTLING_UNKNOWN;
	if (soa == NULL) {
		exchange = ask_again(resolver, resolution, name, DNS_TYPE_SOA);
		const enum settling state = state_of(exchange);
		if (state != SETTLING_KNOWN)
			return state;
		soa = reply_class_find(exchange->walk, DNS_SECTION_ANSWER, name, DNS_TYPE_SOA);
	}
	if (soa == NULL)
		soa = reply_class_find(exchange->walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_SOA);
	if (soa == NULL)
		return SETTLING_UNKNOWN;
	dns_walk_owner(exchange->walk, soa, start_out);
	return SETTLING_KNOWN;
}

bool
zone_settling_done(struct resolver *resolver, const struct resolution *resolution,
	const struct dns_name *name, const struct zone_cut **cut)
{
	struct dns_name start = { .length = 0 };
	const enum settling found = find_start(resolver, resolution, name, &(*cut)->zone, &start);

	if (found != SETTLING_KNOWN || !name_tree_is_below(&start, &(*cut)->zone) ||
		!name_tree_is_within(name, &start))
		return found != SETTLING_PENDING;
	const struct zone_cut *known = resolver_cut(resolver, &start);
	if (known != NULL) {
		*cut = known;
		return true;
	}
	const struct exchange *names = ask_again(resolver, resolution, &start, DNS_TYPE_NS);
	const enum settling state = state_of(names);
	if (state != SETTLING_KNOWN)
		return state != SETTLING_PENDING;
	struct zone_cut *child = resolver_add_cut(resolver, &start, &(*cut)->zone);
	if (child == NULL)
		return true;
	zone_cut_take_names(child, names->walk, DNS_SECTION_ANSWER, false);
	zone_cut_take_glue(child, names->walk, &(*cut)->zone);
	*cut = child;
	return true;
}
