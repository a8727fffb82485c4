/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/tcp_script.h"

/* What we send, when, how often, and how the peer's window bounds it. */

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
/* As much as the smallest segment size. */
#define SIXTY_FOUR TEN TEN TEN TEN TEN TEN "abcd"

static void
silence_is_given_up(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	SEND("hello");
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(999);
	NOTHING();
	WAIT(1);
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(2000);
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(4000);
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(7999);
	NOTHING();
	STATE(TCP_ESTABLISHED);
	WAIT(1);
	TX(6, 1, TCP_RST | TCP_ACK, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_TIMEOUT);
	NOTHING();
	assert_int_equal(COUNT(RETRANSMISSIONS), 3);
	assert_int_equal(COUNT(TIMEOUTS), 1);
}

static void
acknowledgment_ends_the_back_off(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	SEND("hello");
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(3000);
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	RX(1, 6, TCP_ACK, 8000, NULL);
	assert_int_equal(tcp_client_deadline_ns(&script->client), TCP_NEVER);
	/* Karn: which copy was it? No sample. */
	assert_int_equal(script->client.retransmission.smoothed_us, 0);
	SEND("again");
	FLUSH();
	TX(6, 1, TCP_ACK | TCP_PSH, "again");
	WAIT(999);
	NOTHING();
	WAIT(1);
	TX(6, 1, TCP_ACK | TCP_PSH, "again");
}

static void
round_trips_are_sampled(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	SEND("hello");
	FLUSH();
	TX(1, 1, TCP_ACK | TCP_PSH, "hello");
	WAIT(900);
	RX(1, 6, TCP_ACK, 8000, NULL);
	assert_int_equal(script->client.retransmission.smoothed_us, 900000);
	SEND("again");
	FLUSH();
	TX(6, 1, TCP_ACK | TCP_PSH, "again");
	/* 900 ms + 4 * 450 ms */
	WAIT(2699);
	NOTHING();
	WAIT(1);
	TX(6, 1, TCP_ACK | TCP_PSH, "again");
}

static void
flight_is_bounded(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 64);
	for (int i = 0; i < 6; i++)
		SEND(SIXTY_FOUR);
	FLUSH();
	for (uint32_t i = 0; i < TCP_FLIGHT_SEGMENTS; i++)
		TX(1 + 64 * i, 1, TCP_ACK, SIXTY_FOUR);
	FLUSH();
	NOTHING();
	RX(1, 129, TCP_ACK, 8000, NULL);
	FLUSH();
	TX(257, 1, TCP_ACK, SIXTY_FOUR);
	TX(321, 1, TCP_ACK | TCP_PSH, SIXTY_FOUR);
	NOTHING();
}

static void
timeout_resends_one_segment_then_goes_on(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 64);
	for (int i = 0; i < 3; i++)
		SEND(SIXTY_FOUR);
	FLUSH();
	TX(1, 1, TCP_ACK, SIXTY_FOUR);
	TX(65, 1, TCP_ACK, SIXTY_FOUR);
	TX(129, 1, TCP_ACK | TCP_PSH, SIXTY_FOUR);
	WAIT(1000);
	TX(1, 1, TCP_ACK, SIXTY_FOUR);
	FLUSH();
	NOTHING();
	/* Only the first was lost. */
	RX(1, 193, TCP_ACK, 8000, NULL);
	FLUSH();
	NOTHING();
	assert_int_equal(tcp_client_deadline_ns(&script->client), TCP_NEVER);
}

static void
partial_acknowledgment_moves_on(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 64);
	SEND(SIXTY_FOUR);
	SEND(SIXTY_FOUR);
	FLUSH();
	TX(1, 1, TCP_ACK, SIXTY_FOUR);
	TX(65, 1, TCP_ACK | TCP_PSH, SIXTY_FOUR);
	WAIT(1000);
	TX(1, 1, TCP_ACK, SIXTY_FOUR);
	RX(1, 65, TCP_ACK, 8000, NULL);
	FLUSH();
	TX(65, 1, TCP_ACK | TCP_PSH, SIXTY_FOUR);
	/* In the middle of a segment. */
	RX(1, 65 + 60, TCP_ACK, 8000, NULL);
	WAIT(1000);
	TX(125, 1, TCP_ACK | TCP_PSH, "abcd");
}

