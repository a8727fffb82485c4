/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECEIVE_POOL_H
#define RECEIVE_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/block_pool.h"
#include "tcp/tcp_limits.h"

/* Bytes from sequence on, at bytes[offset], length of them. Chunks that follow each other are linked by next. */
struct receive_chunk {
	uint32_t next; /* BLOCK_NONE: the last */
	uint32_t sequence;
	uint16_t offset;
	uint16_t length;
	uint8_t bytes[TCP_CHUNK_BYTES];
};

static inline uint32_t
receive_chunk_end(const struct receive_chunk *chunk)
{
	return chunk->sequence + chunk->length;
}

/* How many bytes can still follow in the same chunk. */
static inline size_t
receive_chunk_room(const struct receive_chunk *chunk)
{
	return (size_t)TCP_CHUNK_BYTES - chunk->offset - chunk->length;
}

/* length is at most the room. */
void receive_chunk_append(struct receive_chunk *chunk, const uint8_t *bytes, size_t length);

/* The chunks that all streams of one worker share. Out of order data gets at most half, so data in order always finds room. */
struct receive_pool {
	struct block_pool chunks;
	uint32_t out_of_order_count;
	uint32_t out_of_order_limit;
};

/* Returns 0 or ERROR_MEMORY. */
int receive_pool_init(struct receive_pool *pool, uint32_t chunks);
void receive_pool_clear(struct receive_pool *pool);
size_t receive_pool_bytes(uint32_t chunks);

static inline struct receive_chunk *
receive_pool_at(const struct receive_pool *pool, uint32_t index)
{
	return block_pool_at(&pool->chunks, index);
}

/* A new chunk with as many of the bytes as fit; BLOCK_NONE when the pool is empty. */
uint32_t receive_pool_take(
	struct receive_pool *pool, uint32_t sequence, const uint8_t *bytes, size_t length);

#endif
