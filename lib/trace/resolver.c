/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "dns/dns_rdata.h"
#include "trace/name_tree.h"
#include "trace/resolver.h"
#include "trace/server_choice.h"
#include "trace/zone_settling.h"

#define REFERRALS_MAX 32 /* zones below each other on the way to one name */

void
resolver_init(struct resolver *resolver, struct inquiry *inquiry, const struct zone_cut *hints,
	bool asks_special)
{
	memset(resolver, 0, sizeof(*resolver));
	resolver->inquiry = inquiry;
	resolver->hints = hints;
	resolver->asks_special = asks_special;
}

void
resolver_clear(struct resolver *resolver)
{
	for (size_t i = 0; i < resolver->cut_count; i++)
		free(resolver->cuts[i]);
	for (size_t i = 0; i < resolver->host_count; i++)
		free(resolver->hosts[i]);
	resolver->cut_count = 0;
	resolver->host_count = 0;
}

bool
resolver_may_ask(const struct resolver *resolver, const struct trace_address *address)
{
	return resolver->asks_special || trace_address_special(address) == NULL;
}

struct zone_cut *
resolver_add_cut(
	struct resolver *resolver, const struct dns_name *zone, const struct dns_name *parent)
{
	if (resolver->cut_count == RESOLVER_CUTS_MAX)
		return NULL;
	struct zone_cut *cut = malloc(sizeof(*cut));
	if (cut == NULL) {
		resolver->out_of_memory = true;
		return NULL;
	}
	zone_cut_init(cut, zone, parent);
	resolver->cuts[resolver->cut_count++] = cut;
	return cut;
}

const struct zone_cut *
resolver_cut(const struct resolver *resolver, const struct dns_name *zone)
{
	for (size_t i = 0; i < resolver->cut_count; i++) {
		if (dns_name_equal(&resolver->cuts[i]->zone, zone))
			return resolver->cuts[i];
	}
	return NULL;
}

/* The deepest zone known that the name is in. The root is always known after priming. */
static const struct zone_cut *
enclosing_cut(const struct resolver *resolver, const struct dns_name *name)
{
	const struct zone_cut *best = NULL;

	for (size_t i = 0; i < resolver->cut_count; i++) {
		const struct zone_cut *cut = resolver->cuts[i];
		if (name_tree_is_within(name, &cut->zone) &&
			(best == NULL || cut->zone.length > best->zone.length))
			best = cut;
	}
	return best;
}

/* Root servers that came without addresses have those of the hints. */
static void
add_hinted_addresses(struct zone_cut *root, const struct zone_cut *hints)
{
	for (size_t i = 0; i < hints->server_count; i++) {
		const struct cut_server *hint = &hints->servers[i];
		for (size_t j = 0; j < root->server_count; j++) {
			struct cut_server *server = &root->servers[j];
			if (server->address_count > 0 ||
				!dns_name_equal(&server->name, &hint->name))
				continue;
			for (size_t k = 0; k < hint->address_count; k++)
				zone_cut_add_address(root, server, &hint->addresses[k]);
		}
	}
}

bool
resolver_prime(struct resolver *resolver)
{
	struct resolution *priming = &resolver->priming;
	const enum server_choice choice = server_choice_make(resolver, resolver->hints,
		&name_tree_root, DNS_TYPE_NS, priming, &priming->failure);

	priming->is_pending = choice == SERVER_CHOICE_PENDING;
	if (priming->is_pending)
		return false;
	struct zone_cut *root = resolver_add_cut(resolver, &name_tree_root, &name_tree_root);
	if (root == NULL)
		return true;
	if (choice == SERVER_CHOICE_NONE) {
		*root = *resolver->hints;
		return true;
	}
	const struct resolver_step *step = &priming->steps[priming->step_count - 1];
	priming->last = step->exchange;
	priming->class = step->class;
	zone_cut_take_names(root, step->exchange->walk, DNS_SECTION_ANSWER, true);
	zone_cut_take_glue(root, step->exchange->walk, &name_tree_root);
	add_hinted_addresses(root, resolver->hints);
	return true;
}

static bool
add_end(struct resolution *resolution, const struct dns_name *name, const struct zone_cut *cut)
{
	if (resolution->end_count == RESOLVER_ALIASES_MAX + 1)
		return false;
	resolution->ends[resolution->end_count++] = (struct resolution_end){ *name, cut };
	return true;
}

static void
fail(struct resolution *resolution, enum resolution_failure failure)
{
	resolution->is_pending = false;
	resolution->failure = failure;
}

/* The cut that a referral leads to; a zone that is known already is not learned again. */
static const struct zone_cut *
follow_referral(
	struct resolver *resolver, const struct zone_cut *cut, const struct exchange *exchange)
{
	const struct dns_record *ns =
		reply_class_find(exchange->walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_NS);
	struct dns_name zone = { .length = 0 };

