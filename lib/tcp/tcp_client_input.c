/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_client_input.h"
#include "packet/wire_headers.h"
#include "tcp/tcp_client_output.h"
#include "tcp/tcp_limits.h"

/* The order of steps, and their numbers, are those of RFC 9293 section 3.10.7.4, with RFC 5961 for resets, SYN and ACK. */

/* The largest window that can be advertised without scaling: older acknowledgments are nobody's. */
#define ACKNOWLEDGMENT_AGE_MAXIMUM 65535

void
tcp_client_input_end(struct tcp_client *client, enum tcp_end end)
{
	client->state = TCP_CLOSED;
	if (client->end == TCP_END_NONE)
		client->end = (uint8_t)end;
	client->is_ack_due = false;
	client->duplicate_acks = 0;
	client->timer_ns = TCP_NEVER;
	client->linger_ns = TCP_NEVER;
}

/* Everything was acknowledged and the peer's FIN came: the ACK of that FIN is still due. */
static void
finish(struct tcp_client *client)
{
	const bool is_ack_due = client->is_ack_due;

	tcp_client_input_end(client, TCP_END_FIN);
	client->is_ack_due = is_ack_due;
}

static void
challenge(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns)
{
	if (now_ns < client->challenge_ns) {
		tcp_client_count(worker, TCP_COUNTER_CHALLENGES_WITHHELD);
		return;
	}
	tcp_client_count(worker, TCP_COUNTER_CHALLENGE_ACKS);
	client->challenge_ns = now_ns + TCP_CHALLENGE_INTERVAL_NS;
	client->is_ack_due = true;
}

static bool
is_in_window(const struct tcp_client *client, uint32_t sequence)
{
	return sequence - client->receive.next < OUR_WINDOW;
}

/* First: RFC 9293 section 3.4, the cases of a window that is never closed. */
static bool
is_acceptable(const struct tcp_client *client, const struct segment *segment)
{
	const uint32_t span = segment_span(segment);

	return is_in_window(client, segment->sequence) ||
	       (span > 0 && is_in_window(client, segment->sequence + span - 1));
}

static void
input_unacceptable(
	struct tcp_worker *worker, struct tcp_client *client, const struct segment *segment)
{
	if ((segment->flags & TCP_RST) != 0) {
		tcp_client_count(worker, TCP_COUNTER_RESETS_IGNORED);
		return;
	}
	/* Our ACK may be what got lost: say it again. Keep-alive probes and repeated SYN-ACKs come here too. */
	tcp_client_count(worker, sequence_before(segment->sequence, client->receive.next)
					 ? TCP_COUNTER_DUPLICATES
					 : TCP_COUNTER_OUT_OF_WINDOW);
	client->is_ack_due = true;
}

/* Second: RFC 5961 section 3.2. Only the exact number resets, or whoever guesses a window could. */
static void
input_reset(struct tcp_worker *worker, struct tcp_client *client, const struct segment *segment,
	uint64_t now_ns)
{
	if (segment->sequence != client->receive.next) {
		tcp_client_count(worker, TCP_COUNTER_RESETS_IGNORED);
		challenge(worker, client, now_ns);
		return;
	}
	tcp_client_count(worker, TCP_COUNTER_RESETS_RECEIVED);
	tcp_client_input_end(client, TCP_END_RESET);
}

static void
take_sample(struct tcp_client *client, uint64_t now_ns)
{
	if (!client->is_sampling ||
		sequence_before(client->send_unacknowledged, client->sample_sequence))
		return;
	retransmission_sample(&client->retransmission, (now_ns - client->sample_ns) / 1000);
	client->is_sampling = false;
}

/* Fifth: what arrived is forgotten, the back-off ends, the timer starts anew (RFC 6298 section 5.3). */
static void
advance(struct tcp_worker *worker, struct tcp_client *client, uint32_t acknowledgment,
	uint64_t now_ns)
{
	const uint32_t count = acknowledgment - client->send_unacknowledged;
	const uint32_t bytes = count < client->send.length ? count : client->send.length;

	if (bytes > 0)
		client->has_acknowledged_data = true;
	send_buffer_acknowledge(&client->send, &worker->send, bytes);
	client->send_unacknowledged = acknowledgment;
	if (sequence_before(client->send_next, acknowledgment))
		client->send_next = acknowledgment;
	client->retransmission.tries = 0;
	client->is_recovering = false;
	take_sample(client, now_ns);
	client->timer_ns = TCP_NEVER;
	tcp_client_output_arm(client, now_ns);
}

