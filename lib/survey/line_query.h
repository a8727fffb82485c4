/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_QUERY_H
#define LINE_QUERY_H

#include "survey/line_cursor.h"

/* The form of a reply: its OPT record (RFC 6891). */
struct line_edns {
	bool is_known; /* false: no reply, or a record of a scan that did not keep this */
	bool is_present;
	bool has_do;
	bool has_broken_options;
	uint64_t version;
	uint64_t udp_size;
	int64_t padding;          /* octets; -1: no such option */
	int64_t octets;           /* of the whole reply */
	struct line_text options; /* codes, with commas between; empty: none */
};

/* What one query and its reply told. */
struct line_query {
	struct line_text rcode; /* bytes NULL: no valid reply, and all else is absent */
	struct line_text flags; /* words in quotes, with commas between */
	/* Data of the first record that is no alias, or of the last alias. */
	struct line_text answer;
	struct line_edns edns;
};

/* Take one object of a record's dns. */
void line_query_take(struct line_cursor *cursor, struct line_query *query_out);

#endif
