/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "packet/frame_builder.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"
#include "simulation/scan_hosts.h"

#define MILLISECOND_NS 1000000ULL
#define TRIGGERS       14

struct scan_host_connection {
	struct model_server server;
	struct scan_host_connection *next;
};

static const struct {
	uint32_t weight;
	enum outcome outcome;
	uint32_t handshake_bytes;
	bool answers;
	bool closes;
	enum model_trigger trigger;
} kinds[] = {
#define X(name, weight, outcome, handshake, answers, closes, trigger) \
	{ weight, OUTCOME_##outcome, handshake, answers, closes, MODEL_TRIGGER_##trigger },
	SCAN_HOST_LIST(X)
#undef X
};

enum outcome
scan_host_outcome(enum scan_host_kind kind)
{
	return kinds[kind].outcome;
}

/* In sizes, a TLS handshake and two questions. */
void
scan_hosts_dialogue(struct model_step steps[MODEL_STEPS])
{
	steps[0] = (struct model_step){ 320, SCAN_HOST_HANDSHAKE };
	steps[1] = (struct model_step){ 560, 300 };
	steps[2] = (struct model_step){ 760, 200 };
}

static enum scan_host_kind
draw_kind(struct random_sequence *random)
{
	uint64_t total = 0;

	for (int i = 0; i < SCAN_HOST_COUNT; i++)
		total += kinds[i].weight;
	uint64_t draw = random_below(random, total);
	int kind = 0;
	while (draw >= kinds[kind].weight)
		draw -= kinds[kind++].weight;
	return (enum scan_host_kind)kind;
}

static void
adapt_behaviour(struct model_behaviour *behaviour, enum scan_host_kind kind)
{
	behaviour->steps[0].response_bytes = kinds[kind].handshake_bytes;
	for (int i = 1; i < MODEL_STEPS && !kinds[kind].answers; i++)
		behaviour->steps[i].response_bytes = 0;
	behaviour->closes_first = kinds[kind].closes;
	behaviour->trigger = kinds[kind].trigger;
	behaviour->trigger_at = 2;
	behaviour->is_syn_cookie = kind == SCAN_HOST_RIGHT_SYN_COOKIE;
	if (kind == SCAN_HOST_RIGHT_IN_PIECES) {
		behaviour->segment_maximum = 100;
		behaviour->mss = 100;
	}
}

static void
init_host(struct scan_hosts *hosts, uint32_t index, bool all_triggered)
{
	static const uint16_t sizes[] = { 536, 1200, 1460 };
	struct scan_host *host = &hosts->hosts[index];
	struct model_behaviour *behaviour = &host->behaviour;

	host->kind = all_triggered ? SCAN_HOST_TRIGGERED : draw_kind(&hosts->random);
	host->delay_ns = MILLISECOND_NS + random_below(&hosts->random, 60 * MILLISECOND_NS);
	scan_hosts_dialogue(behaviour->steps);
	behaviour->mss = sizes[random_below(&hosts->random, 3)];
	behaviour->segment_maximum = sizes[random_below(&hosts->random, 3)];
	behaviour->window = 30000;
	adapt_behaviour(behaviour, host->kind);
	if (all_triggered) {
		behaviour->trigger = (enum model_trigger)(1 + index % (MODEL_TRIGGER_COUNT - 1));
		behaviour->trigger_at = 2 + index / (MODEL_TRIGGER_COUNT - 1) % TRIGGERS;
	}
}

void
scan_hosts_init(struct scan_hosts *hosts, uint32_t first_address, uint32_t count, uint16_t port,
	struct scan_network *network, uint64_t seed, bool all_triggered)
{
	const struct simulated_link_settings at_once = { 0 };

	*hosts = (struct scan_hosts){
		.hosts = calloc(count, sizeof(*hosts->hosts)),
		.count = count,
		.first_address = first_address,
		.port = port,
		.network = network,
		.outbox = malloc(sizeof(*hosts->outbox)),
		.random = { seed },
	};
	assert_non_null(hosts->hosts);
	assert_non_null(hosts->outbox);
	simulated_link_init(hosts->outbox, &at_once, 0);
	for (uint32_t i = 0; i < count; i++)
		init_host(hosts, i, all_triggered);
}

void
scan_hosts_clear(struct scan_hosts *hosts)
{
	for (uint32_t i = 0; i < hosts->count; i++) {
		while (hosts->hosts[i].connections != NULL) {
			struct scan_host_connection *first = hosts->hosts[i].connections;
			hosts->hosts[i].connections = first->next;
			free(first);
		}
	}
	free(hosts->hosts);
	free(hosts->outbox);
	*hosts = (struct scan_hosts){ 0 };
}

uint64_t
scan_hosts_delay_ns(const struct scan_hosts *hosts, const uint8_t *frame)
{
	const uint32_t address = load_be32(frame + ETHERNET_HEADER_SIZE + IPV4_OFFSET_DESTINATION);

	assert_true(address - hosts->first_address < hosts->count);
	return hosts->hosts[address - hosts->first_address].delay_ns;
}

/* segment as the host sends it: local is the host. */
static void
post(struct scan_hosts *hosts, const struct segment *segment, uint64_t now_ns)
{
	static const struct link_endpoints link = { { 2, 2 }, { 2, 1 }, 0 };
	const struct scan_host *host = &hosts->hosts[segment->local_address - hosts->first_address];
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	const size_t length = frame_build_segment(&link, segment, 1, frame);

	scan_network_send(hosts->network, frame, length, true, now_ns + host->delay_ns);
}

static void
empty_outbox(struct scan_hosts *hosts, uint64_t now_ns)
{
	struct segment received;

	while (simulated_link_receive(hosts->outbox, now_ns, &received)) {
		struct segment segment = received;

		segment.local_address = received.remote_address;
		segment.remote_address = received.local_address;
		segment.local_port = received.remote_port;
		segment.remote_port = received.local_port;
		post(hosts, &segment, now_ns);
	}
}

static void
refuse(struct scan_hosts *hosts, const struct segment *segment, uint64_t now_ns)
{
	struct segment reset = *segment;

	if ((segment->flags & TCP_RST) != 0)
		return;
	reset.payload_length = 0;
	reset.flags = TCP_RST;
	reset.sequence = segment->acknowledgment;
	if ((segment->flags & TCP_ACK) == 0) {
		reset.flags = TCP_RST | TCP_ACK;
		reset.sequence = 0;
		reset.acknowledgment = segment->sequence + segment_span(segment);
	}
	post(hosts, &reset, now_ns);
}

static struct scan_host_connection *
connection_of(struct scan_hosts *hosts, struct scan_host *host, const struct segment *segment)
{
	struct scan_host_connection *connection = host->connections;

	while (connection != NULL && connection->server.peer.remote_port != segment->remote_port)
		connection = connection->next;
	if (connection != NULL || segment->flags != TCP_SYN)
		return connection;
	connection = calloc(1, sizeof(*connection));
	assert_non_null(connection);
	model_server_init(&connection->server, &host->behaviour, hosts->outbox,
		segment->local_address, hosts->port, random_next(&hosts->random));
	connection->server.peer = *segment;
	connection->next = host->connections;
	host->connections = connection;
	host->syns++;
	return connection;
}

static void
free_over(struct scan_hosts *hosts, struct scan_host *host)
{
	struct scan_host_connection **link = &host->connections;

	while (*link != NULL) {
		struct scan_host_connection *connection = *link;

		if (connection->server.fault != NULL)
			hosts->fault = connection->server.fault;
		if (!connection->server.is_over) {
			link = &connection->next;
			continue;
		}
		*link = connection->next;
		free(connection);
	}
}

static void
host_input(struct scan_hosts *hosts, struct scan_host *host, const struct segment *segment,
	uint64_t now_ns)
{
	if ((segment->flags & TCP_RST) != 0)
		host->resets++;
	if (host->kind == SCAN_HOST_DARK)
		return;
	struct scan_host_connection *connection =
		host->kind == SCAN_HOST_CLOSED ? NULL : connection_of(hosts, host, segment);
	if (connection == NULL) {
		refuse(hosts, segment, now_ns);
		return;
	}
	model_server_input(&connection->server, segment, now_ns);
	empty_outbox(hosts, now_ns);
	free_over(hosts, host);
}

void
scan_hosts_input(struct scan_hosts *hosts, const uint8_t *frame, size_t length, uint64_t now_ns)
{
	const uint32_t address = load_be32(frame + ETHERNET_HEADER_SIZE + IPV4_OFFSET_DESTINATION);
	const struct frame_parser parser = { &address, 1, 0 };
	struct parsed_frame parsed;

	/* All that the scanner sends is well formed and goes to a target. */
	assert_int_equal(frame_parse(&parser, frame, length, &parsed), FRAME_TCP);
	assert_true(address - hosts->first_address < hosts->count);
	assert_int_equal(parsed.segment.local_port, hosts->port);
	host_input(hosts, &hosts->hosts[address - hosts->first_address], &parsed.segment, now_ns);
}

void
scan_hosts_expire(struct scan_hosts *hosts, uint64_t now_ns)
{
	for (uint32_t i = 0; i < hosts->count; i++) {
		struct scan_host *host = &hosts->hosts[i];

		if (host->connections == NULL)
			continue;
		for (struct scan_host_connection *c = host->connections; c != NULL; c = c->next) {
			model_server_expire(&c->server, now_ns);
			empty_outbox(hosts, now_ns);
		}
		free_over(hosts, host);
	}
}
