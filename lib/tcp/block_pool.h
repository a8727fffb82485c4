/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BLOCK_POOL_H
#define BLOCK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A fixed number of equal blocks, known by an index, taken and given back in O(1). All memory is allocated at the start;
 * blocks are aligned to 8 bytes. Invariant: each block is either taken or on the free list, once.
 */
#define BLOCK_NONE UINT32_MAX

struct block_pool {
	uint8_t *bytes;
	uint32_t *free_list; /* a stack: what was used last is warm */
	uint32_t free_count;
	uint32_t count;
	size_t block_size;
};

/* Returns 0 or ERROR_MEMORY. block_size is rounded up to 8. */
int block_pool_init(struct block_pool *pool, uint32_t count, size_t block_size);
void block_pool_clear(struct block_pool *pool);

/* Memory that a pool of that shape takes. */
size_t block_pool_bytes(uint32_t count, size_t block_size);

/* BLOCK_NONE when all are taken. The content of a taken block is undefined. */
uint32_t block_pool_take(struct block_pool *pool);
void block_pool_give(struct block_pool *pool, uint32_t index);

static inline void *
block_pool_at(const struct block_pool *pool, uint32_t index)
{
	return pool->bytes + (size_t)index * pool->block_size;
}

#endif