	dns_walk_owner(exchange->walk, ns, &zone);
	const struct zone_cut *known = resolver_cut(resolver, &zone);
	if (known != NULL)
		return known;
	struct zone_cut *child = resolver_add_cut(resolver, &zone, &cut->zone);
	if (child == NULL)
		return NULL;
	zone_cut_take_names(child, exchange->walk, DNS_SECTION_AUTHORITY, true);
	zone_cut_take_glue(child, exchange->walk, &cut->zone);
	return child;
}

/* The name that an alias leads to. False if it cannot be one. */
static bool
follow_alias(const struct exchange *exchange, enum reply_class class, struct dns_name *name)
{
	const uint16_t type = class == REPLY_ALIAS ? DNS_TYPE_CNAME : DNS_TYPE_DNAME;
	const struct dns_record *record = reply_class_find(
		exchange->walk, DNS_SECTION_ANSWER, class == REPLY_ALIAS ? name : NULL, type);
	struct dns_name target = { .length = 0 };
	struct dns_name owner = { .length = 0 };

	reply_class_target(exchange->walk, record, &target);
	dns_walk_owner(exchange->walk, record, &owner);
	dns_name_fold(&target);
	if (class == REPLY_SUBTREE_ALIAS)
		return name_tree_substitute(name, &owner, &target, name);
	*name = target;
	return true;
}

static bool
was_seen(const struct resolution *resolution, const struct dns_name *name)
{
	for (size_t i = 0; i < resolution->end_count; i++) {
		if (dns_name_equal(&resolution->ends[i].name, name))
			return true;
	}
	return false;
}

/* Go on with the alias's target. Returns where, or NULL if the walk ends here. */
static const struct zone_cut *
turn_to_alias(struct resolver *resolver, struct resolution *resolution, struct dns_name *name)
{
	if (!follow_alias(resolution->last, resolution->class, name)) {
		fail(resolution, RESOLUTION_ALIAS_TOO_LONG);
		return NULL;
	}
	if (was_seen(resolution, name)) {
		fail(resolution, RESOLUTION_ALIAS_LOOP);
		return NULL;
	}
	if (resolution->end_count > RESOLVER_ALIASES_MAX) {
		fail(resolution, RESOLUTION_ALIAS_CHAIN);
		return NULL;
	}
	return enclosing_cut(resolver, name);
}

/* One level. Returns the cut to go on with, or NULL when pending or done. */
static const struct zone_cut *
walk_level(struct resolver *resolver, const struct zone_cut *cut, struct dns_name *name,
	uint16_t type, struct resolution *resolution)
{
	enum resolution_failure failure = RESOLUTION_NONE;
	const enum server_choice choice =
		server_choice_make(resolver, cut, name, type, resolution, &failure);

	resolution->is_pending = choice == SERVER_CHOICE_PENDING;
	if (resolution->is_pending)
		return NULL;
	if (choice == SERVER_CHOICE_NONE || resolution->step_count == RESOLVER_STEPS_MAX) {
		(void)add_end(resolution, name, cut);
		fail(resolution, failure == RESOLUTION_NONE ? RESOLUTION_LIMITED : failure);
		return NULL;
	}
	const struct resolver_step *step = &resolution->steps[resolution->step_count - 1];
	resolution->last = step->exchange;
	resolution->class = step->class;
	if (step->class == REPLY_REFERRAL || step->class == REPLY_AA_REFERRAL) {
		const struct zone_cut *child = follow_referral(resolver, cut, step->exchange);
		if (child == NULL)
			fail(resolution, RESOLUTION_LIMITED);
		return child;
	}
	/* The address of a server is the same whatever zone it is in. */
	if (resolver->depth == 0 && !zone_settling_done(resolver, resolution, name, &cut)) {
		resolution->is_pending = true;
		return NULL;
	}
	(void)add_end(resolution, name, cut);
	if (step->class == REPLY_ALIAS || step->class == REPLY_SUBTREE_ALIAS)
		return turn_to_alias(resolver, resolution, name);
	return NULL;
}

void
resolver_walk(struct resolver *resolver, const struct dns_name *name, uint16_t type,
	struct resolution *resolution_out)
{
	struct dns_name current = *name;
	const struct zone_cut *cut = enclosing_cut(resolver, name);

	memset(resolution_out, 0, sizeof(*resolution_out));
	for (unsigned int i = 0; cut != NULL; i++) {
		if (i == REFERRALS_MAX * 2) {
			fail(resolution_out, RESOLUTION_LIMITED);
			return;
		}
		cut = walk_level(resolver, cut, &current, type, resolution_out);
	}
}

const char *
resolution_failure_name(enum resolution_failure failure)
{
	static const char *const names[] = {
#define X(name, key, text) [RESOLUTION_##name] = (key),
		RESOLUTION_FAILURE_LIST(X)
#undef X
	};

	return names[failure];
}

const char *
resolution_failure_text(enum resolution_failure failure)
{
	static const char *const texts[] = {
#define X(name, key, text) [RESOLUTION_##name] = (text),
		RESOLUTION_FAILURE_LIST(X)
#undef X
	};

	return texts[failure];
}
