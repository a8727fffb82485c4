/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "packet/segment.h"
#include "tcp/receive_stream.h"
#include "tcp/tcp_limits.h"

#define CHUNKS 40
#define START  (UINT32_MAX - 700)

static struct receive_pool pool;
static struct receive_stream stream;

static int
setup(void **state)
{
	receive_stream_init(&stream, START);
	return receive_pool_init(&pool, CHUNKS);
}

static int
teardown(void **state)
{
	receive_stream_release(&stream, &pool);
	const int leaked = pool.chunks.free_count != CHUNKS || pool.out_of_order_count != 0;
	receive_pool_clear(&pool);
	return leaked;
}

static enum receive_result
give(uint32_t offset, const char *text)
{
	return receive_stream_accept(
		&stream, &pool, START + offset, (const uint8_t *)text, strlen(text));
}

static void
expect(const char *text)
{
	uint8_t bytes[4096];
	const size_t got = receive_stream_read(&stream, &pool, bytes, sizeof(bytes));

	assert_int_equal(got, strlen(text));
	assert_memory_equal(bytes, text, got);
}

static void
pieces_are_joined(void **state)
{
	assert_int_equal(give(6, "gh"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(give(2, "cd"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(give(3, "defg"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(give(2, "cdefgh"), RECEIVE_DUPLICATE);
	expect("");
	assert_int_equal(give(0, "ab"), RECEIVE_IN_ORDER);
	assert_int_equal(stream.pieces, BLOCK_NONE);
	/* All joined in one chunk. */
	assert_int_equal(pool.chunks.free_count, CHUNKS - 1);
	expect("abcdefgh");
}

static void
one_segment_fills_many_holes(void **state)
{
	give(2, "c");
	give(4, "e");
	give(7, "h");
	assert_int_equal(stream.piece_count, 3);
	assert_int_equal(give(1, "bcdefghij"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(give(0, "a"), RECEIVE_IN_ORDER);
	expect("abcdefghij");
}

static void
window_cuts(void **state)
{
	assert_int_equal(give(OUR_WINDOW, "x"), RECEIVE_DUPLICATE);
	assert_int_equal(give(OUR_WINDOW - 1, "xyz"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(stream.piece_count, 1);
	assert_int_equal(give(0, ""), RECEIVE_DUPLICATE);
}

static void
out_of_order_leaves_half_the_pool(void **state)
{
	struct receive_stream other;

	receive_stream_init(&other, START);
	for (uint32_t i = 0; i < TCP_OUT_OF_ORDER_CHUNKS; i++)
		assert_int_equal(give(10 + 2 * i, "x"), RECEIVE_OUT_OF_ORDER);
	assert_int_equal(give(10 + 2 * TCP_OUT_OF_ORDER_CHUNKS, "xx"), RECEIVE_PIECES_FULL);
	uint32_t kept = 0;
	while (receive_stream_accept(&other, &pool, START + 5 + 2 * kept, (const uint8_t *)"y",
		       1) == RECEIVE_OUT_OF_ORDER)
		kept++;
	assert_int_equal(kept, CHUNKS / 2 - TCP_OUT_OF_ORDER_CHUNKS);
	assert_int_equal(pool.chunks.free_count, CHUNKS / 2);
	receive_stream_release(&other, &pool);
}

static void
skip_moves_without_keeping(void **state)
{
	assert_int_equal(receive_stream_skip(&stream, START + 5, 10), RECEIVE_PIECES_FULL);
	assert_int_equal(receive_stream_skip(&stream, START, 5), RECEIVE_IN_ORDER);
	assert_int_equal(receive_stream_skip(&stream, START + 2, 3), RECEIVE_DUPLICATE);
	assert_int_equal(receive_stream_skip(&stream, START + 2, 4), RECEIVE_IN_ORDER);
	assert_int_equal(stream.next, START + 6);
	assert_int_equal(pool.chunks.free_count, CHUNKS);
}

static void
finish_forgets_what_lies_beyond(void **state)
{
	give(0, "ab");
	give(5, "f");
	receive_stream_finish(&stream, &pool);
	assert_int_equal(stream.next, START + 3);
	assert_int_equal(pool.out_of_order_count, 0);
	expect("ab");
}

static void
check_invariants(void)
{
	uint32_t counted = 0;
	uint32_t at = stream.next + 1;

	for (uint32_t i = stream.pieces; i != BLOCK_NONE; counted++) {
		const struct receive_chunk *piece = receive_pool_at(&pool, i);
		assert_true(sequence_at_most(at, piece->sequence));
		assert_true(piece->length > 0);
		at = receive_chunk_end(piece);
		i = piece->next;
	}
	assert_int_equal(counted, stream.piece_count);
	assert_true(counted <= TCP_OUT_OF_ORDER_CHUNKS);
	assert_int_equal(counted, pool.out_of_order_count);
}

/* Random pieces of a known text, in any order, until all is in. */
static void
any_order_gives_the_same_bytes(void **state)
{
	static uint8_t text[20000];
	struct random_sequence random = { .state = 42 };

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)random_next(&random);
	for (int round = 0; round < 30; round++) {
		uint32_t done = 0;
		const uint32_t longest = (uint32_t)1 << random_below(&random, 12);
		receive_stream_release(&stream, &pool);
		receive_stream_init(&stream, START);
		while (done < sizeof(text)) {
			uint8_t bytes[3000];
			const uint32_t next = stream.next - START;
			const uint32_t back = next < 50 ? next : 50;
			uint32_t from =
				next - back + (uint32_t)random_below(&random, back + 3 * longest);
			uint32_t length = (uint32_t)random_below(&random, longest) + 1;
			if (random_below(&random, 4) == 0)
				from = next;
			if (from >= sizeof(text))
				continue;
			if (length > sizeof(text) - from)
				length = (uint32_t)sizeof(text) - from;
			receive_stream_accept(&stream, &pool, START + from, text + from, length);
			check_invariants();
			const size_t got = receive_stream_read(&stream, &pool, bytes,
				(size_t)random_below(&random, sizeof(bytes)));
			assert_memory_equal(bytes, text + done, got);
			done += (uint32_t)got;
		}
		assert_int_equal(stream.next - START, sizeof(text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces_are_joined, setup, teardown),
		cmocka_unit_test_setup_teardown(one_segment_fills_many_holes, setup, teardown),
		cmocka_unit_test_setup_teardown(window_cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(out_of_order_leaves_half_the_pool, setup, teardown),
		cmocka_unit_test_setup_teardown(skip_moves_without_keeping, setup, teardown),
		cmocka_unit_test_setup_teardown(finish_forgets_what_lies_beyond, setup, teardown),
		cmocka_unit_test_setup_teardown(any_order_gives_the_same_bytes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
