/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/byte_order.h"
#include "query_socket.h"

#define PORT         53
#define LENGTH_BYTES QUERY_SOCKET_LENGTH_BYTES
#define TCP_BUFFER   (LENGTH_BYTES + QUERY_MESSAGE_REPLY_MAX)

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

int
query_socket_connect(const struct trace_address *address, bool is_tcp)
{
	struct sockaddr_storage storage;
	const socklen_t length = socket_address(address, &storage);
	const int type = (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
	const int descriptor = socket(address->family == 4 ? AF_INET : AF_INET6, type, 0);

	if (descriptor < 0)
		return -1;
	if (connect(descriptor, (struct sockaddr *)&storage, length) == 0 || errno == EINPROGRESS)
		return descriptor;
	const int saved = errno;
	(void)close(descriptor);
	errno = saved;
	return -1;
}

int
query_socket_open(struct query_socket *socket, const struct exchange *exchange)
{
	const bool is_tcp = exchange->wish == EXCHANGE_WISHES_TCP;
	const size_t prefix = is_tcp ? LENGTH_BYTES : 0;

	*socket = (struct query_socket){ .descriptor = -1, .is_tcp = is_tcp };
	const size_t length = exchange_query(exchange, socket->query + prefix);
	if (is_tcp)
		store_be16(socket->query, (uint16_t)length);
	socket->query_length = prefix + length;
	if (is_tcp && (socket->received = malloc(TCP_BUFFER)) == NULL)
		return ENOMEM;
	socket->descriptor = query_socket_connect(&exchange->address, is_tcp);
	if (socket->descriptor >= 0)
		return 0;
	const int error = errno;
	query_socket_close(socket);
	return error;
}

void
query_socket_close(struct query_socket *socket)
{
	if (socket->descriptor >= 0)
		(void)close(socket->descriptor);
	free(socket->received);
	*socket = (struct query_socket){ .descriptor = -1 };
}

bool
query_socket_is_our_want(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

int
query_socket_write(struct query_socket *socket)
{
	while (socket->sent < socket->query_length) {
		const ssize_t count = send(socket->descriptor, socket->query + socket->sent,
			socket->query_length - socket->sent, MSG_NOSIGNAL);
		if (count < 0)
			return errno == EAGAIN || errno == EINTR || errno == ENOTCONN ? 0 : errno;
		socket->sent += (size_t)count;
	}
	return 0;
}

bool
query_socket_has_sent(const struct query_socket *socket)
{
	return socket->sent == socket->query_length;
}

/* What recv returned that is no octets. */
static enum query_socket_event
nothing_came(ssize_t count, int *error_out)
{
	if (count == 0)
		return QUERY_SOCKET_CLOSED;
	if (errno == EAGAIN || errno == EINTR)
		return QUERY_SOCKET_WAITS;
	*error_out = errno;
	return QUERY_SOCKET_FAILED;
}

static enum query_socket_event
read_stream(struct query_socket *socket, int *error_out)
{
	for (;;) {
		size_t wanted = LENGTH_BYTES;
		if (socket->received_length >= LENGTH_BYTES)
			wanted += load_be16(socket->received);
		if (wanted > TCP_BUFFER)
			return QUERY_SOCKET_TOO_LONG;
		if (socket->received_length >= LENGTH_BYTES && socket->received_length == wanted)
			return QUERY_SOCKET_MESSAGE;
		const ssize_t count =
			recv(socket->descriptor, socket->received + socket->received_length,
				wanted - socket->received_length, 0);
		if (count <= 0)
			return nothing_came(count, error_out);
		socket->received_length += (size_t)count;
	}
}

enum query_socket_event
query_socket_read(struct query_socket *socket, uint8_t *datagram, const uint8_t **bytes_out,
	size_t *length_out, int *error_out)
{
	if (socket->is_tcp) {
		const enum query_socket_event event = read_stream(socket, error_out);
		if (event == QUERY_SOCKET_MESSAGE) {
			*bytes_out = socket->received + LENGTH_BYTES;
			*length_out = socket->received_length - LENGTH_BYTES;
			socket->received_length = 0;
		}
		return event;
	}
	const ssize_t count = recv(socket->descriptor, datagram, QUERY_MESSAGE_REPLY_MAX + 1, 0);
	if (count < 0)
		return nothing_came(count, error_out);
	*bytes_out = datagram;
	*length_out = (size_t)count;
	return QUERY_SOCKET_MESSAGE;
}
