/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "trace/host.h"
#include "trace/server_choice.h"

#define CANDIDATES_MAX 32 /* the root has 26 */
#define HOST_CANDIDATES_MAX \
	8 /* for the address of a server: a zone with many useless servers must not make us ask all of them for all of theirs */

struct candidate {
	const struct cut_server *server;
	struct trace_address address;
	uint64_t rank;
};

struct candidate_list {
	struct candidate items[CANDIDATES_MAX];
	size_t count;
};

/* What is asked, and where the results go. */
struct choice {
	struct resolver *resolver;
	const struct zone_cut *cut;
	const struct dns_name *name;
	uint16_t type;
	struct resolution *resolution;
	bool is_pending;
	bool was_limited;
	bool is_circular;
};

static int
compare_ranks(const void *left, const void *right)
{
	const uint64_t a = ((const struct candidate *)left)->rank;
	const uint64_t b = ((const struct candidate *)right)->rank;

	return (a > b) - (a < b);
}

static void
add_candidates(const struct resolver *resolver, const struct cut_server *server,
	const struct trace_address *addresses, size_t count, struct candidate_list *list)
{
	for (size_t i = 0; i < count && list->count < CANDIDATES_MAX; i++) {
		if (!resolver_may_ask(resolver, &addresses[i]))
			continue;
		list->items[list->count++] = (struct candidate){
			.server = server,
			.address = addresses[i],
			.rank = siphash(&resolver->inquiry->settings.key, addresses[i].bytes,
				sizeof(addresses[i].bytes)),
		};
	}
}

static void
add_step(struct choice *choice, const struct candidate *candidate, const struct exchange *exchange)
{
	struct resolution *resolution = choice->resolution;

	if (resolution->step_count == RESOLVER_STEPS_MAX)
		return;
	struct resolver_step *step = &resolution->steps[resolution->step_count++];
	*step = (struct resolver_step){
		.cut = choice->cut,
		.server = candidate->server->name,
		.address = candidate->address,
		.exchange = exchange,
	};
	if (exchange->walk != NULL)
		step->class = reply_class_of(&exchange->meaning, &choice->cut->zone);
}

static bool
is_useful(const struct choice *choice, const struct exchange *exchange)
{
	return exchange->status == EXCHANGE_REPLIED &&
	       reply_class_is_useful(reply_class_of(&exchange->meaning, &choice->cut->zone));
}

/* Over TCP only where UDP brought nothing at all. */
static bool
is_worth_asking(const struct choice *choice, const struct trace_address *address,
	enum exchange_transport transport)
{
	if (transport == EXCHANGE_UDP)
		return true;
	const struct exchange *udp = inquiry_find(
		choice->resolver->inquiry, address, choice->name, choice->type, EXCHANGE_UDP);
	return udp != NULL && (udp->status == EXCHANGE_SILENT || udp->status == EXCHANGE_REFUSED);
}

/*
 * The start of the zone that the name is in, of the same server and at the same time: if the walk ends here that is the next thing to
 * know (zone_settling.h), and would cost one more round trip.
 */
static void
ask_for_start(const struct choice *choice, const struct trace_address *address,
	enum exchange_transport transport)
{
	if (choice->resolver->depth == 0 && choice->cut->zone.length > 1 &&
		!dns_name_equal(choice->name, &choice->cut->zone))
		(void)inquiry_ask(
			choice->resolver->inquiry, address, choice->name, DNS_TYPE_SOA, transport);
}

/* What was asked so far, and the next one where that is due. */
static void
ask_in_order(struct choice *choice, const struct candidate_list *list,
	enum exchange_transport transport, const struct exchange **asked)
{
	struct inquiry *inquiry = choice->resolver->inquiry;
	const size_t ask_max = choice->resolver->depth > 0 ? HOST_CANDIDATES_MAX : CANDIDATES_MAX;
	size_t asked_count = 0;
	bool may_ask = true;

