/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_H
#define TRACE_H

#include "trace/agreement.h"
#include "trace/resolver.h"

/*
 * One run: the walk from the root to a name, and then all servers of the zone where it ends held beside each other. It does no I/O and
 * reads no clock: a network moves the messages of trace_inquiry's exchanges (inquiry.h), and trace_advance says whether it is done.
 */
struct trace_settings {
	struct dns_name name;
	uint16_t type;
	struct zone_cut hints;
	struct exchange_settings exchange;
	uint32_t exchange_limit; /* 0: INQUIRY_EXCHANGES_MAX */
	uint64_t deadline_ns;    /* when to give up what is still pending */
	bool asks_special;       /* also servers with private or reserved addresses */
	bool all_levels;         /* compare the servers of each zone on the way */
	agreement_asn asn;       /* may be NULL */
	void *asn_context;
};

#define TRACE_COMPARISONS_MAX 24

/* Whether the servers agree; in this order the worst counts. */
#define TRACE_VERDICT_LIST(X)                                             \
	X(AGREED, "agreed", 0, "the servers that answer agree")           \
	X(DIFFERS, "differs", 1, "servers disagree, or a server is lame") \
	X(NO_AUTHORITY, "no-authority", 3, "no server with authority could be asked")

/* A zone that has only lame servers differs: they answered, and what they say of themselves is not what the zone above says. */

enum trace_verdict {
#define X(name, key, exit_code, text) TRACE_##name,
	TRACE_VERDICT_LIST(X)
#undef X
};

struct trace {
	struct trace_settings settings;
	struct inquiry inquiry;
	struct resolver resolver;
	struct resolution resolution;
	bool has_own_address; /* the name has no zone of its own, so its address was looked for too */
	struct resolution own_address;
	struct comparison *comparisons[TRACE_COMPARISONS_MAX]; /* the last end of the walk last */
	size_t comparison_count;
	struct finding_list findings;
	enum trace_verdict verdict;
	bool is_done;
};

/* Copies the settings. NULL when out of memory. */
struct trace *trace_create(const struct trace_settings *settings);
void trace_destroy(struct trace *trace);

/*
 * Go as far as the answers allow. Returns 0, or ERROR_MEMORY; *is_done_out says whether all is known, findings and verdict included,
 * and otherwise *next_ns_out when to call again at the latest.
 */
int trace_advance(struct trace *trace, uint64_t now_ns, bool *is_done_out, uint64_t *next_ns_out);

/* Whether a server of the zone at the end of the walk answered without serving it. */
bool trace_is_lame(const struct trace *trace);

/* The comparison at the end of the walk, or NULL. */
const struct comparison *trace_last_comparison(const struct trace *trace);

const char *trace_verdict_name(enum trace_verdict verdict);
const char *trace_verdict_text(enum trace_verdict verdict);
int trace_verdict_exit_code(enum trace_verdict verdict);

#endif
