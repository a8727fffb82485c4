/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_CLIENT_H
#define TCP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"
#include "tcp/receive_stream.h"
#include "tcp/retransmission.h"
#include "tcp/send_buffer.h"

/*
 * The client side of one TCP connection over IPv4, RFC 9293. No I/O and no clock: segments and now_ns in, segments through
 * the worker's emit callback and a deadline out. now_ns never goes backwards.
 *
 * Deliberate departures: the window is constant, since what arrives is taken at once; no option is ever offered but MSS, so
 * no window is ever scaled (RFC 7323 section 2.2) and no SACK comes; at most TCP_FLIGHT_SEGMENTS are in flight, in place of
 * congestion control; a connection that has closed is gone at once, without TIME-WAIT (the caller keeps a tombstone, and a
 * scan never uses a tuple twice); no simultaneous open; a peer that stays silent or closed is given up soon (tcp_limits.h).
 */

/* States of RFC 9293 section 3.3.2 that an active opener without TIME-WAIT has. */
enum tcp_state {
	TCP_CLOSED,
	TCP_SYN_SENT,
	TCP_ESTABLISHED,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSING,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK
};

/* How the peer's side of a connection ended; the first end stands. */
#define TCP_END_LIST(X)                                              \
	X(NONE, "none", "still open")                                \
	X(FIN, "fin", "the peer closed it in order")                 \
	X(RESET, "reset", "the peer reset it")                       \
	X(TIMEOUT, "timeout", "the peer stopped acknowledging")      \
	X(EXCESS, "excess", "the peer sent more than anybody needs") \
	X(ABORTED, "aborted", "we ended it before the peer did")

enum tcp_end {
#define X(name, key, text) TCP_END_##name,
	TCP_END_LIST(X)
#undef X
};

const char *tcp_end_key(enum tcp_end end);

struct icmp_error;
struct tcp_worker;

struct tcp_endpoints {
	uint32_t local_address;
	uint32_t remote_address;
	uint16_t local_port;
	uint16_t remote_port;
};

#define TCP_NEVER UINT64_MAX

/*
 * One connection, embedded in the caller's. Read it through the functions below. Invariants:
 * send_unacknowledged <= send_next <= send_maximum; the first byte of the send buffer has sequence number
 * send_unacknowledged; a FIN of ours follows its last byte. timer_ns is set while something of ours awaits an answer.
 */
struct tcp_client {
	struct tcp_endpoints endpoints;
	uint8_t state; /* enum tcp_state */
	uint8_t end;   /* enum tcp_end */
	uint16_t mss;
	bool is_ack_due : 1;
	bool is_closing : 1;    /* the caller has closed: a FIN follows the last byte */
	bool is_recovering : 1; /* a timeout happened, nothing was acknowledged since */
	bool is_sampling : 1;   /* sample_* time one segment */
	bool has_fin : 1;       /* the peer's FIN is at fin_sequence, perhaps beyond a gap */
	bool has_sent_fin : 1;
	bool has_acknowledged_data : 1;
	uint8_t duplicate_acks; /* due for segments beyond a gap */
	struct receive_stream receive;
	uint32_t receive_budget; /* what the peer may still send, see tcp_limits.h */
	uint32_t send_budget;    /* what the caller may still queue */
	uint32_t fin_sequence;
	struct send_buffer send;
	uint32_t initial_sequence;
	uint32_t send_unacknowledged; /* SND.UNA */
	uint32_t send_next;           /* goes back to SND.UNA on a timeout */
	uint32_t send_maximum;        /* after the last one ever sent; SND.NXT of the RFC */
	uint32_t send_window;
	uint32_t window_sequence;       /* SND.WL1 */
	uint32_t window_acknowledgment; /* SND.WL2 */
	uint32_t sample_sequence;
	uint32_t handshake_rtt_us;
	struct retransmission retransmission;
	uint64_t sample_ns;
	uint64_t timer_ns;
	uint64_t linger_ns;
	uint64_t challenge_ns; /* no challenge ACK before */
};

