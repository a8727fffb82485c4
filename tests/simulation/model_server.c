/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "simulation/model_server.h"

#define FLIGHT_SEGMENTS 20
#define CLIENT_WINDOW   32768
#define TIMEOUT_NS      400000000ULL
#define TRIES           7
#define NEVER           UINT64_MAX

uint8_t
model_byte(uint64_t offset, bool is_response)
{
	struct random_sequence random = { .state = offset * 2 + (is_response ? 1 : 0) };

	return (uint8_t)random_next(&random);
}

void
model_server_init(struct model_server *server, const struct model_behaviour *behaviour,
	struct simulated_link *link, uint32_t address, uint16_t port, uint64_t seed)
{
	memset(server, 0, sizeof(*server));
	server->behaviour = *behaviour;
	server->link = link;
	server->address = address;
	server->port = port;
	server->random.state = seed;
	/* Every other server starts close to the wrap. */
	server->our_start = (uint32_t)random_next(&server->random);
	if (seed % 2 == 0)
		server->our_start = UINT32_MAX - (uint32_t)random_below(&server->random, 2000);
	server->fin_offset = NEVER;
	server->timer_ns = NEVER;
	server->keep_alive_ns = NEVER;
	server->window_opens_ns = behaviour->window_opens_ns;
}

uint64_t
model_server_response_total(const struct model_behaviour *behaviour)
{
	uint64_t total = 0;

	for (int i = 0; i < MODEL_STEPS; i++)
		total += behaviour->steps[i].response_bytes;
	return total;
}

/* What may be sent by now; endless servers never run out. */
static uint64_t
response_available(const struct model_server *server)
{
	uint64_t total = 0;

	for (int i = 0; i < MODEL_STEPS; i++) {
		if (server->request_length < server->behaviour.steps[i].request_bytes)
			return total;
		total += server->behaviour.steps[i].response_bytes;
	}
	return server->behaviour.is_endless ? NEVER / 2 : total;
}

static uint16_t
window_now(const struct model_server *server, uint64_t now_ns)
{
	return now_ns < server->window_opens_ns ? 0 : server->behaviour.window;
}

static void
emit(struct model_server *server, uint8_t flags, uint64_t offset, const uint8_t *payload,
	size_t length, uint64_t now_ns)
{
	const bool is_syn = (flags & TCP_SYN) != 0;
	const bool has_ack = (flags & TCP_ACK) != 0;
	const uint32_t received =
		server->request_length +
		(server->has_peer_fin && server->request_length == server->peer_fin_offset ? 1 : 0);
	const uint16_t window = window_now(server, now_ns);
	const struct segment segment = {
		.local_address = server->address,
		.local_port = server->port,
		.remote_address = server->peer.remote_address,
		.remote_port = server->peer.remote_port,
		.sequence = server->our_start + (is_syn ? 0 : 1 + (uint32_t)offset),
		.acknowledgment = has_ack ? server->peer_start + 1 + received : 0,
		.window = window,
		.mss = is_syn && !server->behaviour.is_syn_cookie ? server->behaviour.mss : 0,
		.flags = flags,
		.payload = payload,
		.payload_length = (uint16_t)length,
	};

	if (received + (uint64_t)window > server->acceptable_edge)
		server->acceptable_edge = received + (uint64_t)window;
	simulated_link_send(server->link, &segment, now_ns);
}

static void
emit_ack(struct model_server *server, uint64_t now_ns)
{
	emit(server, TCP_ACK, server->maximum, NULL, 0, now_ns);
}

static void
emit_data(struct model_server *server, uint64_t end, uint64_t now_ns)
{
	uint8_t payload[1460];
	uint64_t length = 1 + random_below(&server->random, server->behaviour.segment_maximum);
	uint8_t flags = TCP_ACK;

	if (length > end - server->next)
		length = end - server->next;
	for (uint64_t i = 0; i < length; i++)
		payload[i] = model_byte(server->next + i, true);
	const uint64_t offset = server->next;
	server->next += length;
	if (server->next == server->fin_offset) {
		flags |= TCP_FIN;
		server->has_sent_fin = true;
		server->next++;
	}
	if (server->next > server->maximum)
		server->maximum = server->next;
	emit(server, flags, offset, payload, length, now_ns);
}

static void
decide_fin(struct model_server *server)
{
	const uint64_t available = response_available(server);
	const bool is_last = !server->behaviour.is_endless &&
			     available == model_server_response_total(&server->behaviour);
	const bool wants = (server->behaviour.closes_first && is_last) || server->has_peer_fin;

	if (server->fin_offset != NEVER || !wants)
		return;
	/* A client that has closed its side gets no more than what is on its way already. */
	server->fin_offset = server->has_peer_fin ? server->maximum : available;
}

