/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_ENGINE_H
#define VERIFY_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"
#include "packet/frame_parser.h"
#include "packet/syn_cookie.h"
#include "record/observation.h"
#include "record/protocol.h"
#include "stats/counter.h"

/*
 * One worker's engine: it takes over the connection of every hit, lets the protocol speak over it, tries again where that
 * may help, and yields one record for each address. Segments in, segments out, a deadline; no I/O, no clock, no thread.
 *
 * Its invariant is the books: hits = records taken + in flight, where in flight is parked + under verification + records not
 * yet taken. Every address that proved the cookie gets one record, whatever it does.
 */

/* A parked hit older than this is probed again, since hosts forget a half-open connection: 21 s is the shortest in wide use. */
#define VERIFY_PARKED_MAXIMUM_NS 20000000000ULL

/* Named events, one counter each. The ones that lose something of ours are losses in the summary. */
#define VERIFY_COUNTER_LIST(X)                                                              \
	X(HITS, "hits", "addresses that answered with a valid SYN-ACK")                     \
	X(RECORDS, "records", "records handed out")                                         \
	X(DUPLICATES, "duplicates", "SYN-ACKs of an address that is a hit already")         \
	X(PARK_FULL, "park_full", "SYN-ACKs left to their retransmission, no room to park") \
	X(RETRIES, "retries", "SYNs of further connections, retransmissions not counted")   \
	X(STALE, "stale", "parked hits that waited too long and were probed again")         \
	X(STRAY, "stray", "segments of no connection, answered by RST")                     \
	X(STRAY_RST, "stray_rst", "RSTs of no connection")                                  \
	X(RESETS_SENT, "resets_sent", "RSTs sent for segments of no connection")            \
	X(LINGER_CUT, "linger_cut", "closing connections cut short to make room")

enum verify_counter {
#define X(name, key, text) VERIFY_##name,
	VERIFY_COUNTER_LIST(X)
#undef X
		VERIFY_COUNTER_COUNT
};

extern const struct counter_name verify_counter_names[VERIFY_COUNTER_COUNT];

struct verify_settings {
	const struct protocol *protocol;
	void *protocol_context;          /* borrowed, this worker's own */
	const struct syn_cookie *cookie; /* borrowed */
	struct siphash_key key;          /* secret: salts, table and set hashing */
	uint16_t remote_port;
	unsigned int attempts;       /* connections for each target at most */
	uint32_t max_connections;    /* protocol sessions alive at once */
	uint32_t park_capacity;      /* a power of two */
	uint64_t connect_timeout_ns; /* of connections that the engine opens itself */
	uint64_t retry_delay_ns;     /* between two connections to a target */
	int64_t wall_offset_us;      /* microseconds since 1970 when now_ns is 0 */
	void (*emit)(
		void *context, const struct segment *segment); /* payload borrowed for the call */
	void *context;
};

struct verify_engine;

/* All memory that does not depend on the peers is taken here. Returns NULL when out of memory. */
struct verify_engine *verify_engine_create(const struct verify_settings *settings, uint64_t now_ns);
void verify_engine_destroy(struct verify_engine *engine);

/* Bytes that create will take, protocol sessions not counted. */
uint64_t verify_engine_bytes(const struct verify_settings *settings);

/* The address has its record already (of an earlier run): never a hit. Returns 0 or ERROR_MEMORY. */
int verify_engine_settle(struct verify_engine *engine, uint32_t address);

/* A segment that passed the cookie, or an ICMP error that did. Cheap: protocols speak only in verify_engine_work. */
void verify_engine_input(
	struct verify_engine *engine, const struct segment *segment, uint64_t now_ns);
void verify_engine_icmp(
	struct verify_engine *engine, const struct icmp_error *error, uint64_t now_ns);

/*
 * Take up parked hits, let up to budget sessions speak, run what is due, and acknowledge the rest. Call after input and at the
 * deadline; again at once while it returns true: there is more to do. One unit of budget is at most a few milliseconds of
 * cryptography.
 */
bool verify_engine_work(struct verify_engine *engine, unsigned int budget, uint64_t now_ns);

/* When to call work at the latest; UINT64_MAX: only after input. */
uint64_t verify_engine_deadline_ns(const struct verify_engine *engine);

/* The next finished record, which the caller then owns (verify_record_free), or NULL. */
struct verify_record {
	struct observation observation;
	uint64_t arrival_ns;
	struct verify_record *next;
};
struct verify_record *verify_engine_take_record(struct verify_engine *engine);
void verify_record_free(struct verify_record *record);

/* Stop taking up parked hits: what is under verification goes on. For a run that is being interrupted. */
void verify_engine_hold(struct verify_engine *engine);

/*
 * Reset up to maximum connections that are still open, and parked hits, so that no host is left waiting. Their targets get no record from
 * this engine. Returns whether there are more.
 */
bool verify_engine_abandon(struct verify_engine *engine, unsigned int maximum);

/* State for people and for back-pressure. oldest_hit_ns: arrival of the oldest hit without a taken record; UINT64_MAX: none. */
struct verify_state {
	uint64_t parked;
	uint64_t sessions;
	uint64_t under_verification; /* sessions and targets that wait for their next attempt */
	uint64_t untaken;            /* finished records */
	uint64_t oldest_hit_ns;
	uint64_t responder_bytes;
};
void verify_engine_state(const struct verify_engine *engine, struct verify_state *state_out);
uint64_t verify_engine_counter(const struct verify_engine *engine, enum verify_counter counter);

/* All of them, VERIFY_COUNTER_COUNT. */
const uint64_t *verify_engine_counters(const struct verify_engine *engine);

/* It holds the counters of the TCP below. */
struct tcp_worker;
const struct tcp_worker *verify_engine_tcp(const struct verify_engine *engine);

/* Our own failure that stops the worker: 0 or a negative error. */
int verify_engine_error(const struct verify_engine *engine);

#endif