_Static_assert(sizeof(struct tcp_client) <= 160, "there are many of them");

/*
 * Take over the connection whose SYN was sent without state: syn_ack is the peer's answer to it, already proven to be one.
 * ESTABLISHED at once. The first flush sends the ACK, with data if some was queued before.
 */
void tcp_client_adopt(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *syn_ack, uint64_t now_ns);

/* Actively open: emits a SYN with sequence number initial_sequence, and retransmits it. */
void tcp_client_connect(struct tcp_worker *worker, struct tcp_client *client,
	const struct tcp_endpoints *endpoints, uint32_t initial_sequence, uint64_t now_ns);

/* Take one segment of any content from the peer of this connection. What it makes due leaves with the next flush. */
void tcp_client_input(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *segment, uint64_t now_ns);

/* An ICMP error quotes this connection. Never ends it (RFC 5927): at most segments get smaller. */
void tcp_client_icmp(struct tcp_worker *worker, struct tcp_client *client,
	const struct icmp_error *error, uint64_t now_ns);

/* Do what the deadline is for, if it has passed: retransmit, probe, or give up. */
void tcp_client_expire(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns);

/* When to call tcp_client_expire; TCP_NEVER if the connection waits for nothing. Changes with every call that takes now_ns. */
uint64_t tcp_client_deadline_ns(const struct tcp_client *client);

/* Bytes that tcp_client_send will take: 0 once closed, or when all that the connection may ever send is queued. */
size_t tcp_client_send_space(const struct tcp_client *client);

/* Queue bytes, copied, until the next flush; returns how many were taken. */
size_t tcp_client_send(
	struct tcp_worker *worker, struct tcp_client *client, const uint8_t *bytes, size_t length);

/* Bytes in order that wait. They outlive the connection until it is released. */
static inline size_t
tcp_client_readable(const struct tcp_client *client)
{
	return client->receive.readable;
}

/* Copies and consumes waiting bytes; returns how many. */
size_t tcp_client_receive(
	struct tcp_worker *worker, struct tcp_client *client, uint8_t *bytes, size_t capacity);

/* The first contiguous waiting bytes, borrowed until the next call with this connection; and the same forgotten. */
size_t tcp_client_peek(const struct tcp_worker *worker, const struct tcp_client *client,
	const uint8_t **bytes_out);
void tcp_client_consume(struct tcp_worker *worker, struct tcp_client *client, size_t length);

/* Emit what is due: data, FIN, one ACK for all input since the last flush. Call it after a burst of input, send or close. */
void tcp_client_flush(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns);

/*
 * No more will be sent or received: a FIN follows what is queued, what waits or comes is discarded. If the peer does not
 * finish its side within two retransmission timeouts of the next flush, the connection is reset.
 */
void tcp_client_close(struct tcp_worker *worker, struct tcp_client *client);

/* Emits RST at once, and is CLOSED. */
void tcp_client_abort(struct tcp_worker *worker, struct tcp_client *client);

/* Give back all memory, in any state, also of a zeroed client. Sends nothing; the connection is CLOSED. */
void tcp_client_release(struct tcp_worker *worker, struct tcp_client *client);

static inline enum tcp_state
tcp_client_state(const struct tcp_client *client)
{
	return (enum tcp_state)client->state;
}

/* FIN only once the caller has read all before it; the other ends at once, whatever still waits to be read. */
static inline enum tcp_end
tcp_client_end(const struct tcp_client *client)
{
	if (client->end == TCP_END_FIN && client->receive.readable > 0)
		return TCP_END_NONE;
	return (enum tcp_end)client->end;
}

/* True once the peer has acknowledged any byte of ours beyond the SYN. */
static inline bool
tcp_client_has_acknowledged_data(const struct tcp_client *client)
{
	return client->has_acknowledged_data;
}

/* From SYN to SYN-ACK of tcp_client_connect; 0 if unknown, as when the SYN was sent twice. */
static inline uint32_t
tcp_client_handshake_rtt_us(const struct tcp_client *client)
{
	return client->handshake_rtt_us;
}

#endif
