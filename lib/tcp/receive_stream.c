/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "packet/segment.h"
#include "tcp/receive_stream.h"
#include "tcp/tcp_limits.h"

void
receive_stream_init(struct receive_stream *stream, uint32_t next)
{
	*stream = (struct receive_stream){
		.next = next,
		.head = BLOCK_NONE,
		.tail = BLOCK_NONE,
		.pieces = BLOCK_NONE,
	};
}

static void
link_tail(struct receive_stream *stream, struct receive_pool *pool, uint32_t index)
{
	if (stream->tail == BLOCK_NONE)
		stream->head = index;
	else
		receive_pool_at(pool, stream->tail)->next = index;
	receive_pool_at(pool, index)->next = BLOCK_NONE;
	stream->tail = index;
}

/* Bytes that start at next. Returns how many were kept: fewer when the pool runs dry. */
static size_t
append(struct receive_stream *stream, struct receive_pool *pool, const uint8_t *bytes,
	size_t length)
{
	size_t done = 0;

	if (stream->tail != BLOCK_NONE) {
		struct receive_chunk *tail = receive_pool_at(pool, stream->tail);
		done = length < receive_chunk_room(tail) ? length : receive_chunk_room(tail);
		receive_chunk_append(tail, bytes, done);
	}
	while (done < length) {
		const uint32_t index = receive_pool_take(
			pool, stream->next + (uint32_t)done, bytes + done, length - done);
		if (index == BLOCK_NONE)
			break;
		link_tail(stream, pool, index);
		done += receive_pool_at(pool, index)->length;
	}
	stream->next += (uint32_t)done;
	stream->readable += (uint32_t)done;
	return done;
}

static uint32_t
unlink_first_piece(struct receive_stream *stream, struct receive_pool *pool)
{
	const uint32_t index = stream->pieces;

	stream->pieces = receive_pool_at(pool, index)->next;
	stream->piece_count--;
	pool->out_of_order_count--;
	return index;
}

/* Pieces that next has reached become readable. A small one is copied into the tail: its chunk is worth more. */
static void
merge_pieces(struct receive_stream *stream, struct receive_pool *pool)
{
	while (stream->pieces != BLOCK_NONE) {
		struct receive_chunk *piece = receive_pool_at(pool, stream->pieces);
		if (sequence_before(stream->next, piece->sequence))
			return;
		const uint32_t index = unlink_first_piece(stream, pool);
		if (sequence_at_most(receive_chunk_end(piece), stream->next)) {
			block_pool_give(&pool->chunks, index);
			continue;
		}
		const uint16_t old = (uint16_t)(stream->next - piece->sequence);
		piece->sequence = stream->next;
		piece->offset = (uint16_t)(piece->offset + old);
		piece->length = (uint16_t)(piece->length - old);
		if (stream->tail != BLOCK_NONE &&
			piece->length <= receive_chunk_room(receive_pool_at(pool, stream->tail))) {
			append(stream, pool, piece->bytes + piece->offset, piece->length);
			block_pool_give(&pool->chunks, index);
		} else {
			stream->next += piece->length;
			stream->readable += piece->length;
			link_tail(stream, pool, index);
		}
	}
}

static enum receive_result
accept_in_order(struct receive_stream *stream, struct receive_pool *pool, const uint8_t *bytes,
	size_t length)
{
	const size_t room =
		stream->readable < TCP_UNREAD_MAXIMUM ? TCP_UNREAD_MAXIMUM - stream->readable : 0;
	const size_t wanted = length < room ? length : room;
	const size_t done = append(stream, pool, bytes, wanted);

	merge_pieces(stream, pool);
	if (done < wanted)
		return RECEIVE_NO_CHUNK;
	return wanted < length ? RECEIVE_UNREAD_FULL : RECEIVE_IN_ORDER;
}

/* Keep bytes that overlap no piece, right after the piece previous (or first). Moves *previous to the last one made. */
static enum receive_result
insert_piece(struct receive_stream *stream, struct receive_pool *pool, uint32_t *previous,
	uint32_t sequence, const uint8_t *bytes, size_t length)
{
	if (*previous != BLOCK_NONE) {
		struct receive_chunk *before = receive_pool_at(pool, *previous);
		if (receive_chunk_end(before) == sequence) {
			const size_t room = receive_chunk_room(before);
			const size_t fits = length < room ? length : room;
			receive_chunk_append(before, bytes, fits);
			sequence += (uint32_t)fits;
			bytes += fits;
			length -= fits;
		}
	}
	while (length > 0) {
		if (stream->piece_count == TCP_OUT_OF_ORDER_CHUNKS ||
			pool->out_of_order_count == pool->out_of_order_limit)
			return RECEIVE_PIECES_FULL;
		const uint32_t index = receive_pool_take(pool, sequence, bytes, length);
		if (index == BLOCK_NONE)
			return RECEIVE_NO_CHUNK;
		struct receive_chunk *chunk = receive_pool_at(pool, index);
		uint32_t *link = *previous == BLOCK_NONE ? &stream->pieces
							 : &receive_pool_at(pool, *previous)->next;
		chunk->next = *link;
		*link = index;
		*previous = index;
		stream->piece_count++;
		pool->out_of_order_count++;
		sequence += chunk->length;
		bytes += chunk->length;
		length -= chunk->length;
	}
	return RECEIVE_OUT_OF_ORDER;
}