	for (size_t i = 0; i < list->count; i++) {
		const struct trace_address *address = &list->items[i].address;
		asked[i] = inquiry_find(inquiry, address, choice->name, choice->type, transport);
		if (asked[i] == NULL && may_ask && is_worth_asking(choice, address, transport)) {
			asked[i] = inquiry_ask(
				inquiry, address, choice->name, choice->type, transport);
			choice->was_limited |= asked[i] == NULL;
			ask_for_start(choice, address, transport);
		}
		if (asked[i] == NULL)
			continue;
		may_ask = may_ask && ++asked_count < ask_max;
		if (asked[i]->status == EXCHANGE_PENDING)
			may_ask = may_ask && asked[i]->attempt > 0;
		else if (is_useful(choice, asked[i]))
			may_ask = false;
	}
}

/* Returns the useful exchange that ended first, or NULL. */
static const struct exchange *
ask_candidates(
	struct choice *choice, const struct candidate_list *list, enum exchange_transport transport)
{
	const struct exchange *asked[CANDIDATES_MAX] = { NULL };
	const struct exchange *best = NULL;
	size_t best_at = 0;

	ask_in_order(choice, list, transport, asked);
	for (size_t i = 0; i < list->count; i++) {
		if (asked[i] == NULL)
			continue;
		choice->is_pending |= asked[i]->status == EXCHANGE_PENDING;
		if (is_useful(choice, asked[i]) &&
			(best == NULL || asked[i]->sequence < best->sequence)) {
			best = asked[i];
			best_at = i;
		}
	}
	for (size_t i = 0; i < list->count; i++) {
		if (asked[i] != NULL && asked[i]->status != EXCHANGE_PENDING &&
			(best == NULL || asked[i]->sequence < best->sequence))
			add_step(choice, &list->items[i], asked[i]);
	}
	if (best != NULL)
		add_step(choice, &list->items[best_at], best);
	return best;
}

/* Servers without glue, one after the other: one address is enough to go on. */
static const struct exchange *
ask_without_glue(struct choice *choice, enum exchange_transport transport)
{
	for (size_t i = 0; i < choice->cut->server_count && !choice->is_pending; i++) {
		const struct cut_server *server = &choice->cut->servers[i];
		struct candidate_list list = { .count = 0 };

		if (server->address_count > 0)
			continue;
		const struct host *host = host_find(choice->resolver, &server->name);
		if (host == NULL)
			return NULL;
		choice->is_pending |= host->state == HOST_PENDING;
		choice->is_circular |=
			host->state == HOST_CIRCULAR || host->state == HOST_IN_PROGRESS;
		choice->was_limited |= host->state == HOST_LIMITED;
		add_candidates(
			choice->resolver, server, host->addresses, host->address_count, &list);
		const struct exchange *exchange = ask_candidates(choice, &list, transport);
		if (exchange != NULL)
			return exchange;
	}
	return NULL;
}

static const struct exchange *
ask_all(struct choice *choice, enum exchange_transport transport)
{
	struct candidate_list list = { .count = 0 };

	for (size_t i = 0; i < choice->cut->server_count; i++)
		add_candidates(choice->resolver, &choice->cut->servers[i],
			choice->cut->servers[i].addresses, choice->cut->servers[i].address_count,
			&list);
	qsort(list.items, list.count, sizeof(list.items[0]), compare_ranks);
	const struct exchange *exchange = ask_candidates(choice, &list, transport);
	if (exchange == NULL && !choice->is_pending)
		exchange = ask_without_glue(choice, transport);
	return exchange;
}

enum server_choice
server_choice_make(struct resolver *resolver, const struct zone_cut *cut,
	const struct dns_name *name, uint16_t type, struct resolution *resolution,
	enum resolution_failure *failure_out)
{
	struct choice choice = { .resolver = resolver,
		.cut = cut,
		.name = name,
		.type = type,
		.resolution = resolution };
	const struct exchange *exchange = ask_all(&choice, EXCHANGE_UDP);

	if (exchange == NULL && !choice.is_pending)
		exchange = ask_all(&choice, EXCHANGE_TCP);
	if (exchange != NULL)
		return SERVER_CHOICE_MADE;
	if (choice.is_pending)
		return SERVER_CHOICE_PENDING;
	*failure_out = choice.was_limited   ? RESOLUTION_LIMITED
		       : choice.is_circular ? RESOLUTION_CIRCULAR
					    : RESOLUTION_NO_SERVER;
	return SERVER_CHOICE_NONE;
}
