/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "packet/frame_parser.h"
#include "simulation/tcp_script.h"

/* How a connection begins and ends, and what the caller sees of it. */

static void
first_packet_carries_ack_and_data(void **state)
{
	struct script *script = *state;
	const struct segment syn_ack = script_segment(script, 0, 1, TCP_SYN | TCP_ACK, 8000, NULL);

	tcp_client_adopt(&script->worker, &script->client, &syn_ack, script->now_ns);
	SEND("hello");
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	NOTHING();
	FLUSH();
	NOTHING();
	assert_false(tcp_client_has_acknowledged_data(&script->client));
	RX(1, 6, TCP_ACK, 8000, NULL);
	assert_true(tcp_client_has_acknowledged_data(&script->client));
	assert_int_equal(tcp_client_deadline_ns(&script->client), TCP_NEVER);
	FLUSH();
	NOTHING();
}

static void
segment_size_is_clamped(void **state)
{
	struct script *script = *state;
	static const uint16_t offered[] = { 0, 1, 63, 64, 536, 1400, 1460, 65535 };
	static const uint16_t used[] = { 536, 64, 64, 64, 536, 1400, 1400, 1400 };

	for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++) {
		struct segment syn_ack =
			script_segment(script, 0, 1, TCP_SYN | TCP_ACK, 8000, NULL);
		syn_ack.mss = offered[i];
		tcp_client_adopt(&script->worker, &script->client, &syn_ack, script->now_ns);
		assert_int_equal(script->client.mss, used[i]);
	}
}

static void
connect(struct script *script)
{
	const struct segment answer = script_segment(script, 0, 1, 0, 0, NULL);
	const struct tcp_endpoints endpoints = {
		.local_address = answer.local_address,
		.remote_address = answer.remote_address,
		.local_port = answer.local_port,
		.remote_port = answer.remote_port,
	};

	tcp_client_connect(
		&script->worker, &script->client, &endpoints, script->our_start, script->now_ns);
	TX(0, 0, TCP_SYN, NULL);
	NOTHING();
	STATE(TCP_SYN_SENT);
}

static void
connect_measures_the_handshake(void **state)
{
	struct script *script = *state;

	connect(script);
	SEND("hello");
	FLUSH();
	NOTHING();
	WAIT(30);
	RX(0, 1, TCP_SYN | TCP_ACK, 8000, NULL);
	STATE(TCP_ESTABLISHED);
	assert_int_equal(tcp_client_handshake_rtt_us(&script->client), 30000);
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	NOTHING();
}

static void
connect_repeats_the_syn_and_gives_up(void **state)
{
	struct script *script = *state;

	connect(script);
	WAIT(999);
	NOTHING();
	WAIT(1);
	TX(0, 0, TCP_SYN, NULL);
	WAIT(2000);
	TX(0, 0, TCP_SYN, NULL);
	WAIT(4000);
	TX(0, 0, TCP_SYN, NULL);
	NOTHING();
	WAIT(7999);
	STATE(TCP_SYN_SENT);
	WAIT(1);
	STATE(TCP_CLOSED);
	END(TCP_END_TIMEOUT);
	NOTHING();
	assert_int_equal(COUNT(RETRANSMISSIONS), 3);
}

static void
repeated_syn_is_no_sample(void **state)
{
	struct script *script = *state;

	connect(script);
	WAIT(1000);
	TX(0, 0, TCP_SYN, NULL);
	WAIT(10);
	RX(0, 1, TCP_SYN | TCP_ACK, 8000, NULL);
	assert_int_equal(tcp_client_handshake_rtt_us(&script->client), 0);
}

static void
connect_is_refused(void **state)
{
	struct script *script = *state;

	connect(script);
	RX(0, 0, TCP_RST, 0, NULL);
	RX(0, 2, TCP_RST | TCP_ACK, 0, NULL);
	STATE(TCP_SYN_SENT);
	assert_int_equal(COUNT(RESETS_IGNORED), 2);
	RX(0, 1, TCP_RST | TCP_ACK, 0, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_RESET);
	FLUSH();
	NOTHING();
}

static void
connect_refuses_answers_to_something_else(void **state)
{
	struct script *script = *state;

	connect(script);
	RX(0, 77, TCP_SYN | TCP_ACK, 8000, NULL);
	TX(77, 0, TCP_RST, NULL);
	RX(0, 0, TCP_SYN, 8000, NULL);
	RX(0, 1, TCP_ACK, 8000, NULL);
	FLUSH();
	NOTHING();
	STATE(TCP_SYN_SENT);
}

