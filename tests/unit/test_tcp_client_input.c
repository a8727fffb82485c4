/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/tcp_script.h"

/* What a segment from the peer does, step by step of RFC 9293 section 3.10.7.4. */

static void
lost_ack_is_said_again(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK, 8000, "abc");
	FLUSH();
	TX(1, 4, TCP_ACK, NULL);
	/* Our ACK got lost: the same data, then the SYN-ACK, then half of it. */
	RX(1, 1, TCP_ACK, 8000, "abc");
	FLUSH();
	TX(1, 4, TCP_ACK, NULL);
	RX(0, 1, TCP_SYN | TCP_ACK, 8000, NULL);
	FLUSH();
	TX(1, 4, TCP_ACK, NULL);
	RX(2, 1, TCP_ACK, 8000, "bc");
	FLUSH();
	TX(1, 4, TCP_ACK, NULL);
	NOTHING();
	READ("abc");
	assert_int_equal(COUNT(DUPLICATES), 3);
}

static void
keep_alive_probe_is_answered(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(0, 1, TCP_ACK, 8000, NULL);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	/* The old kind carries a byte of garbage. */
	RX(0, 1, TCP_ACK, 8000, "\x01");
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	NOTHING();
	assert_int_equal(tcp_client_readable(&script->client), 0);
}

static void
segments_outside_the_window_are_answered(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1 + OUR_WINDOW, 1, TCP_ACK, 8000, "far");
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	RX(0x80000000U, 1, TCP_ACK, 8000, NULL);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	NOTHING();
	assert_int_equal(COUNT(OUT_OF_WINDOW) + COUNT(DUPLICATES), 2);
}

static void
overlap_is_trimmed(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK, 8000, "abc");
	RX(2, 1, TCP_ACK, 8000, "bcde");
	FLUSH();
	TX(1, 6, TCP_ACK, NULL);
	NOTHING();
	READ("abcde");
}

static void
gap_is_filled(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(4, 1, TCP_ACK, 8000, "def");
	RX(7, 1, TCP_ACK, 8000, "ghi");
	FLUSH();
	/* One duplicate ACK for each, so that the peer can retransmit fast. */
	TX(1, 1, TCP_ACK, NULL);
	TX(1, 1, TCP_ACK, NULL);
	NOTHING();
	READ("");
	RX(1, 1, TCP_ACK, 8000, "abc");
	FLUSH();
	TX(1, 10, TCP_ACK, NULL);
	NOTHING();
	READ("abcdefghi");
	assert_int_equal(COUNT(OUT_OF_ORDER), 2);
}

static void
duplicate_acks_are_bounded(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	for (uint32_t i = 0; i < 30; i++)
		RX(10 + i, 1, TCP_ACK, 8000, "x");
	FLUSH();
	for (int i = 0; i < TCP_DUPLICATE_ACKS; i++)
		TX(1, 1, TCP_ACK, NULL);
	NOTHING();
}

static void
out_of_order_is_bounded(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	for (uint32_t i = 0; i < TCP_OUT_OF_ORDER_CHUNKS + 5; i++)
		RX(10 + 10 * i, 1, TCP_ACK, 8000, "x");
	assert_int_equal(COUNT(OUT_OF_ORDER), TCP_OUT_OF_ORDER_CHUNKS);
	assert_int_equal(COUNT(OUT_OF_ORDER_FULL), 5);
	/* Data in order is not kept out by it. */
	RX(1, 1, TCP_ACK, 8000, "abc");
	READ("abc");
}

static void
unread_is_bounded(void **state)
{
	struct script *script = *state;
	char text[1025];
	uint32_t sequence = 1;

	memset(text, 'u', 1024);
	text[1024] = 0;
	script_open(script, 8000, 0);
	for (int i = 0; i < 40; i++, sequence += 1024)
		RX(sequence, 1, TCP_ACK, 8000, text);
	assert_int_equal(tcp_client_readable(&script->client), TCP_UNREAD_MAXIMUM);
	FLUSH();
	TX(1, 1 + TCP_UNREAD_MAXIMUM, TCP_ACK, NULL);
	for (int i = 0; i < 10; i++) {
		uint8_t sink[TCP_UNREAD_MAXIMUM];
		tcp_client_receive(&script->worker, &script->client, sink, sizeof(sink));
	}
	RX(1 + TCP_UNREAD_MAXIMUM, 1, TCP_ACK, 8000, "go on");
	READ("go on");
}

