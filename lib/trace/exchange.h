/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/siphash.h"
#include "trace/query_message.h"
#include "trace/reply_class.h"
#include "trace/trace_address.h"

/*
 * One question to one address, until it is answered or given up: attempts over UDP, without EDNS where that is what the server
 * cannot bear, over TCP where the reply is cut off. It does no I/O and reads no clock. Whoever moves its messages looks at wish and
 * generation after each event: a new generation is a new query, for which everything of the old one is closed.
 */
#define EXCHANGE_ATTEMPTS 3

/* What became of it. A failure of the server is a result. */
#define EXCHANGE_STATUS_LIST(X)                                              \
	X(PENDING, "pending", "not answered yet")                            \
	X(REPLIED, "replied", "replied")                                     \
	X(SILENT, "silent", "no reply")                                      \
	X(REFUSED, "connection-refused", "the host refuses the connection")  \
	X(BROKEN, "broken", "the reply is broken")                           \
	X(NO_ROUTE, "no-route", "no route from here to addresses like this") \
	X(GIVEN_UP, "given-up", "given up: too much time or too many queries")

enum exchange_status {
#define X(name, key, text) EXCHANGE_##name,
	EXCHANGE_STATUS_LIST(X)
#undef X
};

enum exchange_transport { EXCHANGE_UDP, EXCHANGE_TCP };

enum exchange_wish { EXCHANGE_WISHES_UDP, EXCHANGE_WISHES_TCP, EXCHANGE_WISHES_NOTHING };

struct exchange_settings {
	uint64_t
		timeout_ns; /* of the first attempt; each further one gets twice as long as the one before */
	struct siphash_key key; /* a secret: ids and the case of letters follow from it */
	bool has_ipv4;
	bool has_ipv6;
};

struct exchange {
	/* The question. */
	struct trace_address address;
	struct dns_name name; /* lower case */
	uint16_t type;
	enum exchange_transport transport;
	uint32_t index;

	/* Under way. */
	enum exchange_status status;
	enum exchange_wish wish;
	uint32_t generation;
	struct query_message query;
	unsigned int attempt;
	uint64_t started_ns;
	uint64_t sent_ns;
	uint64_t deadline_ns;
	bool is_started;

	/* What was seen. */
	struct dns_walk *walk; /* owned, with its records and message; NULL without a reply */
	struct reply_meaning meaning; /* of that */
	const char *broken_reason;
	unsigned int ignored; /* messages that came to our port and were not the reply */
	unsigned int queries;
	bool was_truncated;
	bool edns_failed; /* the reply came, or the refusal ended, when asked without */
	bool case_lost;
	uint64_t duration_ns; /* from the query that was answered to its reply */
	uint64_t sequence;    /* the order in which exchanges ended, from 1 */
};

/* A new one, not started. */
void exchange_init(struct exchange *exchange, const struct trace_address *address,
	const struct dns_name *name, uint16_t type, enum exchange_transport transport);
void exchange_clear(struct exchange *exchange);

/* Send its first query. */
void exchange_start(
	struct exchange *exchange, const struct exchange_settings *settings, uint64_t now_ns);

/* The bytes of the present query, without TCP's length. */
size_t exchange_query(const struct exchange *exchange, uint8_t bytes[QUERY_MESSAGE_BYTES]);

/*
 * A message came for the present generation; bytes are copied. Over TCP any that is not the reply ends the exchange. Returns 0 or
 * ERROR_MEMORY.
 */
int exchange_take_message(struct exchange *exchange, const struct exchange_settings *settings,
	const uint8_t *bytes, size_t length, uint64_t now_ns);

enum exchange_trouble {
	EXCHANGE_NOT_ROUTED,
	EXCHANGE_NOT_ACCEPTED,
	EXCHANGE_CLOSED,
	EXCHANGE_TOO_LONG
};

/* The network says that it cannot be done, or the peer ended the connection, or announced more octets than any answer has. */
void exchange_take_trouble(struct exchange *exchange, const struct exchange_settings *settings,
	enum exchange_trouble trouble, uint64_t now_ns);

/* To be called when deadline_ns has come. */
void exchange_take_time(
	struct exchange *exchange, const struct exchange_settings *settings, uint64_t now_ns);

void exchange_give_up(struct exchange *exchange);

const char *exchange_status_name(enum exchange_status status);
const char *exchange_status_text(enum exchange_status status);

#endif
