/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: world_server [--addresses | --cases]
 *
 * The servers of tests/dns_world over real sockets, on port 53 of all their addresses, which the machine must have: meant for a network
 * namespace of its own. --addresses prints them and ends, --cases what a run must find; otherwise "ready" is printed once all sockets are bound.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/byte_order.h"
#include "dns_world/dns_world.h"
#include "dns_world/world_cases.h"

#define PORT        53
#define OTHER_PORT  5353
#define LINES_MAX   2048
#define JOBS_MAX    4096
#define TICK_MS     5
#define DRIP_NS     500000000ULL
#define MS          1000000ULL
#define QUERY_BYTES 512

enum line_kind { LINE_UDP, LINE_LISTENS, LINE_TCP };

struct line {
	int fd;
	enum line_kind kind;
	struct trace_address address;
	uint8_t query[2 + QUERY_BYTES];
	size_t length;
};

/* Octets that leave later. */
struct job {
	uint64_t due_ns;
	int fd;
	bool is_udp;
	bool is_dripped;
	struct sockaddr_storage to;
	socklen_t to_length;
	uint8_t *bytes;
	size_t length;
	size_t sent;
};

static struct line lines[LINES_MAX];
static size_t line_count;
static struct job jobs[JOBS_MAX];
static size_t job_count;

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static socklen_t
socket_address(const struct trace_address *address, uint16_t port, struct sockaddr_storage *storage)
{
	memset(storage, 0, sizeof(*storage));
	if (address->family == 4) {
		struct sockaddr_in *ipv4 = (struct sockaddr_in *)storage;
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(port);
		memcpy(&ipv4->sin_addr, address->bytes, sizeof(ipv4->sin_addr));
		return sizeof(*ipv4);
	}
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)storage;
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(port);
	memcpy(&ipv6->sin6_addr, address->bytes, sizeof(ipv6->sin6_addr));
	return sizeof(*ipv6);
}

static int
open_socket(const struct trace_address *address, int type, uint16_t port)
{
	struct sockaddr_storage local;
	const socklen_t length = socket_address(address, port, &local);
	const int on = 1;
	const int fd = socket(local.ss_family, type | SOCK_NONBLOCK, 0);

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&local, length) != 0 ||
		(type == SOCK_STREAM && listen(fd, 64) != 0)) {
		perror("world_server");
		exit(1);
	}
	return fd;
}

static void
add_line(int fd, enum line_kind kind, const struct trace_address *address)
{
	if (line_count == LINES_MAX) {
		(void)close(fd);
		return;
	}
	lines[line_count++] = (struct line){ .fd = fd, .kind = kind, .address = *address };
}

static void
add_job(const struct job *job)
{
	if (job_count < JOBS_MAX)
		jobs[job_count++] = *job;
	else
		free(job->bytes);
}

/* Whom a datagram came from. */
struct asker {
	struct sockaddr_storage address;
	socklen_t length;
};

/* With TCP's length before it where that is due. */
static void
schedule(const struct world *world, const struct line *line, const struct asker *to,
	const struct world_reply *reply)
{
	const bool is_udp = line->kind == LINE_UDP;
	const uint64_t delay_ns = world_delay_ns(world, &line->address);
	struct job job = { .due_ns = now_ns() + (delay_ns > 20 * MS ? delay_ns : 0),
		.fd = line->fd,
		.is_udp = is_udp,
		.is_dripped = reply->is_dripped,
		.length = reply->length + (is_udp ? 0 : 2) };

	if (to != NULL) {
		job.to = to->address;
		job.to_length = to->length;
	}
	job.bytes = malloc(job.length);
	if (job.bytes != NULL) {
		if (!is_udp)
			store_be16(job.bytes, (uint16_t)reply->length);
		memcpy(job.bytes + (is_udp ? 0 : 2), reply->bytes, reply->length);
		add_job(&job);
	}
}

/* At once, before the server itself replies. The first line is the root's. */
static void
send_from_elsewhere(
	const struct line *line, const struct asker *to, const struct world_reply *reply)
{
	const bool is_port = reply->source == WORLD_FROM_OTHER_PORT;
	const int fd = is_port ? open_socket(&line->address, SOCK_DGRAM, OTHER_PORT) : lines[0].fd;

	(void)sendto(fd, reply->bytes, reply->length, 0, (const struct sockaddr *)&to->address,
		to->length);
	if (is_port)
		(void)close(fd);
}

