/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "network.h"
#include "trace/inquiry.h"

#define PORT       53
#define EVENTS_MAX 64
#define UDP_BURST \
	32 /* datagrams taken from one socket at a time: a flood must not starve the others */
#define LENGTH_BYTES  2
#define TCP_BUFFER    (LENGTH_BYTES + QUERY_MESSAGE_REPLY_MAX)
#define PROBE_IPV4    "192.0.2.1" /* documentation addresses: only the routing table is asked */
#define PROBE_IPV6    "2001:db8::1"
#define NS_PER_MS     1000000ULL
#define NS_PER_SECOND 1000000000ULL

/* The socket of one exchange's present query. */
struct line {
	int socket; /* -1: none */
	uint32_t generation;
	bool is_tcp;
	bool has_sent;
	uint8_t query[LENGTH_BYTES + QUERY_MESSAGE_BYTES];
	size_t query_length;
	size_t sent;
	uint8_t *received; /* TCP only */
	size_t received_length;
};

struct network {
	struct inquiry *inquiry;
	struct line *lines; /* by the exchange's index */
	int epoll;
};

uint64_t
network_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static socklen_t
socket_address(const struct trace_address *address, struct sockaddr_storage *storage)
{
	memset(storage, 0, sizeof(*storage));
	if (address->family == 4) {
		struct sockaddr_in *ipv4 = (struct sockaddr_in *)storage;
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(PORT);
		memcpy(&ipv4->sin_addr, address->bytes, sizeof(ipv4->sin_addr));
		return sizeof(*ipv4);
	}
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)storage;
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(PORT);
	memcpy(&ipv6->sin6_addr, address->bytes, sizeof(ipv6->sin6_addr));
	return sizeof(*ipv6);
}

/* A connected socket, or -1 with errno set. TCP may still be on its way. */
static int
connect_to(const struct trace_address *address, bool is_tcp)
{
	struct sockaddr_storage storage;
	const socklen_t length = socket_address(address, &storage);
	const int type = (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
	const int fd = socket(address->family == 4 ? AF_INET : AF_INET6, type, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&storage, length) == 0 || errno == EINPROGRESS)
		return fd;
	const int saved = errno;
	(void)close(fd);
	errno = saved;
	return -1;
}

bool
network_has_family(int family)
{
	struct trace_address address;

	if (!trace_address_parse(family == 4 ? PROBE_IPV4 : PROBE_IPV6, &address))
		return false;
	const int fd = connect_to(&address, false);
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
		network->lines[i].socket = -1;
	return network;
}

static void
close_line(struct line *line)
{
	if (line->socket >= 0)
		(void)close(line->socket);
	free(line->received);
	line->received = NULL;
	line->received_length = 0;
	line->socket = -1;
}

void
network_destroy(struct network *network)
{
	if (network == NULL)
		return;
	for (uint32_t i = 0; network->lines != NULL && i < network->inquiry->limit; i++)
		close_line(&network->lines[i]);
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
static bool
is_our_want(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
	       error == EAGAIN;
}

static void
write_query(struct network *network, struct exchange *exchange, struct line *line)
{
	while (line->sent < line->query_length) {
		const ssize_t count = send(line->socket, line->query + line->sent,
			line->query_length - line->sent, MSG_NOSIGNAL);
		if (count < 0) {
			if (errno != EAGAIN && errno != EINTR && errno != ENOTCONN &&
				!is_our_want(errno))
				report(network, exchange, trouble_of(errno));
			return;
		}
		line->sent += (size_t)count;
	}
	if (line->is_tcp && !line->has_sent) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = exchange->index };
		(void)epoll_ctl(network->epoll, EPOLL_CTL_MOD, line->socket, &event);
	}
	line->has_sent = true;
}

