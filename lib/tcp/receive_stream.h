/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECEIVE_STREAM_H
#define RECEIVE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/receive_pool.h"

/*
 * What a peer sent: bytes in order that wait to be read, and pieces from beyond a gap.
 * Invariants: pieces are sorted, do not overlap, and all start after next. next is the sequence number that we await.
 */
struct receive_stream {
	uint32_t next;
	uint32_t readable; /* bytes in order */
	uint32_t head;     /* chunks in order */
	uint32_t tail;
	uint32_t pieces; /* chunks beyond a gap */
	uint32_t piece_count;
};

/* What became of bytes; where several apply the first that lost something. */
enum receive_result {
	RECEIVE_IN_ORDER,     /* next has moved */
	RECEIVE_OUT_OF_ORDER, /* kept beyond a gap */
	RECEIVE_DUPLICATE,    /* nothing new */
	RECEIVE_NO_CHUNK,     /* pool empty: dropped, or taken in part */
	RECEIVE_PIECES_FULL,  /* too much beyond gaps: dropped, or kept in part */
	RECEIVE_UNREAD_FULL   /* too much unread: dropped, or taken in part */
};

void receive_stream_init(struct receive_stream *stream, uint32_t next);

/*
 * Take bytes that begin at sequence. What lies before next or beyond the window is cut away; where old and new bytes
 * overlap beyond a gap the old ones stay.
 */
enum receive_result receive_stream_accept(struct receive_stream *stream, struct receive_pool *pool,
	uint32_t sequence, const uint8_t *bytes, size_t length);

/* Move next over bytes in order without keeping them; beyond a gap they are forgotten. */
enum receive_result receive_stream_skip(
	struct receive_stream *stream, uint32_t sequence, size_t length);

/* A FIN is at next: move over it, and forget what claims to lie beyond. */
void receive_stream_finish(struct receive_stream *stream, struct receive_pool *pool);

/* Copies and consumes up to capacity bytes in order; returns how many. */
size_t receive_stream_read(
	struct receive_stream *stream, struct receive_pool *pool, uint8_t *bytes, size_t capacity);

/* The first contiguous bytes in order, without a copy, until the stream is next used. Returns 0 and NULL if there are none. */
size_t receive_stream_peek(const struct receive_stream *stream, const struct receive_pool *pool,
	const uint8_t **bytes_out);

/* Forget bytes that were peeked; length is at most what peek returned. */
void receive_stream_consume(
	struct receive_stream *stream, struct receive_pool *pool, size_t length);

/* Give back all chunks. next stays. */
void receive_stream_release(struct receive_stream *stream, struct receive_pool *pool);

#endif
