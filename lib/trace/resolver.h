/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESOLVER_H
#define RESOLVER_H

#include "trace/inquiry.h"
#include "trace/reply_class.h"
#include "trace/zone_cut.h"

/*
 * The walk down the tree, as a function of what has been answered so far: it is done again from the start whenever an answer has come,
 * finds what it asked before in the inquiry, and asks what it lacks. So it holds no state between answers, and reads like the walk
 * itself. Which of several servers it goes on with is settled by which ended first, and stays so.
 */
#define RESOLVER_STEPS_MAX   64
#define RESOLVER_ALIASES_MAX 8  /* as resolvers do: longer chains are mistakes or attacks */
#define RESOLVER_DEPTH_MAX   8  /* name of a server of the zone of a server of a zone ... */
#define RESOLVER_HOSTS_MAX   64 /* names of servers without glue that a walk looks for */
#define RESOLVER_CUTS_MAX    64

/* One server asked, and what came of it. */
struct resolver_step {
	const struct zone_cut *cut;
	struct dns_name server;
	struct trace_address address;
	const struct exchange *exchange;
	enum reply_class class; /* where the exchange has a reply */
};

#define RESOLUTION_FAILURE_LIST(X)                                                               \
	X(NONE, "none", "")                                                                      \
	X(NO_SERVER, "no-server", "no server of the zone gave a useful reply")                   \
	X(ALIAS_LOOP, "alias-loop", "the aliases lead back to where they began")                 \
	X(ALIAS_CHAIN, "alias-chain", "more than 8 aliases in a row")                            \
	X(ALIAS_TOO_LONG, "alias-too-long", "the alias makes a name longer than allowed")        \
	X(CIRCULAR, "circular", "the servers' addresses can only be found by asking themselves") \
	X(TOO_DEEP, "too-deep", "too many zones on the way to the servers' addresses")           \
	X(LIMITED, "limited", "given up: too many queries or too much time")

enum resolution_failure {
#define X(name, key, text) RESOLUTION_##name,
	RESOLUTION_FAILURE_LIST(X)
#undef X
};

/* Where the chain of aliases comes by: that name is of that zone. The last one is where it ends or fails. */
struct resolution_end {
	struct dns_name name;
	const struct zone_cut *cut;
};

struct resolution {
	bool is_pending;
	enum resolution_failure failure; /* where it is not pending */
	struct resolver_step steps[RESOLVER_STEPS_MAX];
	size_t step_count;
	struct resolution_end ends[RESOLVER_ALIASES_MAX + 1];
	size_t end_count;
	const struct exchange *last; /* the reply at the end of the chain */
	enum reply_class class;      /* of it */
};

struct host;

struct resolver {
	struct inquiry *inquiry; /* borrowed */
	const struct zone_cut *hints;
	bool asks_special; /* also addresses of private and reserved space */
	struct zone_cut *cuts[RESOLVER_CUTS_MAX];
	size_t cut_count;
	struct host *hosts[RESOLVER_HOSTS_MAX];
	size_t host_count;
	unsigned int depth;
	bool out_of_memory;
	struct resolution priming; /* the first step: the root's servers by their own word */
};

/* A walk with nothing in it, over what inquiry knows. Clear it before the next. */
void resolver_init(struct resolver *resolver, struct inquiry *inquiry, const struct zone_cut *hints,
	bool asks_special);
void resolver_clear(struct resolver *resolver);

/* Ask the root for its servers. False while that is pending. */
bool resolver_prime(struct resolver *resolver);

/* Walk to name and type. resolution_out borrows from the resolver and the inquiry. */
void resolver_walk(struct resolver *resolver, const struct dns_name *name, uint16_t type,
	struct resolution *resolution_out);

/* Whether an address may be asked. */
bool resolver_may_ask(const struct resolver *resolver, const struct trace_address *address);

/* A new cut below parent. NULL beyond RESOLVER_CUTS_MAX, or without memory. */
struct zone_cut *resolver_add_cut(
	struct resolver *resolver, const struct dns_name *zone, const struct dns_name *parent);

/* The cut of exactly that zone, or NULL. */
const struct zone_cut *resolver_cut(const struct resolver *resolver, const struct dns_name *zone);

const char *resolution_failure_name(enum resolution_failure failure);
const char *resolution_failure_text(enum resolution_failure failure);

#endif