/* Data as far as window and flight allow, and the FIN in its place. */
static void
output(struct model_server *server, uint64_t now_ns)
{
	if (!server->is_established || server->is_over || server->is_silent)
		return;
	decide_fin(server);
	const uint64_t available = response_available(server);
	const uint64_t end = server->fin_offset < available ? server->fin_offset : available;
	const uint64_t window_end = server->acknowledged + CLIENT_WINDOW;
	const uint64_t limit = end < window_end ? end : window_end;
	const uint64_t flight = server->acknowledged +
				(uint64_t)FLIGHT_SEGMENTS * server->behaviour.segment_maximum;

	while (server->next < limit && server->next < flight)
		emit_data(server, limit, now_ns);
	if (server->next == server->fin_offset)
		emit_data(server, server->next, now_ns);
	if (server->acknowledged == server->maximum)
		server->timer_ns = NEVER;
	else if (server->timer_ns == NEVER)
		server->timer_ns = now_ns + (TIMEOUT_NS << server->tries);
}

static void
pull_trigger(struct model_server *server, uint64_t now_ns)
{
	switch (server->behaviour.trigger) {
	case MODEL_TRIGGER_NONE:
	case MODEL_TRIGGER_COUNT:
		break;
	case MODEL_TRIGGER_SILENCE:
		server->is_silent = true;
		break;
	case MODEL_TRIGGER_RESET:
		if (server->is_established)
			emit(server, TCP_RST | TCP_ACK, server->maximum, NULL, 0, now_ns);
		else
			emit(server, TCP_RST | TCP_ACK, UINT64_MAX, NULL, 0, now_ns);
		server->is_over = true;
		break;
	case MODEL_TRIGGER_FIN:
		if (server->fin_offset == NEVER)
			server->fin_offset = server->maximum;
		break;
	}
}

static void
input_syn(struct model_server *server, const struct segment *segment, uint64_t now_ns)
{
	server->peer = *segment;
	server->peer_start = segment->sequence;
	server->has_syn = true;
	emit(server, TCP_SYN | TCP_ACK, 0, NULL, 0, now_ns);
	if (!server->behaviour.is_syn_cookie && server->timer_ns == NEVER)
		server->timer_ns = now_ns + 1000000000ULL;
}

static void
establish(struct model_server *server, uint64_t now_ns)
{
	server->is_established = true;
	server->timer_ns = NEVER;
	server->tries = 0;
	if (server->behaviour.half_closes_at_once)
		server->fin_offset = 0;
	if (server->behaviour.keep_alive_ns > 0)
		server->keep_alive_ns = now_ns + server->behaviour.keep_alive_ns;
}

static void
input_acknowledgment(struct model_server *server, const struct segment *segment, uint64_t now_ns)
{
	const uint32_t base = server->our_start + 1 + (uint32_t)server->acknowledged;
	const int64_t ahead = (int32_t)(segment->acknowledgment - base);
	const int64_t acknowledged = (int64_t)server->acknowledged + ahead;

	if (acknowledged > (int64_t)server->maximum) {
		server->fault = "acknowledges what the server never sent";
		return;
	}
	if (ahead > 0) {
		server->acknowledged = (uint64_t)acknowledged;
		if (server->next < server->acknowledged)
			server->next = server->acknowledged;
		server->tries = 0;
		server->timer_ns = NEVER;
		server->duplicate_acks = 0;
	} else if (ahead == 0 && segment->payload_length == 0 &&
		   server->acknowledged < server->maximum && ++server->duplicate_acks == 3) {
		/* Fast retransmit, RFC 5681 section 3.2. */
		const uint64_t next = server->next;
		const uint64_t end =
			server->fin_offset < server->maximum ? server->fin_offset : server->maximum;
		server->next = server->acknowledged;
		emit_data(server, end, now_ns);
		if (server->next < next)
			server->next = next;
	}
}