/* Fifth: SND.WL1 and SND.WL2 keep an old segment from setting the window. */
static void
update_window(struct tcp_client *client, const struct segment *segment, uint64_t now_ns)
{
	if (!sequence_before(client->window_sequence, segment->sequence) &&
		(client->window_sequence != segment->sequence ||
			sequence_before(segment->acknowledgment, client->window_acknowledgment)))
		return;
	const bool has_opened = client->send_window == 0 && segment->window > 0;
	client->send_window = segment->window;
	client->window_sequence = segment->sequence;
	client->window_acknowledgment = segment->acknowledgment;
	if (has_opened) {
		/* Whatever went into the closed window was thrown away. */
		client->send_next = client->send_unacknowledged;
		client->retransmission.tries = 0;
		client->is_recovering = false;
		client->is_sampling = false;
		client->timer_ns = TCP_NEVER;
		tcp_client_output_arm(client, now_ns);
	}
}

static bool
is_fin_acknowledged(const struct tcp_client *client)
{
	return client->has_sent_fin && client->send_unacknowledged == client->send_maximum;
}

/* Fifth: false if the segment is to be dropped. */
static bool
input_acknowledgment(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *segment, uint64_t now_ns)
{
	const uint32_t oldest = client->send_unacknowledged - ACKNOWLEDGMENT_AGE_MAXIMUM;

	/* RFC 5961 section 5.2 */
	if (sequence_before(client->send_maximum, segment->acknowledgment) ||
		sequence_before(segment->acknowledgment, oldest)) {
		tcp_client_count(worker, TCP_COUNTER_BAD_ACKNOWLEDGMENT);
		challenge(worker, client, now_ns);
		return false;
	}
	if (sequence_before(client->send_unacknowledged, segment->acknowledgment))
		advance(worker, client, segment->acknowledgment, now_ns);
	if (sequence_at_most(client->send_unacknowledged, segment->acknowledgment))
		update_window(client, segment, now_ns);
	if (is_fin_acknowledged(client)) {
		if (client->state == TCP_FIN_WAIT_1)
			client->state = TCP_FIN_WAIT_2;
		else if (client->state == TCP_CLOSING || client->state == TCP_LAST_ACK)
			finish(client);
	}
	return client->state != TCP_CLOSED;
}

static void
count_result(struct tcp_worker *worker, enum receive_result result)
{
	switch (result) {
	case RECEIVE_IN_ORDER:
		break;
	case RECEIVE_OUT_OF_ORDER:
		tcp_client_count(worker, TCP_COUNTER_OUT_OF_ORDER);
		break;
	case RECEIVE_DUPLICATE:
		tcp_client_count(worker, TCP_COUNTER_DUPLICATES);
		break;
	case RECEIVE_NO_CHUNK:
		tcp_client_count(worker, TCP_COUNTER_NO_CHUNK);
		break;
	case RECEIVE_PIECES_FULL:
		tcp_client_count(worker, TCP_COUNTER_OUT_OF_ORDER_FULL);
		break;
	case RECEIVE_UNREAD_FULL:
		tcp_client_count(worker, TCP_COUNTER_UNREAD_FULL);
		break;
	}
}

/* Seventh: urgent data is data in line; nothing counts beyond the peer's FIN. */
static void
input_text(struct tcp_worker *worker, struct tcp_client *client, uint32_t sequence,
	const uint8_t *bytes, uint32_t length)
{
	enum receive_result result;

	if (length == 0)
		return;
	client->is_ack_due = true;
	if (client->has_fin && sequence_before(client->fin_sequence, sequence + length)) {
		tcp_client_count(worker, TCP_COUNTER_AFTER_FIN);
		if (sequence_at_most(client->fin_sequence, sequence))
			return;
		length = client->fin_sequence - sequence;
	}
	/* Each segment beyond a gap deserves its own duplicate ACK (RFC 5681 section 4.2). */
	if (sequence_before(client->receive.next, sequence) &&
		client->duplicate_acks < TCP_DUPLICATE_ACKS)
		client->duplicate_acks++;
	if (client->is_closing) {
		tcp_client_count(worker, TCP_COUNTER_DISCARDED);
		result = receive_stream_skip(&client->receive, sequence, length);
	} else {
		result = receive_stream_accept(
			&client->receive, &worker->receive, sequence, bytes, length);
	}
	count_result(worker, result);
}

/* Eighth: the FIN counts when all before it is in; one beyond a gap is remembered. */
static void
input_fin(struct tcp_worker *worker, struct tcp_client *client, bool has_fin, uint32_t fin_sequence)
{
	if (has_fin && !client->has_fin && is_in_window(client, fin_sequence)) {
		client->has_fin = true;
		client->fin_sequence = fin_sequence;
		client->is_ack_due = true;
	}
	/* A peer that contradicts itself has sent more than it says: the FIN counts all the same. */
	if (!client->has_fin || sequence_before(client->receive.next, client->fin_sequence))
		return;
	receive_stream_finish(&client->receive, &worker->receive);
	client->is_ack_due = true;
	client->end = TCP_END_FIN;
	if (client->state == TCP_ESTABLISHED)
		client->state = TCP_CLOSE_WAIT;
	else if (client->state == TCP_FIN_WAIT_1)
		client->state = TCP_CLOSING;
	else if (client->state == TCP_FIN_WAIT_2)
		finish(client);
}

