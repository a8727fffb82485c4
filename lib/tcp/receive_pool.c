/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "tcp/receive_pool.h"

void
receive_chunk_append(struct receive_chunk *chunk, const uint8_t *bytes, size_t length)
{
	assert(length <= receive_chunk_room(chunk));
	memcpy(chunk->bytes + chunk->offset + chunk->length, bytes, length);
	chunk->length = (uint16_t)(chunk->length + length);
}

int
receive_pool_init(struct receive_pool *pool, uint32_t chunks)
{
	assert(chunks >= 2);
	*pool = (struct receive_pool){ .out_of_order_limit = chunks / 2 };
	return block_pool_init(&pool->chunks, chunks, sizeof(struct receive_chunk));
}

void
receive_pool_clear(struct receive_pool *pool)
{
	block_pool_clear(&pool->chunks);
}

size_t
receive_pool_bytes(uint32_t chunks)
{
	return block_pool_bytes(chunks, sizeof(struct receive_chunk));
}

uint32_t
receive_pool_take(struct receive_pool *pool, uint32_t sequence, const uint8_t *bytes, size_t length)
{
	const uint32_t index = block_pool_take(&pool->chunks);

	if (index == BLOCK_NONE)
		return BLOCK_NONE;
	struct receive_chunk *chunk = receive_pool_at(pool, index);
	chunk->next = BLOCK_NONE;
	chunk->sequence = sequence;
	chunk->offset = 0;
	chunk->length = 0;
	receive_chunk_append(chunk, bytes, length < TCP_CHUNK_BYTES ? length : TCP_CHUNK_BYTES);
	return index;
}
