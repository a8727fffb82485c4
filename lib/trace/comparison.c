/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "dns/dns_rdata.h"
#include "trace/comparison.h"

const struct dns_name *
comparison_question_name(const struct comparison *comparison, enum comparison_question question)
{
	return question == COMPARISON_NAME ? &comparison->name : &comparison->cut.zone;
}

uint16_t
comparison_question_type(const struct comparison *comparison, enum comparison_question question)
{
	switch (question) {
	case COMPARISON_NS:
		return DNS_TYPE_NS;
	case COMPARISON_SOA:
		return DNS_TYPE_SOA;
	case COMPARISON_NAME:
		return comparison->type;
	}
	return 0;
}

const struct exchange *
comparison_reply(const struct comparison *comparison, const struct probe *probe,
	enum comparison_question question, enum reply_class *class_out)
{
	for (int transport = EXCHANGE_UDP; transport <= EXCHANGE_TCP; transport++) {
		const struct exchange *exchange = probe->exchanges[transport][question];
		if (exchange == NULL || exchange->status != EXCHANGE_REPLIED)
			continue;
		*class_out = reply_class_of(&exchange->meaning, &comparison->cut.zone);
		return exchange;
	}
	return NULL;
}

bool
comparison_is_authoritative(const struct comparison *comparison, const struct probe *probe)
{
	enum reply_class class = REPLY_EMPTY;

	return comparison_reply(comparison, probe, COMPARISON_SOA, &class) != NULL &&
	       class == REPLY_ANSWER;
}

static const struct exchange *
ask(struct resolver *resolver, struct comparison *comparison, const struct trace_address *address,
	enum comparison_question question, enum exchange_transport transport)
{
	const struct exchange *exchange = inquiry_ask(resolver->inquiry, address,
		comparison_question_name(comparison, question),
		comparison_question_type(comparison, question), transport);

	if (exchange == NULL)
		comparison->was_limited = true;
	else if (exchange->status == EXCHANGE_PENDING)
		comparison->is_pending = true;
	return exchange;
}

/* The referral of one server of the zone above: its NS names and its glue. */
static void
take_view(struct comparison *comparison, const struct exchange *exchange,
	const struct dns_name *parent)
{
	if (exchange->status != EXCHANGE_REPLIED)
		return;
	const enum reply_class class = reply_class_of(&exchange->meaning, parent);
	if (class != REPLY_REFERRAL && class != REPLY_AA_REFERRAL)
		return;
	zone_cut_take_names(&comparison->cut, exchange->walk, DNS_SECTION_AUTHORITY, true);
	zone_cut_take_glue(&comparison->cut, exchange->walk, parent);
}

static void
view_from(struct resolver *resolver, struct comparison *comparison, const struct dns_name *server,
	const struct trace_address *addresses, size_t count)
{
	for (size_t i = 0; i < count && comparison->view_count < COMPARISON_VIEWS_MAX; i++) {
		if (!resolver_may_ask(resolver, &addresses[i]))
			continue;
		const struct exchange *exchange =
			ask(resolver, comparison, &addresses[i], COMPARISON_NS, EXCHANGE_UDP);
		if (exchange == NULL)
			return;
		comparison->views[comparison->view_count++] =
			(struct parent_view){ *server, addresses[i], exchange };
		take_view(comparison, exchange, &comparison->cut.parent);
	}
}

/* What all servers of the zone above say, not only the one that the walk came by. */
static void
view_parents(struct resolver *resolver, struct comparison *comparison)
{
	const struct zone_cut *parent = resolver_cut(resolver, &comparison->cut.parent);

	if (parent == NULL || comparison->cut.zone.length == 1)
		return;
	for (size_t i = 0; i < parent->server_count; i++) {
		const struct cut_server *server = &parent->servers[i];
		if (server->address_count > 0) {
			view_from(resolver, comparison, &server->name, server->addresses,
				server->address_count);
			continue;
		}
		const struct host *host = host_find(resolver, &server->name);
		if (host != NULL)
			view_from(resolver, comparison, &server->name, host->addresses,
				host->address_count);
	}
}

static void
add_probe(struct resolver *resolver, struct comparison *comparison, size_t server,
	const struct trace_address *address, enum probe_source source)
{
	for (size_t i = 0; i < comparison->probe_count; i++) {
		struct probe *probe = &comparison->probes[i];
		if (probe->server == server && trace_address_equal(&probe->address, address)) {
			probe->sources |= source;
			return;
		}
	}
	if (comparison->probe_count == COMPARISON_PROBES_MAX) {
		comparison->was_limited = true;
		return;
	}
	comparison->probes[comparison->probe_count++] = (struct probe){
		.server = server,
		.address = *address,
		.sources = source,
		.is_special = !resolver_may_ask(resolver, address),
	};
}

static void
ask_probe(struct resolver *resolver, struct comparison *comparison, struct probe *probe)
{
	const int questions = comparison->has_name ? COMPARISON_QUESTIONS : COMPARISON_NAME;

	if (probe->is_special)
		return;
	for (int transport = EXCHANGE_UDP; transport <= EXCHANGE_TCP; transport++) {
		for (int question = 0; question < questions; question++)
			probe->exchanges[transport][question] = ask(resolver, comparison,
				&probe->address, (enum comparison_question)question,
				(enum exchange_transport)transport);
	}
}

/* The server's own word on who else serves the zone, if it has the zone. */
static void
take_own_names(struct comparison *comparison, const struct probe *probe)
{
	enum reply_class class = REPLY_EMPTY;
	const struct exchange *exchange =
		comparison_reply(comparison, probe, COMPARISON_NS, &class);

	if (exchange != NULL && class == REPLY_ANSWER)
		zone_cut_take_names(&comparison->cut, exchange->walk, DNS_SECTION_ANSWER, false);
}

static void
probe_server(struct resolver *resolver, struct comparison *comparison, size_t index)
{
	const struct cut_server *server = &comparison->cut.servers[index];
	const struct host *host = host_find(resolver, &server->name);
	const size_t first = comparison->probe_count;

	comparison->hosts[index] = host;
	for (size_t i = 0; i < server->address_count; i++)
		add_probe(resolver, comparison, index, &server->addresses[i], PROBE_BY_GLUE);
	if (host == NULL)
		return;
	comparison->is_pending |= host->state == HOST_PENDING;
	for (size_t i = 0; i < host->address_count; i++)
		add_probe(resolver, comparison, index, &host->addresses[i], PROBE_BY_ZONE);
	for (size_t i = first; i < comparison->probe_count; i++) {
		ask_probe(resolver, comparison, &comparison->probes[i]);
		take_own_names(comparison, &comparison->probes[i]);
	}
}

void
comparison_make(struct resolver *resolver, const struct zone_cut *cut, const struct dns_name *name,
	uint16_t type, struct comparison *comparison_out)
{
	memset(comparison_out, 0, sizeof(*comparison_out));
	comparison_out->cut = *cut;
	comparison_out->has_name = name != NULL;
	if (name != NULL)
		comparison_out->name = *name;
	comparison_out->type = type;
	view_parents(resolver, comparison_out);
	/* Servers that a server names are probed too, so the list grows while it is walked. */
	for (size_t i = 0; i < comparison_out->cut.server_count; i++)
		probe_server(resolver, comparison_out, i);
}