static void
input_text_and_fin(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *segment, uint32_t sequence)
{
	const bool is_over = client->state == TCP_CLOSE_WAIT || client->state == TCP_LAST_ACK ||
			     client->state == TCP_CLOSING;

	if (is_over) {
		if (segment->payload_length > 0)
			tcp_client_count(worker, TCP_COUNTER_AFTER_FIN);
		return;
	}
	input_text(worker, client, sequence, segment->payload, segment->payload_length);
	input_fin(worker, client, (segment->flags & TCP_FIN) != 0,
		sequence + segment->payload_length);
}

static void
input_synchronized(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *segment, uint64_t now_ns)
{
	if (!is_acceptable(client, segment)) {
		input_unacceptable(worker, client, segment);
		return;
	}
	if ((segment->flags & TCP_RST) != 0) {
		input_reset(worker, client, segment, now_ns);
		return;
	}
	/* Fourth: RFC 5961 section 4.2. */
	if ((segment->flags & TCP_SYN) != 0) {
		tcp_client_count(worker, TCP_COUNTER_UNEXPECTED_SYN);
		challenge(worker, client, now_ns);
		return;
	}
	if ((segment->flags & TCP_ACK) == 0) {
		tcp_client_count(worker, TCP_COUNTER_NO_ACKNOWLEDGMENT);
		return;
	}
	if (input_acknowledgment(worker, client, segment, now_ns))
		input_text_and_fin(worker, client, segment, segment->sequence);
}

void
tcp_client_input_establish(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *syn_ack, uint64_t now_ns)
{
	const uint16_t mss = syn_ack->mss == 0 ? TCP_MSS_DEFAULT : syn_ack->mss;

	client->state = TCP_ESTABLISHED;
	client->mss = mss < TCP_MSS_MINIMUM   ? TCP_MSS_MINIMUM
		      : mss > TCP_MSS_MAXIMUM ? TCP_MSS_MAXIMUM
					      : mss;
	receive_stream_init(&client->receive, syn_ack->sequence + 1);
	/* The SYN is no byte of the buffer. A window scale is void since we offered none. */
	client->send_unacknowledged = client->initial_sequence + 1;
	client->send_window = syn_ack->window;
	client->window_sequence = syn_ack->sequence;
	client->window_acknowledgment = syn_ack->acknowledgment;
	client->retransmission.tries = 0;
	client->is_recovering = false;
	take_sample(client, now_ns);
	client->handshake_rtt_us = client->retransmission.smoothed_us;
	client->timer_ns = TCP_NEVER;
	client->is_ack_due = true;
	input_text_and_fin(worker, client, syn_ack, syn_ack->sequence + 1);
}

/* RFC 9293 section 3.10.7.3. A SYN without ACK would be a simultaneous open: nobody opens towards a scanner. */
static void
input_syn_sent(struct tcp_worker *worker, struct tcp_client *client, const struct segment *segment,
	uint64_t now_ns)
{
	const bool has_ack = (segment->flags & TCP_ACK) != 0;
	const bool is_answer = has_ack && segment->acknowledgment == client->send_maximum;

	if ((segment->flags & TCP_RST) != 0) {
		tcp_client_count(worker,
			is_answer ? TCP_COUNTER_RESETS_RECEIVED : TCP_COUNTER_RESETS_IGNORED);
		if (is_answer)
			tcp_client_input_end(client, TCP_END_RESET);
		return;
	}
	if (has_ack && !is_answer) {
		tcp_client_count(worker, TCP_COUNTER_BAD_ACKNOWLEDGMENT);
		tcp_client_output_refusal(worker, client, segment->acknowledgment);
		return;
	}
	if (!has_ack || (segment->flags & TCP_SYN) == 0) {
		tcp_client_count(
			worker, has_ack ? TCP_COUNTER_OUT_OF_WINDOW : TCP_COUNTER_UNEXPECTED_SYN);
		return;
	}
	tcp_client_input_establish(worker, client, segment, now_ns);
}

void
tcp_client_input(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *segment, uint64_t now_ns)
{
	const uint32_t cost = segment->payload_length + TCP_RECEIVE_COST;

	tcp_client_count(worker, TCP_COUNTER_SEGMENTS_RECEIVED);
	if (client->state == TCP_CLOSED) {
		tcp_client_count(worker, TCP_COUNTER_AFTER_CLOSE);
		return;
	}
	if (client->receive_budget < cost) {
		tcp_client_count(worker, TCP_COUNTER_EXCESSES);
		if (client->state != TCP_SYN_SENT)
			tcp_client_output_reset(worker, client);
		tcp_client_input_end(client, TCP_END_EXCESS);
		return;
	}
	client->receive_budget -= cost;
	if (client->state == TCP_SYN_SENT)
		input_syn_sent(worker, client, segment, now_ns);
	else
		input_synchronized(worker, client, segment, now_ns);
}
