/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_client.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"
#include "tcp/tcp_client_input.h"
#include "tcp/tcp_client_output.h"
#include "tcp/tcp_limits.h"

const char *
tcp_end_key(enum tcp_end end)
{
	static const char *const keys[] = {
#define X(name, key, text) key,
		TCP_END_LIST(X)
#undef X
	};
	return keys[end];
}

static void
start(const struct tcp_worker *worker, struct tcp_client *client,
	const struct tcp_endpoints *endpoints, uint32_t initial_sequence)
{
	*client = (struct tcp_client){
		.endpoints = *endpoints,
		.mss = TCP_MSS_DEFAULT,
		.receive_budget = TCP_RECEIVE_BUDGET,
		.send_budget =
			worker->send_total_maximum == 0 ? UINT32_MAX : worker->send_total_maximum,
		.initial_sequence = initial_sequence,
		.send_unacknowledged = initial_sequence,
		.send_next = initial_sequence + 1,
		.send_maximum = initial_sequence + 1,
		.timer_ns = TCP_NEVER,
		.linger_ns = TCP_NEVER,
	};
	send_buffer_init(&client->send);
	receive_stream_init(&client->receive, 0);
	retransmission_init(&client->retransmission);
}

void
tcp_client_adopt(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *syn_ack, uint64_t now_ns)
{
	const struct tcp_endpoints endpoints = {
		.local_address = syn_ack->local_address,
		.remote_address = syn_ack->remote_address,
		.local_port = syn_ack->local_port,
		.remote_port = syn_ack->remote_port,
	};

	start(worker, client, &endpoints, syn_ack->acknowledgment - 1);
	tcp_client_count(worker, TCP_COUNTER_SEGMENTS_RECEIVED);
	tcp_client_input_establish(worker, client, syn_ack, now_ns);
}

void
tcp_client_connect(struct tcp_worker *worker, struct tcp_client *client,
	const struct tcp_endpoints *endpoints, uint32_t initial_sequence, uint64_t now_ns)
{
	start(worker, client, endpoints, initial_sequence);
	client->state = TCP_SYN_SENT;
	client->is_sampling = true;
	client->sample_sequence = initial_sequence + 1;
	client->sample_ns = now_ns;
	tcp_client_output_syn(worker, client);
	tcp_client_output_arm(client, now_ns);
}

/* RFC 5927 section 4.1: only a quote of something in flight can be more than a guess. */
static bool
quotes_flight(const struct tcp_client *client, const struct icmp_error *error)
{
	return client->state != TCP_CLOSED &&
	       error->sequence - client->send_unacknowledged <
		       client->send_maximum - client->send_unacknowledged;
}

void
tcp_client_icmp(struct tcp_worker *worker, struct tcp_client *client,
	const struct icmp_error *error, uint64_t now_ns)
{
	if (!quotes_flight(client, error)) {
		tcp_client_count(worker, TCP_COUNTER_ICMP_IGNORED);
		return;
	}
	const bool is_too_big = error->type == ICMP_UNREACHABLE && error->code == 4;
	const uint32_t headers = IPV4_HEADER_SIZE + TCP_HEADER_SIZE;
	/* Routers older than RFC 1191 say 0. */
	uint32_t mss = error->next_hop_mtu > headers ? error->next_hop_mtu - headers : 0;
	if (mss < TCP_MSS_ICMP_MINIMUM)
		mss = TCP_MSS_ICMP_MINIMUM;
	if (!is_too_big || mss >= client->mss || client->state == TCP_SYN_SENT) {
		tcp_client_count(worker, TCP_COUNTER_ICMP_SOFT);
		return;
	}
	tcp_client_count(worker, TCP_COUNTER_ICMP_MTU);
	client->mss = (uint16_t)mss;
	client->send_next = client->send_unacknowledged;
	client->is_sampling = false;
	/* Sent again with the next flush; it may be waiting for an answer that will never come. */
	client->timer_ns = TCP_NEVER;
	tcp_client_output_arm(client, now_ns);
}

static void
give_up(struct tcp_worker *worker, struct tcp_client *client, enum tcp_end end)
{
	if (client->state != TCP_SYN_SENT)
		tcp_client_output_reset(worker, client);
	tcp_client_input_end(client, end);
}

