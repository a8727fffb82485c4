/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_client_output.h"
#include "packet/wire_headers.h"
#include "tcp/tcp_limits.h"

static void
emit(struct tcp_worker *worker, struct tcp_client *client, uint8_t flags, uint32_t sequence,
	const uint8_t *payload, uint32_t payload_length)
{
	const bool is_syn = (flags & TCP_SYN) != 0;
	const struct segment segment = {
		.local_address = client->endpoints.local_address,
		.remote_address = client->endpoints.remote_address,
		.local_port = client->endpoints.local_port,
		.remote_port = client->endpoints.remote_port,
		.sequence = sequence,
		.acknowledgment = (flags & TCP_ACK) != 0 ? client->receive.next : 0,
		.window = is_syn ? OUR_SYN_WINDOW : OUR_WINDOW,
		.mss = is_syn ? OUR_MSS : 0,
		.flags = flags,
		.ttl = IPV4_OUR_TTL,
		.payload = payload,
		.payload_length = (uint16_t)payload_length,
	};

	tcp_client_count(worker, TCP_COUNTER_SEGMENTS_SENT);
	worker->emit(worker->context, &segment);
}

void
tcp_client_output_syn(struct tcp_worker *worker, struct tcp_client *client)
{
	emit(worker, client, TCP_SYN, client->initial_sequence, NULL, 0);
}

/* SND.NXT, but not beyond the peer's window: there it would be thrown away, with what it acknowledges. */
static uint32_t
acceptable_sequence(const struct tcp_client *client)
{
	const uint32_t edge = client->send_unacknowledged + client->send_window;

	return sequence_before(edge, client->send_maximum) ? edge : client->send_maximum;
}

void
tcp_client_output_reset(struct tcp_worker *worker, struct tcp_client *client)
{
	tcp_client_count(worker, TCP_COUNTER_RESETS_SENT);
	emit(worker, client, TCP_RST | TCP_ACK, acceptable_sequence(client), NULL, 0);
}

void
tcp_client_output_refusal(struct tcp_worker *worker, struct tcp_client *client, uint32_t sequence)
{
	tcp_client_count(worker, TCP_COUNTER_RESETS_SENT);
	emit(worker, client, TCP_RST, sequence, NULL, 0);
}

/* Where our FIN stands, or will. */
static uint32_t
data_end(const struct tcp_client *client)
{
	return client->send_unacknowledged + client->send.length;
}

static bool
is_fin_acknowledged(const struct tcp_client *client)
{
	return client->has_sent_fin && client->send.length == 0 &&
	       client->send_unacknowledged == client->send_maximum;
}

static void
mark_fin_sent(struct tcp_client *client)
{
	client->has_sent_fin = true;
	if (client->state == TCP_ESTABLISHED)
		client->state = TCP_FIN_WAIT_1;
	else if (client->state == TCP_CLOSE_WAIT)
		client->state = TCP_LAST_ACK;
}

/* One segment from send_next on with length bytes, and the FIN if it comes next. */
static void
emit_data(struct tcp_worker *worker, struct tcp_client *client, uint32_t length)
{
	const uint32_t sequence = client->send_next;
	const bool is_last = sequence + length == data_end(client);
	const bool has_fin = is_last && client->is_closing;
	const uint8_t *payload = NULL;
	uint8_t flags = TCP_ACK;

	if (length > 0)
		payload = send_buffer_at(
			&client->send, &worker->send, sequence - client->send_unacknowledged);
	if (length > 0 && is_last)
		flags |= TCP_PSH;
	if (has_fin) {
		flags |= TCP_FIN;
		mark_fin_sent(client);
	}
	client->send_next += length + (has_fin ? 1 : 0);
	if (sequence_before(sequence, client->send_maximum))
		tcp_client_count(worker, TCP_COUNTER_RETRANSMISSIONS);
	if (sequence_before(client->send_maximum, client->send_next))
		client->send_maximum = client->send_next;
	client->is_ack_due = false;
	emit(worker, client, flags, sequence, payload, length);
}

static bool
may_send(const struct tcp_client *client)
{
	return client->state != TCP_CLOSED && client->state != TCP_SYN_SENT &&
	       !is_fin_acknowledged(client);
}

/* Bytes that may leave at send_next: within the peer's window and the flight limit. */
static uint32_t
send_allowance(const struct tcp_client *client)
{
	const uint32_t in_flight = client->send_next - client->send_unacknowledged;
	const uint32_t segments = client->is_recovering ? 1 : TCP_FLIGHT_SEGMENTS;
	const uint32_t flight = segments * client->mss;
	const uint32_t limit = client->send_window < flight ? client->send_window : flight;

	return in_flight < limit ? limit - in_flight : 0;
}

bool
tcp_client_output_data(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns)
{
	bool has_sent = false;

	while (may_send(client)) {
		const uint32_t sequence = client->send_next;
		/* Our FIN at the end was sent already. */
		if (sequence_before(data_end(client), sequence))
			break;
		const uint32_t unsent = data_end(client) - sequence;
		uint32_t length = send_allowance(client);
		length = length < unsent ? length : unsent;
		length = length < client->mss ? length : client->mss;
		/* A FIN needs no window of its own: it asks whether the peer still listens. */
		const bool has_fin = length == unsent && client->is_closing;
		if (length == 0 && !has_fin)
			break;
		const bool is_new = sequence == client->send_maximum;
		emit_data(worker, client, length);
		has_sent = true;
		if (is_new && !client->is_sampling) {
			client->is_sampling = true;
			client->sample_sequence = client->send_next;
			client->sample_ns = now_ns;
		} else if (!is_new) {
			/* Karn: nobody can tell which of two copies was answered. */
			client->is_sampling = false;
		}
	}
	return has_sent;
}

void
tcp_client_output_again(struct tcp_worker *worker, struct tcp_client *client)
{
	client->is_recovering = true;
	client->is_sampling = false;
	if (client->state == TCP_SYN_SENT) {
		tcp_client_count(worker, TCP_COUNTER_RETRANSMISSIONS);
		tcp_client_output_syn(worker, client);
		return;
	}
	client->send_next = client->send_unacknowledged;
	uint32_t length = client->send.length;
	if (length > 0 && client->send_window == 0) {
		/* RFC 9293 section 3.8.6.1 */
		tcp_client_count(worker, TCP_COUNTER_WINDOW_PROBES);
		length = 1;
	} else {
		length = length < client->mss ? length : client->mss;
		length = length < client->send_window ? length : client->send_window;
	}
	emit_data(worker, client, length);
}

void
tcp_client_output_acks(struct tcp_worker *worker, struct tcp_client *client)
{
	uint32_t due = client->duplicate_acks;

	if (due == 0 && client->is_ack_due)
		due = 1;
	client->duplicate_acks = 0;
	client->is_ack_due = false;
	for (; due > 0; due--)
		emit(worker, client, TCP_ACK, acceptable_sequence(client), NULL, 0);
}

void
tcp_client_output_arm(struct tcp_client *client, uint64_t now_ns)
{
	const bool awaits =
		client->state != TCP_CLOSED &&
		(client->send_unacknowledged != client->send_maximum || client->send.length > 0);

	if (!awaits)
		client->timer_ns = TCP_NEVER;
	else if (client->timer_ns == TCP_NEVER)
		client->timer_ns =
			now_ns + retransmission_timeout_us(&client->retransmission) * 1000;
}
