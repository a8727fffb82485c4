/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/zone_cut.h"
#include "dns/dns_rdata.h"
#include "trace/name_tree.h"
#include "trace/reply_class.h"

#define CLASS_IN 1

void
zone_cut_init(struct zone_cut *cut, const struct dns_name *zone, const struct dns_name *parent)
{
	cut->zone = *zone;
	dns_name_fold(&cut->zone);
	cut->parent = *parent;
	cut->server_count = 0;
	cut->foreign_glue = 0;
	cut->was_cut_off = false;
}

static struct cut_server *
find_server(struct zone_cut *cut, const struct dns_name *name)
{
	for (size_t i = 0; i < cut->server_count; i++) {
		if (dns_name_equal(&cut->servers[i].name, name))
			return &cut->servers[i];
	}
	return NULL;
}

struct cut_server *
zone_cut_server(struct zone_cut *cut, const struct dns_name *name)
{
	struct cut_server *server = find_server(cut, name);

	if (server != NULL)
		return server;
	if (cut->server_count == ZONE_CUT_SERVERS_MAX) {
		cut->was_cut_off = true;
		return NULL;
	}
	server = &cut->servers[cut->server_count++];
	server->name = *name;
	dns_name_fold(&server->name);
	server->address_count = 0;
	server->is_in_parent = false;
	server->is_in_child = false;
	return server;
}

void
zone_cut_add_address(
	struct zone_cut *cut, struct cut_server *server, const struct trace_address *address)
{
	for (size_t i = 0; i < server->address_count; i++) {
		if (trace_address_equal(&server->addresses[i], address))
			return;
	}
	if (server->address_count < ZONE_CUT_ADDRESSES_MAX)
		server->addresses[server->address_count++] = *address;
	else
		cut->was_cut_off = true;
}

void
zone_cut_take_names(
	struct zone_cut *cut, const struct dns_walk *walk, enum dns_section section, bool is_parent)
{
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name name = { .length = 0 };

		if (record->section != section || record->type != DNS_TYPE_NS ||
			record->class != CLASS_IN)
			continue;
		dns_walk_owner(walk, record, &name);
		if (!dns_name_equal(&name, &cut->zone))
			continue;
		reply_class_target(walk, record, &name);
		struct cut_server *server = zone_cut_server(cut, &name);
		if (server == NULL)
			continue;
		server->is_in_parent |= is_parent;
		server->is_in_child |= !is_parent;
	}
}

void
zone_cut_take_glue(
	struct zone_cut *cut, const struct dns_walk *walk, const struct dns_name *bailiwick)
{
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };

		if (record->section != DNS_SECTION_ADDITIONAL || record->class != CLASS_IN ||
			(record->type != DNS_TYPE_A && record->type != DNS_TYPE_AAAA))
			continue;
		dns_walk_owner(walk, record, &owner);
		struct cut_server *server = find_server(cut, &owner);
		if (server == NULL)
			continue;
		if (!name_tree_is_within(&owner, bailiwick)) {
			cut->foreign_glue++;
			continue;
		}
		const struct trace_address address =
			trace_address_make(walk->message + record->data, record->data_length);
		zone_cut_add_address(cut, server, &address);
	}
}
