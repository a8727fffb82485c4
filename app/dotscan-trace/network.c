/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "network.h"
#include "query_socket.h"
#include "trace/inquiry.h"

#define EVENTS_MAX    64
#define BURST         32 /* datagrams taken from one socket at a time: a flood must not starve the others */
#define PROBE_IPV4    "192.0.2.1" /* documentation addresses: only the routing table is asked */
#define PROBE_IPV6    "2001:db8::1"
#define NS_PER_MS     1000000ULL
#define NS_PER_SECOND 1000000000ULL

/* An exchange's socket, and which of its queries that is for. */
struct line {
	struct query_socket socket;
	uint32_t generation;
};

struct network {
	struct inquiry *inquiry;
	struct line *lines; /* by the exchange's index */
	int epoll;
	uint8_t datagram[QUERY_MESSAGE_REPLY_MAX + 1];
};

uint64_t
network_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

bool
network_has_family(int family)
{
	struct trace_address address;

	if (!trace_address_parse(family == 4 ? PROBE_IPV4 : PROBE_IPV6, &address))
		return false;
	const int fd = query_socket_connect(&address, false);
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

struct network *
network_create(struct inquiry *inquiry, struct fault *fault)
{
	struct network *network = calloc(1, sizeof(*network));

	if (network != NULL) {
		network->inquiry = inquiry;
		network->epoll = epoll_create1(EPOLL_CLOEXEC);
		network->lines = calloc(inquiry->limit, sizeof(*network->lines));
	}
	if (network == NULL || network->epoll < 0 || network->lines == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "no sockets: %s", strerror(errno));
		network_destroy(network);
		return NULL;
	}
	for (uint32_t i = 0; i < inquiry->limit; i++)
		network->lines[i].socket.descriptor = -1;
	return network;
}

void
network_destroy(struct network *network)
{
	if (network == NULL)
		return;
	for (uint32_t i = 0; network->lines != NULL && i < network->inquiry->limit; i++)
		query_socket_close(&network->lines[i].socket);
	if (network->epoll >= 0)
		(void)close(network->epoll);
	free(network->lines);
	free(network);
}

/* What an error after the first moment means: something on the way, or the host, said so. */
static enum exchange_trouble
trouble_of(int error)
{
	return error == ECONNREFUSED ? EXCHANGE_NOT_ACCEPTED : EXCHANGE_CLOSED;
}

static void
report(struct network *network, struct exchange *exchange, enum exchange_trouble trouble)
{
	exchange_take_trouble(exchange, &network->inquiry->settings, trouble, network_now_ns());
	inquiry_note_end(network->inquiry, exchange);
}

/* Our own want of sockets is no fault of the server: its deadline decides. */
static void
write_query(struct network *network, struct exchange *exchange, struct line *line)
{
	const int error = query_socket_write(&line->socket);

	if (error != 0) {
		if (!query_socket_is_our_want(error))
			report(network, exchange, trouble_of(error));
	} else if (line->socket.is_tcp && query_socket_has_sent(&line->socket)) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = exchange->index };
		(void)epoll_ctl(network->epoll, EPOLL_CTL_MOD, line->socket.descriptor, &event);
	}
}

static int
open_line(struct network *network, struct exchange *exchange, struct line *line)
{
	const int error = query_socket_open(&line->socket, exchange);

	if (error != 0) {
		/* UDP and TCP alike say at once that there is no way. */
		if (!query_socket_is_our_want(error) && error != EAGAIN)
			report(network, exchange,
				error == ECONNREFUSED ? EXCHANGE_NOT_ACCEPTED
						      : EXCHANGE_NOT_ROUTED);
		return 0;
	}
	struct epoll_event event = { .events = line->socket.is_tcp ? EPOLLIN | EPOLLOUT : EPOLLIN,
		.data.u32 = exchange->index };
	if (epoll_ctl(network->epoll, EPOLL_CTL_ADD, line->socket.descriptor, &event) != 0)
		return ERROR_MEMORY;
	if (!line->socket.is_tcp)
		write_query(network, exchange, line);
	return 0;
}

int
network_send(struct network *network)
{
	int error = 0;

	for (uint32_t i = 0; i < network->inquiry->count && error == 0; i++) {
		struct exchange *exchange = network->inquiry->exchanges[i];
		struct line *line = &network->lines[i];
		if (line->generation == exchange->generation)
			continue;
		query_socket_close(&line->socket);
		line->generation = exchange->generation;
		if (exchange->wish != EXCHANGE_WISHES_NOTHING)
			error = open_line(network, exchange, line);
	}
	return error;
}

static int
take_message(
	struct network *network, struct exchange *exchange, const uint8_t *bytes, size_t length)
{
	int error = exchange_take_message(
		exchange, &network->inquiry->settings, bytes, length, network_now_ns());

	inquiry_note_end(network->inquiry, exchange);
	return error;
}

/* What has come, until it ends the query. */
static int
read_messages(struct network *network, struct exchange *exchange, struct line *line)
{
	const uint8_t *bytes = NULL;
	size_t length = 0;
	int error = 0;
	int socket_error = 0;

	for (unsigned int i = 0; i < BURST && error == 0; i++) {
		if (line->generation != exchange->generation)
			return 0;
		switch (query_socket_read(
			&line->socket, network->datagram, &bytes, &length, &socket_error)) {
		case QUERY_SOCKET_MESSAGE:
			error = take_message(network, exchange, bytes, length);
			break;
		case QUERY_SOCKET_TOO_LONG:
			report(network, exchange, EXCHANGE_TOO_LONG);
			return 0;
		case QUERY_SOCKET_CLOSED:
			report(network, exchange, EXCHANGE_CLOSED);
			return 0;
		case QUERY_SOCKET_FAILED:
			report(network, exchange, trouble_of(socket_error));
			return 0;
		case QUERY_SOCKET_WAITS:
			return 0;
		}
	}
	return error;
}

static int
take_event(struct network *network, const struct epoll_event *event)
{
	struct exchange *exchange = network->inquiry->exchanges[event->data.u32];
	struct line *line = &network->lines[event->data.u32];

	/* A message that came before may have ended it. */
	if (line->socket.descriptor < 0 || line->generation != exchange->generation)
		return 0;
	if ((event->events & (EPOLLERR | EPOLLHUP)) != 0 && (event->events & EPOLLIN) == 0) {
		int error = ECONNRESET;
		socklen_t length = sizeof(error);
		(void)getsockopt(line->socket.descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
		report(network, exchange, trouble_of(error));
		return 0;
	}
	if ((event->events & EPOLLOUT) != 0)
		write_query(network, exchange, line);
	if ((event->events & EPOLLIN) == 0)
		return 0;
	return read_messages(network, exchange, line);
}

int
network_wait(struct network *network, uint64_t until_ns)
{
	struct epoll_event events[EVENTS_MAX];
	const uint64_t now_ns = network_now_ns();
	const uint64_t wait_ms =
		until_ns <= now_ns ? 0 : (until_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
	const int count = epoll_wait(
		network->epoll, events, EVENTS_MAX, wait_ms > 1000 ? 1000 : (int)wait_ms);
	int error = 0;

	for (int i = 0; i < count && error == 0; i++)
		error = take_event(network, &events[i]);
	return error;
}