static void
we_close_first(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	SEND("bye");
	CLOSE();
	assert_int_equal(tcp_client_send_space(&script->client), 0);
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH | TCP_FIN, "bye");
	STATE(TCP_FIN_WAIT_1);
	RX(1, 5, TCP_ACK, 8000, NULL);
	STATE(TCP_FIN_WAIT_2);
	RX(1, 5, TCP_ACK | TCP_FIN, 8000, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_FIN);
	FLUSH();
	TX(5, 2, TCP_ACK, NULL);
	FLUSH();
	NOTHING();
}

static void
peer_closes_first(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK | TCP_FIN, 8000, "last");
	STATE(TCP_CLOSE_WAIT);
	END(TCP_END_NONE);
	FLUSH();
	TX(1, 6, TCP_ACK, NULL);
	READ("last");
	END(TCP_END_FIN);
	/* Half-closed: ours is still open. */
	SEND("more");
	FLUSH();
	TX(1, 6, TCP_ACK | TCP_PSH, "more");
	RX(6, 5, TCP_ACK, 8000, NULL);
	CLOSE();
	FLUSH();
	TX(5, 6, TCP_ACK | TCP_FIN, NULL);
	STATE(TCP_LAST_ACK);
	RX(6, 6, TCP_ACK, 8000, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_FIN);
	FLUSH();
	NOTHING();
}

static void
both_close_at_once(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	CLOSE();
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_FIN, NULL);
	RX(1, 1, TCP_ACK | TCP_FIN, 8000, NULL);
	STATE(TCP_CLOSING);
	FLUSH();
	TX(2, 2, TCP_ACK, NULL);
	RX(2, 2, TCP_ACK, 8000, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_FIN);
}

static void
close_discards_what_comes_and_lingers_shortly(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK, 8000, "unread");
	CLOSE();
	assert_int_equal(tcp_client_readable(&script->client), 0);
	FLUSH();
	TX(1, 7, TCP_ACK | TCP_FIN, NULL);
	RX(7, 2, TCP_ACK, 8000, "late");
	FLUSH();
	TX(2, 11, TCP_ACK, NULL);
	/* Beyond a gap nothing is kept. */
	RX(20, 2, TCP_ACK, 8000, "later");
	FLUSH();
	TX(2, 11, TCP_ACK, NULL);
	assert_int_equal(tcp_client_readable(&script->client), 0);
	assert_int_equal(COUNT(DISCARDED), 2);
	WAIT(1999);
	STATE(TCP_FIN_WAIT_2);
	WAIT(1);
	TX(2, 11, TCP_RST | TCP_ACK, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_ABORTED);
	assert_int_equal(tcp_client_deadline_ns(&script->client), TCP_NEVER);
	assert_int_equal(COUNT(LINGERED), 1);
}

static void
lost_fin_is_repeated(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	CLOSE();
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_FIN, NULL);
	WAIT(1000);
	TX(1, 1, TCP_ACK | TCP_FIN, NULL);
	RX(1, 2, TCP_ACK | TCP_FIN, 8000, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_FIN);
	FLUSH();
	TX(2, 2, TCP_ACK, NULL);
}

static void
abort_resets_at_once(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	SEND("hello");
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	tcp_client_abort(&script->worker, &script->client);
	TX(6, 1, TCP_RST | TCP_ACK, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_ABORTED);
	tcp_client_abort(&script->worker, &script->client);
	RX(1, 6, TCP_ACK, 8000, "late");
	FLUSH();
	NOTHING();
	assert_int_equal(COUNT(AFTER_CLOSE), 1);
}

static void
release_accepts_every_state(void **state)
{
	struct script *script = *state;
	struct tcp_client nobody = { 0 };

	tcp_client_release(&script->worker, &nobody);
	assert_int_equal(script->worker.receive.chunks.free_count, SCRIPT_CHUNKS);
	script_open(script, 8000, 0);
	SEND("hello");
	RX(1, 1, TCP_ACK, 8000, "unread");
	RX(20, 1, TCP_ACK, 8000, "beyond");
	assert_int_equal(script->worker.receive.chunks.free_count, SCRIPT_CHUNKS - 2);
	assert_int_equal(script->worker.send.free_count, SCRIPT_CONNECTIONS - 1);
	tcp_client_release(&script->worker, &script->client);
	assert_int_equal(script->worker.receive.chunks.free_count, SCRIPT_CHUNKS);
	assert_int_equal(script->worker.send.free_count, SCRIPT_CONNECTIONS);
	tcp_client_release(&script->worker, &script->client);
	STATE(TCP_CLOSED);
	NOTHING();
}

