/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUERY_SOCKET_H
#define QUERY_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/exchange.h"

/*
 * The non-blocking socket of one query, connected to whom it is for, and the octets on their way through it. Zeroed but for
 * descriptor -1 it is closed.
 */
#define QUERY_SOCKET_LENGTH_BYTES 2 /* TCP's, before each message */

struct query_socket {
	int descriptor; /* -1: closed */
	bool is_tcp;
	uint8_t query[QUERY_SOCKET_LENGTH_BYTES + QUERY_MESSAGE_BYTES];
	size_t query_length;
	size_t sent;
	uint8_t *received; /* TCP only */
	size_t received_length;
};

/* A connected socket, or -1 with errno set. TCP may still be on its way. */
int query_socket_connect(const struct trace_address *address, bool is_tcp);

/* For the exchange's present query. Returns 0 or errno; then it is closed. */
int query_socket_open(struct query_socket *socket, const struct exchange *exchange);
void query_socket_close(struct query_socket *socket);

/* Send what has not left yet. Returns 0 or errno, and 0 too where it must wait. */
int query_socket_write(struct query_socket *socket);
bool query_socket_has_sent(const struct query_socket *socket);

enum query_socket_event {
	QUERY_SOCKET_WAITS,
	QUERY_SOCKET_MESSAGE,
	QUERY_SOCKET_TOO_LONG, /* it announces more than is taken; nothing of it has been read */
	QUERY_SOCKET_CLOSED,
	QUERY_SOCKET_FAILED /* with errno in error_out */
};

/*
 * The next message. datagram is room for one of QUERY_MESSAGE_REPLY_MAX + 1 octets, so that a longer one is seen to be longer. *bytes_out
 * is in it or in the socket, and holds until the next call.
 */
enum query_socket_event query_socket_read(struct query_socket *socket, uint8_t *datagram,
	const uint8_t **bytes_out, size_t *length_out, int *error_out);

/* Whether the error is our own want of memory or descriptors, which is no fault of the peer. */
bool query_socket_is_our_want(int error);

#endif