static void
window_is_obeyed(void **state)
{
	struct script *script = *state;

	script_open(script, 10, 0);
	SEND(HUNDRED);
	FLUSH();
	TX(1, 1, TCP_ACK, TEN);
	NOTHING();
	RX(1, 11, TCP_ACK, 20, NULL);
	FLUSH();
	TX(11, 1, TCP_ACK, TEN TEN);
	NOTHING();
}

static void
window_is_never_scaled(void **state)
{
	struct script *script = *state;
	struct segment syn_ack = script_segment(script, 0, 1, TCP_SYN | TCP_ACK, 10, NULL);

	syn_ack.window_scale = 14;
	tcp_client_adopt(&script->worker, &script->client, &syn_ack, script->now_ns);
	SEND(HUNDRED);
	FLUSH();
	TX(1, 1, TCP_ACK, TEN);
	RX(1, 11, TCP_ACK, 10, NULL);
	FLUSH();
	TX(11, 1, TCP_ACK, TEN);
	NOTHING();
}

static void
old_segment_sets_no_window(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(4, 1, TCP_ACK, 10, "def");
	RX(1, 1, TCP_ACK, 8000, "abc");
	assert_int_equal(script->client.send_window, 10);
	RX(7, 1, TCP_ACK, 50, NULL);
	assert_int_equal(script->client.send_window, 50);
}

static void
closed_window_is_probed_and_opens(void **state)
{
	struct script *script = *state;

	script_open(script, 0, 0);
	SEND("hello");
	FLUSH();
	NOTHING();
	WAIT(1000);
	TX(1, 1, TCP_ACK, "h");
	/* Not taken: an ACK must not lie beyond the window, or the peer would throw it away. */
	RX(1, 1, TCP_ACK, 0, "x");
	FLUSH();
	TX(1, 2, TCP_ACK, NULL);
	WAIT(2000);
	TX(1, 2, TCP_ACK, "h");
	RX(2, 1, TCP_ACK, 100, NULL);
	FLUSH();
	TX(1, 2, TCP_ACK | TCP_PSH, "hello");
	RX(2, 6, TCP_ACK, 100, NULL);
	assert_int_equal(tcp_client_deadline_ns(&script->client), TCP_NEVER);
	assert_int_equal(COUNT(WINDOW_PROBES), 2);
}

static void
probe_byte_may_be_taken(void **state)
{
	struct script *script = *state;

	script_open(script, 0, 0);
	SEND("hello");
	FLUSH();
	WAIT(1000);
	TX(1, 1, TCP_ACK, "h");
	RX(1, 2, TCP_ACK, 0, NULL);
	FLUSH();
	NOTHING();
	WAIT(1000);
	TX(2, 1, TCP_ACK, "e");
	RX(1, 3, TCP_ACK, 8000, NULL);
	FLUSH();
	TX(3, 1, TCP_ACK | TCP_PSH, "llo");
}

static void
closed_window_is_given_up(void **state)
{
	struct script *script = *state;

	script_open(script, 0, 0);
	SEND("hello");
	FLUSH();
	for (uint32_t i = 0; i < TCP_WINDOW_PROBES; i++) {
		WAIT(1000ULL << i);
		TX(1, 1, TCP_ACK, "h");
		RX(1, 1, TCP_ACK, 0, NULL);
		FLUSH();
		NOTHING();
	}
	WAIT(1000ULL << TCP_WINDOW_PROBES);
	TX(1, 1, TCP_RST | TCP_ACK, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_TIMEOUT);
}

static void
closing_with_a_closed_window_lingers_shortly(void **state)
{
	struct script *script = *state;

	script_open(script, 0, 0);
	SEND("hello");
	CLOSE();
	FLUSH();
	NOTHING();
	WAIT(1000);
	TX(1, 1, TCP_ACK, "h");
	WAIT(1000);
	TX(1, 1, TCP_RST | TCP_ACK, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_ABORTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(silence_is_given_up),
		SCRIPT(acknowledgment_ends_the_back_off),
		SCRIPT(round_trips_are_sampled),
		SCRIPT(flight_is_bounded),
		SCRIPT(timeout_resends_one_segment_then_goes_on),
		SCRIPT(partial_acknowledgment_moves_on),
		SCRIPT(window_is_obeyed),
		SCRIPT(window_is_never_scaled),
		SCRIPT(old_segment_sets_no_window),
		SCRIPT(closed_window_is_probed_and_opens),
		SCRIPT(probe_byte_may_be_taken),
		SCRIPT(closed_window_is_given_up),
		SCRIPT(closing_with_a_closed_window_lingers_shortly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