static void
empty_pool_is_counted_and_survived(void **state)
{
	struct script *script = *state;
	struct block_pool *chunks = &script->worker.receive.chunks;
	uint32_t taken[SCRIPT_CHUNKS];

	script_open(script, 8000, 0);
	for (int i = 0; i < SCRIPT_CHUNKS; i++)
		taken[i] = block_pool_take(chunks);
	RX(1, 1, TCP_ACK, 8000, "abc");
	RX(10, 1, TCP_ACK, 8000, "jkl");
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	assert_int_equal(COUNT(NO_CHUNK), 2);
	for (int i = 0; i < SCRIPT_CHUNKS; i++)
		block_pool_give(chunks, taken[i]);
	RX(1, 1, TCP_ACK, 8000, "abc");
	READ("abc");
}

static void
tiny_segments_share_chunks(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	for (uint32_t i = 0; i < TCP_CHUNK_BYTES; i++)
		RX(1 + i, 1, TCP_ACK, 8000, "t");
	assert_int_equal(tcp_client_readable(&script->client), TCP_CHUNK_BYTES);
	assert_int_equal(script->worker.receive.chunks.free_count, SCRIPT_CHUNKS - 1);
	FLUSH();
	TX(1, 1 + TCP_CHUNK_BYTES, TCP_ACK, NULL);
	NOTHING();
}

static void
peek_and_consume_copy_nothing(void **state)
{
	struct script *script = *state;
	const uint8_t *bytes;

	script_open(script, 8000, 0);
	assert_int_equal(tcp_client_peek(&script->worker, &script->client, &bytes), 0);
	assert_null(bytes);
	RX(1, 1, TCP_ACK, 8000, "abcdef");
	assert_int_equal(tcp_client_peek(&script->worker, &script->client, &bytes), 6);
	assert_memory_equal(bytes, "abcdef", 6);
	tcp_client_consume(&script->worker, &script->client, 4);
	assert_int_equal(tcp_client_peek(&script->worker, &script->client, &bytes), 2);
	assert_memory_equal(bytes, "ef", 2);
	assert_int_equal(tcp_client_readable(&script->client), 2);
	READ("ef");
}

static void
exact_reset_ends(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK, 8000, "kept");
	RX(5, 1, TCP_RST, 0, NULL);
	STATE(TCP_CLOSED);
	/* At once, but what came before can be read. */
	END(TCP_END_RESET);
	READ("kept");
	FLUSH();
	NOTHING();
	assert_int_equal(COUNT(RESETS_RECEIVED), 1);
}

static void
reset_with_ack_is_a_reset(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_RST | TCP_ACK | TCP_PSH, 0, NULL);
	STATE(TCP_CLOSED);
	END(TCP_END_RESET);
}

static void
guessed_reset_is_challenged(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(2, 1, TCP_RST, 0, NULL);
	STATE(TCP_ESTABLISHED);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	/* One challenge a second. */
	RX(3, 1, TCP_RST, 0, NULL);
	WAIT(999);
	RX(OUR_WINDOW, 1, TCP_RST, 0, NULL);
	FLUSH();
	NOTHING();
	assert_int_equal(COUNT(CHALLENGE_ACKS), 1);
	assert_int_equal(COUNT(CHALLENGES_WITHHELD), 2);
	WAIT(1);
	RX(2, 1, TCP_RST, 0, NULL);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	/* Outside the window there is no answer at all. */
	WAIT(1000);
	RX(1 + OUR_WINDOW, 1, TCP_RST, 0, NULL);
	RX(0, 1, TCP_RST, 0, NULL);
	FLUSH();
	NOTHING();
	STATE(TCP_ESTABLISHED);
}

static void
syn_in_window_is_challenged(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(100, 0, TCP_SYN, 8000, NULL);
	STATE(TCP_ESTABLISHED);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	assert_int_equal(COUNT(CHALLENGE_ACKS), 1);
	assert_int_equal(COUNT(UNEXPECTED_SYN), 1);
}

static void
segment_without_ack_is_dropped(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_PSH, 8000, "abc");
	FLUSH();
	NOTHING();
	READ("");
	assert_int_equal(COUNT(NO_ACKNOWLEDGMENT), 1);
}

