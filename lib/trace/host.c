/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "trace/host.h"

static void
collect_addresses(const struct resolution *resolution, uint16_t type, struct host *host)
{
	if (resolution->class != REPLY_ANSWER || resolution->failure != RESOLUTION_NONE)
		return;
	const struct dns_walk *walk = resolution->last->walk;
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };
		if (record->section != DNS_SECTION_ANSWER || record->type != type ||
			host->address_count == ZONE_CUT_ADDRESSES_MAX)
			continue;
		dns_walk_owner(walk, record, &owner);
		if (dns_name_equal(&owner, &resolution->ends[resolution->end_count - 1].name))
			host->addresses[host->address_count++] = trace_address_make(
				walk->message + record->data, record->data_length);
	}
}

static void
find_addresses(struct resolver *resolver, struct host *host)
{
	static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
	struct resolution *resolution = malloc(sizeof(*resolution));
	bool is_pending = false;
	bool is_limited = false;
	bool has_failed = false;

	if (resolution == NULL) {
		resolver->out_of_memory = true;
		host->state = HOST_LIMITED;
		return;
	}
	resolver->depth++;
	for (size_t i = 0; i < 2; i++) {
		resolver_walk(resolver, &host->name, types[i], resolution);
		is_pending |= resolution->is_pending;
		is_limited |= resolution->failure == RESOLUTION_LIMITED;
		has_failed |= resolution->failure != RESOLUTION_NONE;
		if (resolution->failure == RESOLUTION_CIRCULAR)
			host->state = HOST_CIRCULAR;
		host->is_alias |= resolution->end_count > 1;
		if (!resolution->is_pending)
			collect_addresses(resolution, types[i], host);
	}
	resolver->depth--;
	free(resolution);
	if (is_pending)
		host->state = HOST_PENDING;
	else if (host->address_count > 0)
		host->state = HOST_KNOWN;
	else if (host->state != HOST_CIRCULAR)
		host->state = is_limited   ? HOST_LIMITED
			      : has_failed ? HOST_OUT_OF_REACH
					   : HOST_WITHOUT_ADDRESS;
}

const struct host *
host_find(struct resolver *resolver, const struct dns_name *name)
{
	static const struct host limited = { .state = HOST_LIMITED };

	for (size_t i = 0; i < resolver->host_count; i++) {
		if (dns_name_equal(&resolver->hosts[i]->name, name))
			return resolver->hosts[i];
	}
	if (resolver->host_count == RESOLVER_HOSTS_MAX || resolver->depth == RESOLVER_DEPTH_MAX)
		return &limited;
	struct host *host = calloc(1, sizeof(*host));
	if (host == NULL) {
		resolver->out_of_memory = true;
		return &limited;
	}
	host->name = *name;
	host->state = HOST_IN_PROGRESS;
	resolver->hosts[resolver->host_count++] = host;
	find_addresses(resolver, host);
	return host;
}
