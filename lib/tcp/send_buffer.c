/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "tcp/send_buffer.h"
#include "tcp/tcp_limits.h"

void
send_buffer_init(struct send_buffer *buffer)
{
	*buffer = (struct send_buffer){ .block = BLOCK_NONE };
}

size_t
send_buffer_space(const struct send_buffer *buffer)
{
	return TCP_SEND_BUFFER_BYTES - buffer->length;
}

size_t
send_buffer_append(
	struct send_buffer *buffer, struct block_pool *pool, const uint8_t *bytes, size_t length)
{
	if (length > send_buffer_space(buffer))
		length = send_buffer_space(buffer);
	if (length == 0)
		return 0;
	if (buffer->block == BLOCK_NONE)
		buffer->block = block_pool_take(pool);
	if (buffer->block == BLOCK_NONE)
		return 0;
	uint8_t *block = block_pool_at(pool, buffer->block);
	memcpy(block + buffer->length, bytes, length);
	buffer->length += (uint32_t)length;
	return length;
}

const uint8_t *
send_buffer_at(const struct send_buffer *buffer, const struct block_pool *pool, uint32_t offset)
{
	assert(offset < buffer->length);
	return (const uint8_t *)block_pool_at(pool, buffer->block) + offset;
}

void
send_buffer_acknowledge(struct send_buffer *buffer, struct block_pool *pool, uint32_t count)
{
	assert(count <= buffer->length);
	if (count == 0)
		return;
	buffer->length -= count;
	if (buffer->length == 0) {
		send_buffer_release(buffer, pool);
		return;
	}
	uint8_t *block = block_pool_at(pool, buffer->block);
	memmove(block, block + count, buffer->length);
}

void
send_buffer_release(struct send_buffer *buffer, struct block_pool *pool)
{
	if (buffer->block != BLOCK_NONE)
		block_pool_give(pool, buffer->block);
	send_buffer_init(buffer);
}
