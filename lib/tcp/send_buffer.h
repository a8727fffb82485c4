/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEND_BUFFER_H
#define SEND_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/block_pool.h"

/*
 * Bytes of ours that the peer has not acknowledged yet, sent or not: kept in one block so that any part can be sent again
 * without a copy. Blocks have TCP_SEND_BUFFER_BYTES; one is held only while there are bytes.
 */
struct send_buffer {
	uint32_t block;
	uint32_t length;
};

void send_buffer_init(struct send_buffer *buffer);

/* Room for that many bytes, if the pool has a block. */
size_t send_buffer_space(const struct send_buffer *buffer);

/* Copies what fits and returns how many bytes; 0 also when the pool is empty. */
size_t send_buffer_append(
	struct send_buffer *buffer, struct block_pool *pool, const uint8_t *bytes, size_t length);

/* The bytes from offset on; offset is below length. */
const uint8_t *send_buffer_at(
	const struct send_buffer *buffer, const struct block_pool *pool, uint32_t offset);

/* The first count bytes have arrived: forget them. count is at most length. */
void send_buffer_acknowledge(struct send_buffer *buffer, struct block_pool *pool, uint32_t count);

void send_buffer_release(struct send_buffer *buffer, struct block_pool *pool);

#endif