static void
input_data(struct model_server *server, const struct segment *segment, uint64_t now_ns)
{
	const int32_t offset = (int32_t)(segment->sequence - server->peer_start - 1);
	const int32_t end = offset + segment->payload_length;
	const uint64_t edge = server->request_length + (uint64_t)window_now(server, now_ns);

	if (offset < 0 || end > MODEL_REQUEST_MAXIMUM) {
		server->fault = "sends outside its own stream";
		return;
	}
	/* One byte more may be a probe. */
	if (end > 0 && (uint64_t)end > server->acceptable_edge + 1)
		server->fault = "sends beyond every window it was offered";
	for (int32_t i = offset; i < end; i++) {
		const uint8_t byte = segment->payload[i - offset];
		if (byte != model_byte((uint64_t)i, false))
			server->fault = "sends another byte than it was given";
		if ((uint64_t)i < edge && !server->has_byte[i]) {
			server->has_byte[i] = true;
			server->request[i] = byte;
		}
	}
	while (server->request_length < MODEL_REQUEST_MAXIMUM &&
		server->has_byte[server->request_length])
		server->request_length++;
	if ((segment->flags & TCP_FIN) != 0 && (uint32_t)end == server->request_length) {
		server->has_peer_fin = true;
		server->peer_fin_offset = (uint64_t)end;
	}
}

static bool
is_finished(const struct model_server *server)
{
	return server->has_peer_fin && server->has_sent_fin &&
	       server->acknowledged == server->fin_offset + 1;
}

static void
input_established(struct model_server *server, const struct segment *segment, uint64_t now_ns)
{
	const uint32_t span = segment_span(segment);

	if ((segment->flags & TCP_RST) != 0) {
		server->is_over = true;
		server->was_reset = true;
		return;
	}
	if ((segment->flags & (TCP_SYN | TCP_ACK)) != TCP_ACK) {
		/* A SYN that was doubled on its way. */
		emit_ack(server, now_ns);
		return;
	}
	input_acknowledgment(server, segment, now_ns);
	input_data(server, segment, now_ns);
	const uint64_t before = server->maximum;
	output(server, now_ns);
	if (span > 0 && server->maximum == before)
		emit_ack(server, now_ns);
	if (is_finished(server))
		server->is_over = true;
}

void
model_server_input(struct model_server *server, const struct segment *segment, uint64_t now_ns)
{
	if (server->is_silent)
		return;
	if (server->is_over) {
		/* Nobody home: RFC 9293 section 3.10.7.1. */
		server->peer = *segment;
		if ((segment->flags & TCP_RST) == 0)
			emit(server, TCP_RST, segment->acknowledgment - server->our_start - 1, NULL,
				0, now_ns);
		return;
	}
	server->seen++;
	if (!server->has_syn && (segment->flags & TCP_SYN) == 0)
		return;
	if (!server->has_syn)
		server->peer_start = segment->sequence;
	server->peer = *segment;
	const bool is_due = server->seen == server->behaviour.trigger_at;
	if (is_due)
		pull_trigger(server, now_ns);
	if (server->is_over || server->is_silent)
		return;
	if (!server->is_established) {
		if ((segment->flags & TCP_SYN) != 0) {
			input_syn(server, segment, now_ns);
			return;
		}
		if ((segment->flags & (TCP_ACK | TCP_RST)) != TCP_ACK ||
			segment->acknowledgment != server->our_start + 1)
			return;
		establish(server, now_ns);
	}
	input_established(server, segment, now_ns);
}

uint64_t
model_server_deadline_ns(const struct model_server *server)
{
	uint64_t deadline_ns = server->timer_ns;

	if (server->is_over || server->is_silent)
		return NEVER;
	if (server->keep_alive_ns < deadline_ns)
		deadline_ns = server->keep_alive_ns;
	if (server->is_established && server->window_opens_ns > 0 &&
		server->window_opens_ns < deadline_ns)
		deadline_ns = server->window_opens_ns;
	return deadline_ns;
}

static void
retransmit(struct model_server *server, uint64_t now_ns)
{
	server->timer_ns = NEVER;
	if (++server->tries > TRIES) {
		server->is_over = true;
		server->has_given_up = true;
		return;
	}
	if (server->is_established) {
		server->next = server->acknowledged;
		output(server, now_ns);
		return;
	}
	emit(server, TCP_SYN | TCP_ACK, 0, NULL, 0, now_ns);
	server->timer_ns = now_ns + (1000000000ULL << server->tries);
}

void
model_server_expire(struct model_server *server, uint64_t now_ns)
{
	if (now_ns < model_server_deadline_ns(server))
		return;
	if (server->window_opens_ns > 0 && now_ns >= server->window_opens_ns &&
		server->is_established) {
		server->window_opens_ns = 0;
		emit_ack(server, now_ns);
	}
	if (now_ns >= server->keep_alive_ns) {
		/* RFC 9293 section 3.8.4: one before what the client expects, no data. */
		emit(server, TCP_ACK, server->acknowledged - 1, NULL, 0, now_ns);
		server->keep_alive_ns = now_ns + server->behaviour.keep_alive_ns;
	}
	if (now_ns >= server->timer_ns)
		retransmit(server, now_ns);
}