/* Fill the holes that the bytes cover between the pieces there are. */
static enum receive_result
accept_out_of_order(struct receive_stream *stream, struct receive_pool *pool, uint32_t sequence,
	const uint8_t *bytes, size_t length)
{
	enum receive_result result = RECEIVE_DUPLICATE;
	uint32_t previous = BLOCK_NONE;
	uint32_t index = stream->pieces;

	while (length > 0) {
		size_t hole = length;
		if (index != BLOCK_NONE) {
			const struct receive_chunk *piece = receive_pool_at(pool, index);
			const int32_t distance = (int32_t)(piece->sequence - sequence);
			if (distance < (int32_t)length)
				hole = distance > 0 ? (size_t)distance : 0;
		}
		if (hole > 0) {
			result = insert_piece(stream, pool, &previous, sequence, bytes, hole);
			if (result != RECEIVE_OUT_OF_ORDER)
				return result;
		}
		if (index == BLOCK_NONE)
			break;
		const struct receive_chunk *piece = receive_pool_at(pool, index);
		const int32_t covered = (int32_t)(receive_chunk_end(piece) - sequence);
		if (covered >= (int32_t)length)
			break;
		if (covered > 0) {
			sequence += (uint32_t)covered;
			bytes += covered;
			length -= (size_t)covered;
		}
		previous = index;
		index = piece->next;
	}
	return result;
}

enum receive_result
receive_stream_accept(struct receive_stream *stream, struct receive_pool *pool, uint32_t sequence,
	const uint8_t *bytes, size_t length)
{
	if (sequence_before(sequence, stream->next)) {
		const uint32_t old = stream->next - sequence;
		if (old >= length)
			return RECEIVE_DUPLICATE;
		sequence += old;
		bytes += old;
		length -= old;
	}
	const uint32_t distance = sequence - stream->next;
	if (length == 0 || distance >= OUR_WINDOW)
		return RECEIVE_DUPLICATE;
	if (length > OUR_WINDOW - distance)
		length = OUR_WINDOW - distance;
	if (distance == 0)
		return accept_in_order(stream, pool, bytes, length);
	return accept_out_of_order(stream, pool, sequence, bytes, length);
}

enum receive_result
receive_stream_skip(struct receive_stream *stream, uint32_t sequence, size_t length)
{
	const uint32_t end = sequence + (uint32_t)length;

	if (sequence_at_most(end, stream->next))
		return RECEIVE_DUPLICATE;
	if (sequence_before(stream->next, sequence))
		return RECEIVE_PIECES_FULL;
	stream->next = end;
	return RECEIVE_IN_ORDER;
}

size_t
receive_stream_peek(const struct receive_stream *stream, const struct receive_pool *pool,
	const uint8_t **bytes_out)
{
	if (stream->head == BLOCK_NONE) {
		*bytes_out = NULL;
		return 0;
	}
	const struct receive_chunk *chunk = receive_pool_at(pool, stream->head);
	*bytes_out = chunk->bytes + chunk->offset;
	return chunk->length;
}

void
receive_stream_consume(struct receive_stream *stream, struct receive_pool *pool, size_t length)
{
	if (length == 0)
		return;
	struct receive_chunk *chunk = receive_pool_at(pool, stream->head);
	assert(length <= chunk->length);
	chunk->sequence += (uint32_t)length;
	chunk->offset = (uint16_t)(chunk->offset + length);
	chunk->length = (uint16_t)(chunk->length - length);
	stream->readable -= (uint32_t)length;
	if (chunk->length > 0)
		return;
	const uint32_t empty = stream->head;
	stream->head = chunk->next;
	if (stream->head == BLOCK_NONE)
		stream->tail = BLOCK_NONE;
	block_pool_give(&pool->chunks, empty);
}

size_t
receive_stream_read(
	struct receive_stream *stream, struct receive_pool *pool, uint8_t *bytes, size_t capacity)
{
	size_t done = 0;

	while (done < capacity) {
		const uint8_t *from;
		size_t length = receive_stream_peek(stream, pool, &from);
		if (length == 0)
			break;
		if (length > capacity - done)
			length = capacity - done;
		memcpy(bytes + done, from, length);
		receive_stream_consume(stream, pool, length);
		done += length;
	}
	return done;
}

static void
forget_pieces(struct receive_stream *stream, struct receive_pool *pool)
{
	while (stream->pieces != BLOCK_NONE)
		block_pool_give(&pool->chunks, unlink_first_piece(stream, pool));
}

void
receive_stream_finish(struct receive_stream *stream, struct receive_pool *pool)
{
	forget_pieces(stream, pool);
	stream->next++;
}

void
receive_stream_release(struct receive_stream *stream, struct receive_pool *pool)
{
	forget_pieces(stream, pool);
	while (stream->head != BLOCK_NONE) {
		const uint32_t index = stream->head;
		stream->head = receive_pool_at(pool, index)->next;
		block_pool_give(&pool->chunks, index);
	}
	stream->tail = BLOCK_NONE;
	stream->readable = 0;
}