static int
open_line(struct network *network, struct exchange *exchange, struct line *line)
{
	const bool is_tcp = exchange->wish == EXCHANGE_WISHES_TCP;
	const size_t prefix = is_tcp ? LENGTH_BYTES : 0;

	line->is_tcp = is_tcp;
	line->has_sent = false;
	line->sent = 0;
	const size_t length = exchange_query(exchange, line->query + prefix);
	if (is_tcp)
		store_be16(line->query, (uint16_t)length);
	line->query_length = prefix + length;
	if (is_tcp && (line->received = malloc(TCP_BUFFER)) == NULL)
		return ERROR_MEMORY;
	line->socket = connect_to(&exchange->address, is_tcp);
	if (line->socket < 0) {
		if (!is_our_want(errno))
			report(network, exchange,
				errno == ECONNREFUSED ? EXCHANGE_NOT_ACCEPTED
						      : EXCHANGE_NOT_ROUTED);
		return 0;
	}
	struct epoll_event event = { .events = is_tcp ? EPOLLIN | EPOLLOUT : EPOLLIN,
		.data.u32 = exchange->index };
	if (epoll_ctl(network->epoll, EPOLL_CTL_ADD, line->socket, &event) != 0)
		return ERROR_MEMORY;
	if (!is_tcp)
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
		close_line(line);
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

static int
read_datagrams(struct network *network, struct exchange *exchange, struct line *line)
{
	/* One more, so that a longer one is seen to be longer. */
	uint8_t bytes[QUERY_MESSAGE_REPLY_MAX + 1];
	int error = 0;

	for (unsigned int i = 0; i < UDP_BURST && error == 0; i++) {
		if (line->generation != exchange->generation)
			return 0;
		const ssize_t count = recv(line->socket, bytes, sizeof(bytes), 0);
		if (count < 0) {
			if (errno != EAGAIN && errno != EINTR)
				report(network, exchange, trouble_of(errno));
			return 0;
		}
		error = take_message(network, exchange, bytes, (size_t)count);
	}
	return error;
}

/* A message that announces more than we take is refused before any of it is read. */
static int
read_stream(struct network *network, struct exchange *exchange, struct line *line)
{
	for (;;) {
		size_t wanted = LENGTH_BYTES;
		if (line->received_length >= LENGTH_BYTES)
			wanted += load_be16(line->received);
		if (wanted > TCP_BUFFER) {
			report(network, exchange, EXCHANGE_TOO_LONG);
			return 0;
		}
		if (line->received_length >= LENGTH_BYTES && line->received_length == wanted)
			return take_message(network, exchange, line->received + LENGTH_BYTES,
				wanted - LENGTH_BYTES);
		const ssize_t count = recv(line->socket, line->received + line->received_length,
			wanted - line->received_length, 0);
		if (count > 0) {
			line->received_length += (size_t)count;
			continue;
		}
		if (count == 0)
			report(network, exchange, EXCHANGE_CLOSED);
		else if (errno != EAGAIN && errno != EINTR)
			report(network, exchange, trouble_of(errno));
		return 0;
	}
}

static int
take_event(struct network *network, const struct epoll_event *event)
{
	struct exchange *exchange = network->inquiry->exchanges[event->data.u32];
	struct line *line = &network->lines[event->data.u32];

	/* A message that came before may have ended it. */
	if (line->socket < 0 || line->generation != exchange->generation)
		return 0;
	if ((event->events & (EPOLLERR | EPOLLHUP)) != 0 && (event->events & EPOLLIN) == 0) {
		int error = ECONNRESET;
		socklen_t length = sizeof(error);
		(void)getsockopt(line->socket, SOL_SOCKET, SO_ERROR, &error, &length);
		report(network, exchange, trouble_of(error));
		return 0;
	}
	if ((event->events & EPOLLOUT) != 0)
		write_query(network, exchange, line);
	if ((event->events & EPOLLIN) == 0 || line->generation != exchange->generation)
		return 0;
	return line->is_tcp ? read_stream(network, exchange, line)
			    : read_datagrams(network, exchange, line);
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
