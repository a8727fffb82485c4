/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_LIMITS_H
#define TCP_LIMITS_H

#include "packet/wire_headers.h"

/* Everything that a peer can grow or repeat, and why it may go so far and no further. */

/* A full segment fits; tiny ones are gathered. */
#define TCP_CHUNK_BYTES 1520
/* An initial window of ten segments (RFC 6928) and more, once around a lost first one. */
#define TCP_OUT_OF_ORDER_CHUNKS 16
/* Bytes that wait for the caller. It reads at once, so this only binds when it cannot. */
#define TCP_UNREAD_MAXIMUM OUR_WINDOW
/* All that one peer may send us, whatever of it we want: the longest certificate chains stay far below. */
#define TCP_RECEIVE_BUDGET (256U * 1024)
/* What a segment costs of that budget beside its payload, so that a flood of empty ones ends too. */
#define TCP_RECEIVE_COST 16U
/* A ClientHello, a Finished and a few questions at once. */
#define TCP_SEND_BUFFER_BYTES 2048

/* RFC 9293 section 3.7.1: what a peer takes that does not say. */
#define TCP_MSS_DEFAULT 536
/* Below that a peer asks for a flood of headers. */
#define TCP_MSS_MINIMUM 64
/* Room for tunnels on the way (PPPoE, GRE, IPv6 transition) without path MTU discovery. */
#define TCP_MSS_MAXIMUM 1400
/* Path MTU messages are easily forged: they cannot push us lower. */
#define TCP_MSS_ICMP_MINIMUM 536
/* Below an initial window of ten (RFC 6928), so no congestion control is needed. */
#define TCP_FLIGHT_SEGMENTS 4

#define TCP_TIMEOUT_INITIAL_US 1000000U  /* RFC 6298 section 2.1 */
#define TCP_TIMEOUT_MINIMUM_US 1000000U  /* RFC 6298 section 2.4 */
#define TCP_TIMEOUT_MAXIMUM_US 60000000U /* RFC 6298 section 2.5 */
/* With 1 s doubling, a peer that says nothing is given up after 15 s; the caller's own deadlines are shorter. */
#define TCP_RETRANSMISSIONS 3
/* RFC 9293 section 3.8.6.1 would have us probe for ever; a closed window is no reason to keep a connection. */
#define TCP_WINDOW_PROBES 5
/* RFC 5961 section 7, for each connection. */
#define TCP_CHALLENGE_INTERVAL_NS 1000000000ULL
/* Duplicate acknowledgments in one flush: three start a fast retransmit (RFC 5681 section 3.2), more say nothing new. */
#define TCP_DUPLICATE_ACKS 3

#endif