static void
answer(const struct world *world, const struct line *line, const uint8_t *query, size_t length,
	const struct asker *to)
{
	struct world_reply replies[WORLD_REPLIES_MAX];
	const size_t count =
		world_answer(world, &line->address, line->kind == LINE_TCP, query, length, replies);

	for (size_t i = 0; i < count; i++) {
		if (replies[i].source == WORLD_FROM_SERVER)
			schedule(world, line, to, &replies[i]);
		else
			send_from_elsewhere(line, to, &replies[i]);
		free(replies[i].bytes);
	}
}

static void
end_line(struct line *line)
{
	for (size_t i = 0; i < job_count; i++) {
		if (jobs[i].fd == line->fd && !jobs[i].is_udp)
			jobs[i].fd = -1;
	}
	(void)close(line->fd);
	*line = lines[--line_count];
}

static void
read_tcp(const struct world *world, size_t index)
{
	struct line *line = &lines[index];
	const ssize_t count =
		recv(line->fd, line->query + line->length, sizeof(line->query) - line->length, 0);

	if (count <= 0) {
		end_line(line);
		return;
	}
	line->length += (size_t)count;
	if (line->length >= 2 && line->length >= 2U + load_be16(line->query)) {
		answer(world, line, line->query + 2, line->length - 2, NULL);
		line->length = 0;
	}
}

static void
read_line(const struct world *world, size_t index)
{
	struct line *line = &lines[index];
	struct asker from = { .length = sizeof(from.address) };
	uint8_t query[QUERY_BYTES];

	if (line->kind == LINE_LISTENS) {
		const int fd = accept4(line->fd, NULL, NULL, SOCK_NONBLOCK);
		if (fd >= 0)
			add_line(fd, LINE_TCP, &line->address);
	} else if (line->kind == LINE_TCP) {
		read_tcp(world, index);
	} else {
		const ssize_t count = recvfrom(line->fd, query, sizeof(query), 0,
			(struct sockaddr *)&from.address, &from.length);
		if (count > 0)
			answer(world, line, query, (size_t)count, &from);
	}
}

/* Returns whether the job is over. */
static bool
do_job(struct job *job)
{
	if (job->fd < 0)
		return true;
	if (job->is_udp) {
		(void)sendto(job->fd, job->bytes, job->length, 0, (struct sockaddr *)&job->to,
			job->to_length);
		return true;
	}
	const size_t wanted = job->is_dripped ? 1 : job->length - job->sent;
	const ssize_t count = send(job->fd, job->bytes + job->sent, wanted, MSG_NOSIGNAL);
	if (count > 0)
		job->sent += (size_t)count;
	job->due_ns += DRIP_NS;
	return job->sent == job->length || !job->is_dripped;
}

static void
do_jobs(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < job_count; i++) {
		if (jobs[i].due_ns <= now_ns() && do_job(&jobs[i]))
			free(jobs[i].bytes);
		else
			jobs[kept++] = jobs[i];
	}
	job_count = kept;
}

static void
serve(const struct world *world)
{
	static struct pollfd polled[LINES_MAX];

	for (;;) {
		const size_t count = line_count;
		for (size_t i = 0; i < count; i++)
			polled[i] = (struct pollfd){ .fd = lines[i].fd, .events = POLLIN };
		(void)poll(polled, count, TICK_MS);
		/* From the end, so that a line that ends moves only what has been looked at. */
		for (size_t i = count; i-- > 0;) {
			if (polled[i].revents != 0 && lines[i].fd == polled[i].fd)
				read_line(world, i);
		}
		do_jobs();
	}
}

int
main(int argc, char **argv)
{
	struct world *world = world_create();
	const struct trace_address *address;

	if (world == NULL)
		return 1;
	if (argc == 2 && strcmp(argv[1], "--cases") == 0) {
		for (size_t i = 0; i < world_case_count; i++) {
			if (world_cases[i].is_simulated_only)
				continue;
			printf("%s|%s|%d|%s\n", world_cases[i].label,
				world_cases[i].query == NULL ? "www.%z A" : world_cases[i].query,
				world_cases[i].exit_code, world_cases[i].findings);
		}
		return 0;
	}
	for (size_t i = 0; (address = world_address(world, i)) != NULL; i++) {
		char text[TRACE_ADDRESS_TEXT_BYTES];
		if (argc == 2) {
			puts(trace_address_format(address, text));
			continue;
		}
		add_line(open_socket(address, SOCK_DGRAM, PORT), LINE_UDP, address);
		if (world_accepts_tcp(world, address))
			add_line(open_socket(address, SOCK_STREAM, PORT), LINE_LISTENS, address);
	}
	if (argc == 2)
		return 0;
	puts("ready");
	(void)fflush(stdout);
	serve(world);
}