static void
send_is_bounded(void **state)
{
	struct script *script = *state;
	static uint8_t bytes[TCP_SEND_BUFFER_BYTES + 1];

	script->worker.send_total_maximum = TCP_SEND_BUFFER_BYTES + 100;
	script_open(script, 65535, 1400);
	assert_int_equal(tcp_client_send_space(&script->client), TCP_SEND_BUFFER_BYTES);
	assert_int_equal(tcp_client_send(&script->worker, &script->client, bytes, sizeof(bytes)),
		TCP_SEND_BUFFER_BYTES);
	assert_int_equal(tcp_client_send_space(&script->client), 0);
	FLUSH();
	RX(1, 1 + TCP_SEND_BUFFER_BYTES, TCP_ACK, 65535, NULL);
	assert_int_equal(tcp_client_send_space(&script->client), 100);
	assert_int_equal(
		tcp_client_send(&script->worker, &script->client, bytes, sizeof(bytes)), 100);
	assert_int_equal(tcp_client_send_space(&script->client), 0);
}

static void
endless_junk_ends_the_connection(void **state)
{
	struct script *script = *state;
	char junk[1001];
	uint32_t sequence = 1;

	memset(junk, 'x', 1000);
	junk[1000] = 0;
	script_open(script, 8000, 0);
	while (tcp_client_state(&script->client) != TCP_CLOSED) {
		uint8_t sink[1000];
		RX(sequence, 1, TCP_ACK, 8000, junk);
		sequence += 1000;
		tcp_client_receive(&script->worker, &script->client, sink, sizeof(sink));
		assert_true(sequence < TCP_RECEIVE_BUDGET + 2000);
	}
	END(TCP_END_EXCESS);
	const uint32_t taken = TCP_RECEIVE_BUDGET / (1000 + TCP_RECEIVE_COST);
	TX(1, 1 + taken * 1000, TCP_RST | TCP_ACK, NULL);
	NOTHING();
}

static void
icmp_never_ends_a_connection(void **state)
{
	struct script *script = *state;
	struct icmp_error error = { .type = ICMP_UNREACHABLE, .code = 1 };

	script_open(script, 8000, 1400);
	char text[1001];
	memset(text, 'q', 1000);
	text[1000] = 0;
	SEND(text);
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, text);
	error.sequence = script->our_start + 1;
	tcp_client_icmp(&script->worker, &script->client, &error, script->now_ns);
	assert_int_equal(COUNT(ICMP_SOFT), 1);
	/* Fragmentation needed, but about something that is not in flight. */
	error.code = 4;
	error.next_hop_mtu = 640;
	error.sequence = script->our_start + 1001;
	tcp_client_icmp(&script->worker, &script->client, &error, script->now_ns);
	error.sequence = script->our_start;
	tcp_client_icmp(&script->worker, &script->client, &error, script->now_ns);
	assert_int_equal(COUNT(ICMP_IGNORED), 2);
	assert_int_equal(script->client.mss, 1400);
	STATE(TCP_ESTABLISHED);
	/* A true one: smaller segments, at once. */
	error.sequence = script->our_start + 1;
	tcp_client_icmp(&script->worker, &script->client, &error, script->now_ns);
	FLUSH();
	text[600] = 0;
	TX(1, 1, TCP_ACK, text);
	text[400] = 0;
	TX(601, 1, TCP_ACK | TCP_PSH, text);
	/* Never lower than any Internet path. */
	error.next_hop_mtu = 68;
	tcp_client_icmp(&script->worker, &script->client, &error, script->now_ns);
	assert_int_equal(script->client.mss, TCP_MSS_ICMP_MINIMUM);
	STATE(TCP_ESTABLISHED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(first_packet_carries_ack_and_data),
		SCRIPT(segment_size_is_clamped),
		SCRIPT(connect_measures_the_handshake),
		SCRIPT(connect_repeats_the_syn_and_gives_up),
		SCRIPT(repeated_syn_is_no_sample),
		SCRIPT(connect_is_refused),
		SCRIPT(connect_refuses_answers_to_something_else),
		SCRIPT(we_close_first),
		SCRIPT(peer_closes_first),
		SCRIPT(both_close_at_once),
		SCRIPT(close_discards_what_comes_and_lingers_shortly),
		SCRIPT(lost_fin_is_repeated),
		SCRIPT(abort_resets_at_once),
		SCRIPT(release_accepts_every_state),
		SCRIPT(send_is_bounded),
		SCRIPT(endless_junk_ends_the_connection),
		SCRIPT(icmp_never_ends_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
