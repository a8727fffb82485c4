/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "survey/dns_client.h"

#define TRIES         2
#define EVENTS        64
#define RECEIVE_BYTES (4 << 20)

struct dns_client {
	ares_channel channel;
	int epoll;
	uint32_t in_flight;
	dns_client_done done;
	void *context;
	bool has_library;
};

struct question {
	struct dns_client *client;
	enum lookup_type type;
	uint32_t subject;
};

/* c-ares says which of its sockets it wants to hear of. */
static void
watch_socket(void *context, ares_socket_t socket, int wants_read, int wants_write)
{
	struct dns_client *client = context;
	struct epoll_event event = { .data.fd = socket };

	event.events = (wants_read ? EPOLLIN : 0u) | (wants_write ? EPOLLOUT : 0u);
	if (event.events == 0)
		(void)epoll_ctl(client->epoll, EPOLL_CTL_DEL, socket, NULL);
	else if (epoll_ctl(client->epoll, EPOLL_CTL_MOD, socket, &event) != 0)
		(void)epoll_ctl(client->epoll, EPOLL_CTL_ADD, socket, &event);
}

static int
set_resolver(struct dns_client *client, const char *resolver, struct fault *fault)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *colon = strchr(resolver, ':');
	const bool is_ipv4 = colon == NULL || strchr(colon + 1, ':') == NULL;
	const size_t length =
		is_ipv4 && colon != NULL ? (size_t)(colon - resolver) : strlen(resolver);
	struct in6_addr number;
	uint64_t port = 0;
	/* c-ares would take any number, modulo 65,536. */
	const bool has_good_port =
		!is_ipv4 || colon == NULL || number_parse(colon + 1, 1, UINT16_MAX, &port);

	if (has_good_port && length > 0 && length < sizeof(address)) {
		memcpy(address, resolver, length);
		address[length] = '\0';
		if (inet_pton(is_ipv4 ? AF_INET : AF_INET6, address, &number) == 1 &&
			ares_set_servers_ports_csv(client->channel, resolver) == ARES_SUCCESS)
			return 0;
	}
	return fault_set(fault, ERROR_INPUT,
		"--resolver %s: not a resolver; accepted: an address such as 127.0.0.1 or 127.0.0.1:5335",
		resolver);
}

int
dns_client_create(struct dns_client **client_out, const char *resolver, uint32_t timeout_ms,
	dns_client_done done, void *context, struct fault *fault)
{
	struct dns_client *client = calloc(1, sizeof(*client));
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_STAYOPEN,
		.timeout = (int)timeout_ms,
		.tries = TRIES,
		.socket_receive_buffer_size = RECEIVE_BYTES,
		.sock_state_cb = watch_socket,
		.sock_state_cb_data = client,
		.lookups = (char[]){ "b" },
	};
	const int which = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
			  ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS;

	if (client == NULL)
		return ERROR_MEMORY;
	client->done = done;
	client->context = context;
	client->epoll = epoll_create1(EPOLL_CLOEXEC);
	client->has_library = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
	int error =
		client->epoll < 0 || !client->has_library ||
				ares_init_options(&client->channel, &options, which) != ARES_SUCCESS
			? ERROR_LIBRARY
			: 0;
	if (error == 0)
		error = set_resolver(client, resolver, fault);
	if (error != 0) {
		dns_client_destroy(client);
		return error;
	}
	*client_out = client;
	return 0;
}

void
dns_client_destroy(struct dns_client *client)
{
	if (client == NULL)
		return;
	if (client->channel != NULL)
		ares_destroy(client->channel);
	if (client->has_library)
		ares_library_cleanup();
	if (client->epoll >= 0)
		(void)close(client->epoll);
	free(client);
}

/* That there is no such name or no such data is an answer too. */
static enum lookup_status
status_of(int status)
{
	if (status == ARES_SUCCESS)
		return LOOKUP_FOUND;
	return status == ARES_ENOTFOUND || status == ARES_ENODATA ? LOOKUP_NOTHING : LOOKUP_UNKNOWN;
}

static void
parse_addresses(const unsigned char *message, int length, struct dns_client_answer *answer)
{
	struct ares_addrttl found[NAME_BOOK_ADDRESSES];
	int count = NAME_BOOK_ADDRESSES;

	answer->status = status_of(ares_parse_a_reply(message, length, NULL, found, &count));
	for (int i = 0; answer->status == LOOKUP_FOUND && i < count; i++)
		answer->addresses[answer->address_count++] = ntohl(found[i].ipaddr.s_addr);
	if (answer->address_count == 0 && answer->status == LOOKUP_FOUND)
		answer->status = LOOKUP_NOTHING;
}

static void
parse_name(const unsigned char *message, int length, struct dns_client_answer *answer)
{
	const uint32_t address = htonl(answer->subject);
	struct hostent *host = NULL;

	answer->status = status_of(
		ares_parse_ptr_reply(message, length, &address, sizeof(address), AF_INET, &host));
	if (answer->status != LOOKUP_FOUND)
		return;
	(void)snprintf(answer->name, sizeof(answer->name), "%s", host->h_name);
	ares_free_hostent(host);
	/* A name nobody would look up is kept as no name: it comes from whom it may concern. */
	if (!name_book_is_askable(answer->name))
		answer->status = LOOKUP_NOTHING;
}

static void
take_answer(void *context, int status, int timeouts, unsigned char *message, int length)
{
	struct question *question = context;
	struct dns_client *client = question->client;
	struct dns_client_answer answer = {
		.type = question->type, .subject = question->subject, .status = status_of(status)
	};

	(void)timeouts;
	if (answer.status == LOOKUP_FOUND && answer.type == LOOKUP_A)
		parse_addresses(message, length, &answer);
	else if (answer.status == LOOKUP_FOUND)
		parse_name(message, length, &answer);
	free(question);
	client->in_flight--;
	client->done(client->context, &answer);
}

int
dns_client_ask(struct dns_client *client, enum lookup_type type, uint32_t subject, const char *name)
{
	struct question *question = malloc(sizeof(*question));
	char reverse[64];

	if (question == NULL)
		return ERROR_MEMORY;
	*question = (struct question){ client, type, subject };
	if (type == LOOKUP_PTR)
		(void)snprintf(reverse, sizeof(reverse), "%u.%u.%u.%u.in-addr.arpa", subject & 255,
			subject >> 8 & 255, subject >> 16 & 255, subject >> 24);
	client->in_flight++;
	ares_query(client->channel, type == LOOKUP_PTR ? reverse : name, ns_c_in,
		type == LOOKUP_PTR ? ns_t_ptr : ns_t_a, take_answer, question);
	return 0;
}

void
dns_client_wait(struct dns_client *client, int milliseconds)
{
	struct epoll_event events[EVENTS];
	const int count = epoll_wait(client->epoll, events, EVENTS, milliseconds);

	for (int i = 0; i < count; i++) {
		const bool can_read = (events[i].events & ~(uint32_t)EPOLLOUT) != 0;
		const bool can_write = (events[i].events & EPOLLOUT) != 0;
		ares_process_fd(client->channel, can_read ? events[i].data.fd : ARES_SOCKET_BAD,
			can_write ? events[i].data.fd : ARES_SOCKET_BAD);
	}
	/* Time-outs are due whether or not a socket has something. */
	ares_process_fd(client->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

uint32_t
dns_client_in_flight(const struct dns_client *client)
{
	return client->in_flight;
}
