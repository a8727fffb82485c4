/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "tcp/block_pool.h"

static size_t
round_up(size_t block_size)
{
	return (block_size + 7) & ~(size_t)7;
}

size_t
block_pool_bytes(uint32_t count, size_t block_size)
{
	return (round_up(block_size) + sizeof(uint32_t)) * count;
}

int
block_pool_init(struct block_pool *pool, uint32_t count, size_t block_size)
{
	assert(count > 0 && count < BLOCK_NONE && block_size > 0);
	*pool = (struct block_pool){ .count = count, .block_size = round_up(block_size) };
	pool->bytes = calloc(count, pool->block_size);
	pool->free_list = calloc(count, sizeof(*pool->free_list));
	if (pool->bytes == NULL || pool->free_list == NULL) {
		block_pool_clear(pool);
		return ERROR_MEMORY;
	}
	while (pool->free_count < count) {
		pool->free_list[pool->free_count] = count - 1 - pool->free_count;
		pool->free_count++;
	}
	return 0;
}

void
block_pool_clear(struct block_pool *pool)
{
	if (pool == NULL)
		return;
	free(pool->bytes);
	free(pool->free_list);
	*pool = (struct block_pool){ 0 };
}

uint32_t
block_pool_take(struct block_pool *pool)
{
	if (pool->free_count == 0)
		return BLOCK_NONE;
	return pool->free_list[--pool->free_count];
}

void
block_pool_give(struct block_pool *pool, uint32_t index)
{
	assert(index < pool->count && pool->free_count < pool->count);
	pool->free_list[pool->free_count++] = index;
}
