/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZONE_CUT_H
#define ZONE_CUT_H

#include "dns/dns_walk.h"
#include "trace/trace_address.h"

/*
 * A zone and the servers that are said to serve it: by the zone above (its delegation), by the servers themselves, or both. Names
 * and addresses beyond the limits are left out and noted, lest a zone make us ask the world (CVE-2020-12662).
 */
#define ZONE_CUT_SERVERS_MAX   16 /* the root has 13 */
#define ZONE_CUT_ADDRESSES_MAX 8  /* of one server name, both families */

struct cut_server {
	struct dns_name name; /* lower case */
	struct trace_address addresses
		[ZONE_CUT_ADDRESSES_MAX]; /* glue of the zone above, within its bailiwick */
	size_t address_count;
	bool is_in_parent;
	bool is_in_child;
};

struct zone_cut {
	struct dns_name zone;
	struct dns_name parent; /* the zone whose servers referred here; the root's is the root */
	struct cut_server servers[ZONE_CUT_SERVERS_MAX];
	size_t server_count;
	unsigned int foreign_glue; /* addresses ignored: for names outside the parent zone */
	bool was_cut_off;
};

void zone_cut_init(
	struct zone_cut *cut, const struct dns_name *zone, const struct dns_name *parent);

/* The server of that name, added if there is room; NULL if not. */
struct cut_server *zone_cut_server(struct zone_cut *cut, const struct dns_name *name);

void zone_cut_add_address(
	struct zone_cut *cut, struct cut_server *server, const struct trace_address *address);

/* The names of the NS records with that owner in that section; is_parent says whose word it is. */
void zone_cut_take_names(struct zone_cut *cut, const struct dns_walk *walk,
	enum dns_section section, bool is_parent);

/* Addresses of its servers in the additional section, believed only for names within the zone of the server that replied. */
void zone_cut_take_glue(
	struct zone_cut *cut, const struct dns_walk *walk, const struct dns_name *bailiwick);

#endif