static void
acknowledgment_of_unsent_data_is_answered(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 2, TCP_ACK, 8000, "abc");
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	READ("");
	assert_false(tcp_client_has_acknowledged_data(&script->client));
	/* Too old to be anything. */
	WAIT(1000);
	RX(1, 0x80000000U, TCP_ACK, 8000, "abc");
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	READ("");
	assert_int_equal(COUNT(BAD_ACKNOWLEDGMENT), 2);
	/* An old one is harmless, and its data good. */
	RX(1, 0, TCP_ACK, 8000, "abc");
	READ("abc");
}

static void
fin_with_data_counts_both(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK | TCP_PSH | TCP_FIN | TCP_URG, 8000, "all");
	FLUSH();
	TX(1, 5, TCP_ACK, NULL);
	END(TCP_END_NONE);
	READ("all");
	END(TCP_END_FIN);
	/* The peer did not get our ACK. */
	RX(1, 1, TCP_ACK | TCP_FIN, 8000, "all");
	FLUSH();
	TX(1, 5, TCP_ACK, NULL);
	RX(5, 1, TCP_ACK, 8000, "beyond");
	FLUSH();
	NOTHING();
	assert_int_equal(COUNT(AFTER_FIN), 1);
}

static void
fin_beyond_a_gap_waits(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(4, 1, TCP_ACK | TCP_FIN, 8000, "def");
	STATE(TCP_ESTABLISHED);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	RX(7, 1, TCP_ACK | TCP_FIN, 8000, "too much");
	RX(6, 1, TCP_ACK, 8000, "f, and too much");
	assert_int_equal(COUNT(AFTER_FIN), 2);
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	RX(1, 1, TCP_ACK, 8000, "abc");
	STATE(TCP_CLOSE_WAIT);
	FLUSH();
	TX(1, 8, TCP_ACK, NULL);
	NOTHING();
	READ("abcdef");
	END(TCP_END_FIN);
}

static void
fin_inside_other_data_still_counts(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(3, 1, TCP_ACK, 8000, "cdefgh");
	RX(5, 1, TCP_ACK | TCP_FIN, 8000, NULL);
	RX(1, 1, TCP_ACK, 8000, "ab");
	STATE(TCP_CLOSE_WAIT);
	READ("abcdefgh");
	END(TCP_END_FIN);
}

static void
data_with_the_syn_ack_is_taken(void **state)
{
	struct script *script = *state;
	const struct segment syn_ack =
		script_segment(script, 0, 1, TCP_SYN | TCP_ACK, 8000, "early");

	tcp_client_adopt(&script->worker, &script->client, &syn_ack, script->now_ns);
	FLUSH();
	TX(1, 6, TCP_ACK, NULL);
	READ("early");
}

static void
one_ack_for_a_burst(void **state)
{
	struct script *script = *state;

	script_open(script, 8000, 0);
	RX(1, 1, TCP_ACK, 8000, "abc");
	RX(4, 1, TCP_ACK, 8000, "def");
	RX(7, 1, TCP_ACK, 8000, "ghi");
	FLUSH();
	TX(1, 10, TCP_ACK, NULL);
	/* And none of its own where data carries it. */
	RX(10, 1, TCP_ACK, 8000, "jkl");
	SEND("answer");
	FLUSH();
	TX(1, 13, TCP_ACK | TCP_PSH, "answer");
	NOTHING();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(lost_ack_is_said_again),
		SCRIPT(keep_alive_probe_is_answered),
		SCRIPT(segments_outside_the_window_are_answered),
		SCRIPT(overlap_is_trimmed),
		SCRIPT(gap_is_filled),
		SCRIPT(duplicate_acks_are_bounded),
		SCRIPT(out_of_order_is_bounded),
		SCRIPT(unread_is_bounded),
		SCRIPT(empty_pool_is_counted_and_survived),
		SCRIPT(tiny_segments_share_chunks),
		SCRIPT(peek_and_consume_copy_nothing),
		SCRIPT(exact_reset_ends),
		SCRIPT(reset_with_ack_is_a_reset),
		SCRIPT(guessed_reset_is_challenged),
		SCRIPT(syn_in_window_is_challenged),
		SCRIPT(segment_without_ack_is_dropped),
		SCRIPT(acknowledgment_of_unsent_data_is_answered),
		SCRIPT(fin_with_data_counts_both),
		SCRIPT(fin_beyond_a_gap_waits),
		SCRIPT(fin_inside_other_data_still_counts),
		SCRIPT(data_with_the_syn_ack_is_taken),
		SCRIPT(one_ack_for_a_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
