/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INQUIRY_H
#define INQUIRY_H

#include "trace/exchange.h"

/*
 * All that was asked in a run and what came of it: each question to each address over each transport once. The logic above asks again and
 * again, and finds the answer when it is there; the network below moves the messages of what is under way. Bounded by a number of
 * exchanges, since a peer can make us ask more; beyond it nothing is asked.
 */
#define INQUIRY_EXCHANGES_MAX \
	2000 /* all servers of a zone with 16 dual-stack servers and their names, twice over */
#define INQUIRY_UNDER_WAY_MAX 200 /* sockets */
#define INQUIRY_PER_SERVER_MAX \
	16 /* at once to one address: NS, SOA and the name over two transports, and addresses of five servers */

struct inquiry {
	struct exchange_settings settings;
	struct exchange **exchanges;
	uint32_t count;
	uint32_t limit;
	uint32_t *buckets; /* index + 1; 0: none */
	uint32_t bucket_count;
	uint64_t sequence;
	bool is_closed; /* nothing more is asked */
	bool was_limited;
	bool out_of_memory;
};

/* Returns 0 or ERROR_MEMORY. limit is at most INQUIRY_EXCHANGES_MAX; 0 stands for that. */
int inquiry_init(struct inquiry *inquiry, const struct exchange_settings *settings, uint32_t limit);
void inquiry_clear(struct inquiry *inquiry);

/* The exchange, pending or ended, or NULL if the limit does not allow one more. It lives as long as the inquiry. */
const struct exchange *inquiry_ask(struct inquiry *inquiry, const struct trace_address *address,
	const struct dns_name *name, uint16_t type, enum exchange_transport transport);

/* The exchange if that was asked already, or NULL. */
const struct exchange *inquiry_find(const struct inquiry *inquiry,
	const struct trace_address *address, const struct dns_name *name, uint16_t type,
	enum exchange_transport transport);

/* Start what may start, and let time pass for what is under way. Returns the next deadline, UINT64_MAX if nothing is under way. */
uint64_t inquiry_advance(struct inquiry *inquiry, uint64_t now_ns);

/* To be called after each event of an exchange, so that the order of their ends is known. */
void inquiry_note_end(struct inquiry *inquiry, struct exchange *exchange);

/* End all that is pending, and ask nothing more: the time is up. */
void inquiry_close(struct inquiry *inquiry);

struct inquiry_sums {
	uint32_t queries;
	uint32_t ignored;
	uint32_t pending;
	uint32_t under_way;
};

struct inquiry_sums inquiry_sum(const struct inquiry *inquiry);

#endif
