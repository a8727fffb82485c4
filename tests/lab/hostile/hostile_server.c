/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hostile_server TABLE: many small servers in one process, for the lab. Each line of TABLE is
 *     PORT BEHAVIOUR PEM OPTIONS
 * with "-" for a PEM file that a behaviour without TLS does not need, and OPTIONS as in identity.h.
 */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "behaviour.h"
#include "identity.h"

#define LISTENERS_LIMIT 512
#define BACKLOG         65535
#define STACK_BYTES     (256 * 1024) /* OpenSSL's handshake needs about 40 kB */
#define THREADS_LIMIT   6000 /* connections served at once; the rest wait in the accept queue */

struct listener {
	int fd;
	const struct behaviour *behaviour;
	SSL_CTX *context;
};

struct connection {
	int fd;
	const struct listener *listener;
};

static sem_t free_threads;

static void *
serve_connection(void *argument)
{
	struct connection connection = *(struct connection *)argument;
	struct peer peer;
	free(argument);
	peer_init(&peer, connection.fd);
	connection.listener->behaviour->serve(&peer, connection.listener->context);
	peer_clear(&peer);
	(void)close(connection.fd);
	(void)sem_post(&free_threads);
	return NULL;
}

static int
start_thread(struct connection *connection)
{
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	int failure = pthread_create(&thread, &attributes, serve_connection, connection);
	pthread_attr_destroy(&attributes);
	return failure;
}

static void
accept_one(const struct listener *listener)
{
	while (sem_wait(&free_threads) != 0) {
	}
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
	struct connection *connection = fd < 0 ? NULL : malloc(sizeof(*connection));
	if (connection != NULL) {
		*connection = (struct connection){ .fd = fd, .listener = listener };
		if (start_thread(connection) == 0)
			return;
		free(connection);
	}
	if (fd >= 0) {
		fprintf(stderr, "hostile_server: no memory or no thread for a connection\n");
		(void)close(fd);
	}
	(void)sem_post(&free_threads);
}

static int
listen_on(unsigned int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int yes = 1;
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
		bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		listen(fd, BACKLOG) == 0)
		return fd;
	fprintf(stderr, "hostile_server: port %u: %s\n", port, strerror(errno));
	return -1;
}

static int
open_listener(const char *line, struct listener *listener_out)
{
	unsigned int port;
	char name[64];
	char pem[512];
	char options[128];
	if (sscanf(line, "%u %63s %511s %127s", &port, name, pem, options) != 4 || port > 65535) {
		fprintf(stderr, "hostile_server: not a line of the table: %s\n", line);
		return -1;
	}
	struct listener listener = { .behaviour = behaviour_find(name) };
	if (listener.behaviour == NULL) {
		fprintf(stderr, "hostile_server: no behaviour \"%s\"\n", name);
		return -1;
	}
	if (listener.behaviour->needs_tls) {
		listener.context = identity_open(pem, options);
		if (listener.context == NULL)
			return -1;
	}
	listener.fd = listen_on(port);
	*listener_out = listener;
	return listener.fd < 0 ? -1 : 0;
}

/* Returns how many listeners the table holds, or -1. */
static int
open_table(const char *path, struct listener *listeners)
{
	char line[1024];
	int count = 0;
	FILE *table = fopen(path, "re");
	if (table == NULL) {
		fprintf(stderr, "hostile_server: %s: %s\n", path, strerror(errno));
		return -1;
	}
	while (count >= 0 && count < LISTENERS_LIMIT && fgets(line, sizeof(line), table) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		count = open_listener(line, &listeners[count]) == 0 ? count + 1 : -1;
	}
	(void)fclose(table);
	return count;
}

int
main(int argc, char **argv)
{
	static struct listener listeners[LISTENERS_LIMIT];
	if (argc != 2) {
		fprintf(stderr, "usage: hostile_server TABLE\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	int count = open_table(argv[1], listeners);
	int poller = epoll_create1(EPOLL_CLOEXEC);
	if (count < 0 || poller < 0 || sem_init(&free_threads, 0, THREADS_LIMIT) != 0)
		return 1;
	for (int index = 0; index < count; index++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listeners[index] };
		if (epoll_ctl(poller, EPOLL_CTL_ADD, listeners[index].fd, &event) != 0)
			return 1;
	}
	for (;;) {
		struct epoll_event events[64];
		int ready = epoll_wait(poller, events, 64, -1);
		for (int index = 0; index < ready; index++)
			accept_one(events[index].data.ptr);
	}
}
