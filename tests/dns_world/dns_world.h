/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_WORLD_H
#define DNS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/dns_name.h"
#include "trace/trace_address.h"

/*
 * A small tree of authoritative servers, some of them wrong or malicious: what tests of the part trace walk through, simulated or, by
 * dns_world_server, over real sockets. It answers one query at a time and keeps no state.
 */
#define WORLD_REPLIES_MAX   4
#define WORLD_MESSAGE_BYTES 65537

enum world_manner {
	WORLD_REFUSES = 1 << 0,
	WORLD_SERVFAILS = 1 << 1,
	WORLD_NOTIMPS = 1 << 2,
	WORLD_IS_CACHE = 1 << 3,  /* answers with RA and without AA */
	WORLD_UPWARD = 1 << 4,    /* refers to the root */
	WORLD_EMPTY = 1 << 5,     /* NOERROR and nothing in it */
	WORLD_NO_TCP = 1 << 6,    /* connection refused */
	WORLD_NO_UDP = 1 << 7,    /* no reply */
	WORLD_TRUNCATES = 1 << 8, /* every reply over UDP */
	WORLD_NO_EDNS = 1 << 9,   /* FORMERR to EDNS, no OPT */
	WORLD_DROPS_EDNS = 1 << 10,
	WORLD_FORGES = 1 << 11, /* replies with another id, another question and no QR come first */
	WORLD_LOSES_CASE = 1 << 12,
	WORLD_OVERSIZE = 1 << 13, /* more octets than any answer has */
	WORLD_POINTER_LOOP = 1 << 14,
	WORLD_POINTER_CHAIN = 1 << 15, /* a compression bomb */
	WORLD_STRING_BOMB = 1 << 16,   /* a TXT record of empty strings */
	WORLD_TSIG = 1 << 17,
	WORLD_DRIPS = 1 << 18,      /* over TCP an octet now and then; over UDP cut off */
	WORLD_RECURSES = 1 << 19,   /* RA */
	WORLD_TCP_LIES = 1 << 20,   /* another address over TCP */
	WORLD_GARBAGE = 1 << 21,    /* octets that are no DNS */
	WORLD_OTHER_PORT = 1 << 22, /* over UDP replies from another port than was asked */
	WORLD_OTHER_ADDRESS = 1 << 23,
	WORLD_SPOOFED = 1 << 24,    /* before the reply, lies that fit but for port or address */
	WORLD_DEEP_NAMES = 1 << 25, /* as many names as deep as they may be */
	WORLD_NOWHERE = 1 << 26,    /* refers to ever more zones with ever more servers */
	WORLD_CROWD = 1 << 28, /* refers to 16 servers with 8 addresses each, see world_create */
	WORLD_LONG = 1 << 27,  /* 200 addresses, over TCP only */
};

enum world_source { WORLD_FROM_SERVER, WORLD_FROM_OTHER_PORT, WORLD_FROM_OTHER_ADDRESS };

struct world_reply {
	uint8_t *bytes; /* owned */
	size_t length;
	bool is_dripped; /* over TCP: slower than anybody waits */
	enum world_source source;
};

struct world;

/*
 * All cases of dns_world_cases.h below "test."; and at each address of 185.252.0.0/16 the crowd, a server of "crowd.test." with deep
 * names. NULL when out of memory or where a zone cannot be read.
 */
struct world *world_create(void);
void world_destroy(struct world *world);

/* All addresses at which there are servers; NULL behind the last. */
const struct trace_address *world_address(const struct world *world, size_t index);

/* Whether the server accepts TCP connections. */
bool world_accepts_tcp(const struct world *world, const struct trace_address *address);

/* Round trip in nanoseconds. */
uint64_t world_delay_ns(const struct world *world, const struct trace_address *address);

/* The replies to a query, in their order; the caller frees their bytes. Returns how many. */
size_t world_answer(const struct world *world, const struct trace_address *address, bool is_tcp,
	const uint8_t *query, size_t length, struct world_reply replies[WORLD_REPLIES_MAX]);

#endif
