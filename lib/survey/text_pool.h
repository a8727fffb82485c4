/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEXT_POOL_H
#define TEXT_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"

/* Of a text that does not exist. */
#define TEXT_NONE 0

struct text_entry {
	uint64_t offset;
	uint32_t length;
	uint32_t hash;
};

/*
 * Texts, each kept once and known by a number from 1 on. Numbers follow the order in which texts
 * came, so they must never decide the order of anything that is written. The hash is keyed, for
 * peers choose the texts.
 */
struct text_pool {
	struct siphash_key key;
	char *bytes; /* every text with its terminating zero */
	uint64_t size;
	uint64_t capacity;
	struct text_entry *entries; /* entries[0] is TEXT_NONE, the empty text */
	uint32_t count;
	uint32_t entry_capacity;
	uint32_t *slots;     /* numbers; 0: free */
	uint32_t slot_count; /* a power of two, at most half of it used */
};

/* Returns 0, ERROR_MEMORY or ERROR_LIBRARY (no randomness). */
int text_pool_init(struct text_pool *pool);
void text_pool_clear(struct text_pool *pool);

/*
 * The number of a text of length bytes, which may be new; the empty text is TEXT_NONE. Returns 0,
 * ERROR_MEMORY, or ERROR_FULL after 2^30 texts or bytes in one.
 */
int text_pool_add(struct text_pool *pool, const char *text, size_t length, uint32_t *number_out);

/* The number of a text, TEXT_NONE where it was never added. */
uint32_t text_pool_find(const struct text_pool *pool, const char *text, size_t length);

/* The text, ended by a zero and borrowed until the next addition; "" for TEXT_NONE. */
const char *text_pool_text(const struct text_pool *pool, uint32_t number);

#endif
