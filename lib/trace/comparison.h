/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "trace/host.h"

/*
 * Every server of a zone held beside every other: the servers that the zone above names and those that the zone's own servers name,
 * each address by glue or by the word of the zone it is in, asked for NS, SOA and a name over UDP and TCP, all at once.
 */
#define COMPARISON_PROBES_MAX 64
#define COMPARISON_VIEWS_MAX  32 /* servers of the zone above; the root has 26 addresses */

enum comparison_question { COMPARISON_NS, COMPARISON_SOA, COMPARISON_NAME };
#define COMPARISON_QUESTIONS 3

enum probe_source { PROBE_BY_GLUE = 1, PROBE_BY_ZONE = 2 };

/* One address of one server. An exchange may be NULL: not asked. */
struct probe {
	size_t server; /* index into cut.servers */
	struct trace_address address;
	unsigned int sources; /* who says that this is its address: bits of enum probe_source */
	bool is_special;      /* and therefore not asked */
	const struct exchange *exchanges[2][COMPARISON_QUESTIONS]; /* by transport */
};

/* What one server of the zone above says about the zone. */
struct parent_view {
	struct dns_name server;
	struct trace_address address;
	const struct exchange *exchange;
};

struct comparison {
	struct zone_cut cut; /* with all servers that either side names */
	bool has_name;
	struct dns_name name;
	uint16_t type;
	struct parent_view views[COMPARISON_VIEWS_MAX];
	size_t view_count;
	struct probe probes[COMPARISON_PROBES_MAX];
	size_t probe_count;
	const struct host *hosts[ZONE_CUT_SERVERS_MAX]; /* of cut.servers */
	bool is_pending;
	bool was_limited;
};

/*
 * Ask what is lacking, and fill comparison_out with what is known. name may be NULL: then only the zone itself is compared.
 * comparison_out borrows from the resolver and the inquiry.
 */
void comparison_make(struct resolver *resolver, const struct zone_cut *cut,
	const struct dns_name *name, uint16_t type, struct comparison *comparison_out);

/* The reply to that question, over UDP if there is one, else over TCP; NULL without one. class_out as of that reply. */
const struct exchange *comparison_reply(const struct comparison *comparison,
	const struct probe *probe, enum comparison_question question, enum reply_class *class_out);

/* The name and type that a question is about. */
const struct dns_name *comparison_question_name(
	const struct comparison *comparison, enum comparison_question question);
uint16_t comparison_question_type(
	const struct comparison *comparison, enum comparison_question question);

/* Whether the server has the zone: it answers for its SOA with authority. */
bool comparison_is_authoritative(const struct comparison *comparison, const struct probe *probe);

#endif