void
tcp_client_expire(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns)
{
	if (client->state == TCP_CLOSED)
		return;
	if (now_ns >= client->linger_ns) {
		tcp_client_count(worker, TCP_COUNTER_LINGERED);
		give_up(worker, client, TCP_END_ABORTED);
		return;
	}
	if (now_ns < client->timer_ns)
		return;
	const bool is_probe = client->send.length > 0 && client->send_window == 0;
	const uint32_t limit = is_probe ? TCP_WINDOW_PROBES : TCP_RETRANSMISSIONS;
	if (client->retransmission.tries >= limit) {
		tcp_client_count(worker, TCP_COUNTER_TIMEOUTS);
		give_up(worker, client, TCP_END_TIMEOUT);
		return;
	}
	client->retransmission.tries++;
	tcp_client_output_again(worker, client);
	client->timer_ns = TCP_NEVER;
	tcp_client_output_arm(client, now_ns);
}

uint64_t
tcp_client_deadline_ns(const struct tcp_client *client)
{
	return client->timer_ns < client->linger_ns ? client->timer_ns : client->linger_ns;
}

size_t
tcp_client_send_space(const struct tcp_client *client)
{
	const bool may_send = client->state == TCP_SYN_SENT || client->state == TCP_ESTABLISHED ||
			      client->state == TCP_CLOSE_WAIT;

	if (!may_send || client->is_closing)
		return 0;
	const size_t space = send_buffer_space(&client->send);
	return space < client->send_budget ? space : client->send_budget;
}

size_t
tcp_client_send(
	struct tcp_worker *worker, struct tcp_client *client, const uint8_t *bytes, size_t length)
{
	const size_t space = tcp_client_send_space(client);

	length = length < space ? length : space;
	const size_t taken = send_buffer_append(&client->send, &worker->send, bytes, length);
	if (taken < length)
		tcp_client_count(worker, TCP_COUNTER_NO_SEND_BUFFER);
	client->send_budget -= (uint32_t)taken;
	return taken;
}

size_t
tcp_client_receive(
	struct tcp_worker *worker, struct tcp_client *client, uint8_t *bytes, size_t capacity)
{
	return receive_stream_read(&client->receive, &worker->receive, bytes, capacity);
}

size_t
tcp_client_peek(
	const struct tcp_worker *worker, const struct tcp_client *client, const uint8_t **bytes_out)
{
	return receive_stream_peek(&client->receive, &worker->receive, bytes_out);
}

void
tcp_client_consume(struct tcp_worker *worker, struct tcp_client *client, size_t length)
{
	receive_stream_consume(&client->receive, &worker->receive, length);
}

void
tcp_client_flush(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns)
{
	if (client->state == TCP_SYN_SENT)
		return;
	if (client->state != TCP_CLOSED && client->is_closing && client->linger_ns == TCP_NEVER)
		client->linger_ns = now_ns + 2000ULL * client->retransmission.timeout_us;
	/* A new segment restarts nothing: the timer is for the oldest one (RFC 6298 section 5.1). */
	tcp_client_output_data(worker, client, now_ns);
	tcp_client_output_acks(worker, client);
	tcp_client_output_arm(client, now_ns);
}

void
tcp_client_close(struct tcp_worker *worker, struct tcp_client *client)
{
	if (client->state == TCP_CLOSED || client->is_closing)
		return;
	receive_stream_release(&client->receive, &worker->receive);
	if (client->state == TCP_SYN_SENT) {
		/* RFC 9293 section 3.10.4: nothing stands that could be closed. */
		tcp_client_input_end(client, TCP_END_ABORTED);
		return;
	}
	client->is_closing = true;
}

void
tcp_client_abort(struct tcp_worker *worker, struct tcp_client *client)
{
	if (client->state != TCP_CLOSED)
		give_up(worker, client, TCP_END_ABORTED);
}

void
tcp_client_release(struct tcp_worker *worker, struct tcp_client *client)
{
	/* Zeroed: it never began, so its indices mean nothing. */
	if (client->state == TCP_CLOSED && client->end == TCP_END_NONE)
		return;
	receive_stream_release(&client->receive, &worker->receive);
	send_buffer_release(&client->send, &worker->send);
	tcp_client_input_end(client, TCP_END_ABORTED);
}
