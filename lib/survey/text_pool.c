/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "survey/text_pool.h"

#define FIRST_SLOTS  1024
#define FIRST_BYTES  16384
#define MOST_TEXTS   (1U << 30)
#define LONGEST_TEXT (1U << 30)

int
text_pool_init(struct text_pool *pool)
{
	*pool = (struct text_pool){ .slot_count = FIRST_SLOTS,
		.entry_capacity = FIRST_SLOTS / 2,
		.capacity = FIRST_BYTES,
		.count = 1,
		.size = 1 };
	if (random_secret(&pool->key, sizeof(pool->key)) != 0)
		return ERROR_LIBRARY;
	pool->bytes = calloc(1, pool->capacity);
	pool->entries = calloc(pool->entry_capacity, sizeof(*pool->entries));
	pool->slots = calloc(pool->slot_count, sizeof(*pool->slots));
	if (pool->bytes == NULL || pool->entries == NULL || pool->slots == NULL) {
		text_pool_clear(pool);
		return ERROR_MEMORY;
	}
	return 0;
}

void
text_pool_clear(struct text_pool *pool)
{
	if (pool == NULL)
		return;
	free(pool->bytes);
	free(pool->entries);
	free(pool->slots);
	*pool = (struct text_pool){ 0 };
}

/* Twice as many slots, and as many entries as half of them can name. */
static int
grow_slots(struct text_pool *pool)
{
	const uint32_t slot_count = pool->slot_count * 2;
	uint32_t *slots = calloc(slot_count, sizeof(*slots));
	struct text_entry *entries =
		reallocarray(pool->entries, slot_count / 2, sizeof(*pool->entries));

	if (entries != NULL) {
		pool->entries = entries;
		pool->entry_capacity = slot_count / 2;
	}
	if (slots == NULL || entries == NULL) {
		free(slots);
		return ERROR_MEMORY;
	}
	for (uint32_t number = 1; number < pool->count; number++) {
		uint32_t at = pool->entries[number].hash & (slot_count - 1);
		while (slots[at] != 0)
			at = (at + 1) & (slot_count - 1);
		slots[at] = number;
	}
	free(pool->slots);
	pool->slots = slots;
	pool->slot_count = slot_count;
	return 0;
}

static int
make_room(struct text_pool *pool, size_t length)
{
	uint64_t capacity = pool->capacity;

	while (capacity - pool->size < length + 1)
		capacity *= 2;
	if (capacity > pool->capacity) {
		char *bytes = realloc(pool->bytes, capacity);
		if (bytes == NULL)
			return ERROR_MEMORY;
		pool->bytes = bytes;
		pool->capacity = capacity;
	}
	if (pool->count < pool->entry_capacity)
		return 0;
	return pool->count >= MOST_TEXTS ? ERROR_FULL : grow_slots(pool);
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t
find_slot(const struct text_pool *pool, const char *text, size_t length, uint32_t hash)
{
	uint32_t at = hash & (pool->slot_count - 1);

	for (; pool->slots[at] != 0; at = (at + 1) & (pool->slot_count - 1)) {
		const struct text_entry *entry = &pool->entries[pool->slots[at]];
		if (entry->hash == hash && entry->length == length &&
			memcmp(pool->bytes + entry->offset, text, length) == 0)
			break;
	}
	return at;
}

int
text_pool_add(struct text_pool *pool, const char *text, size_t length, uint32_t *number_out)
{
	if (length == 0) {
		*number_out = TEXT_NONE;
		return 0;
	}
	if (length > LONGEST_TEXT)
		return ERROR_FULL;
	const uint32_t hash = (uint32_t)siphash(&pool->key, text, length);
	uint32_t slot = find_slot(pool, text, length, hash);
	if (pool->slots[slot] != 0) {
		*number_out = pool->slots[slot];
		return 0;
	}
	const int error = make_room(pool, length);
	if (error != 0)
		return error;
	slot = find_slot(pool, text, length, hash);
	pool->entries[pool->count] = (struct text_entry){ pool->size, (uint32_t)length, hash };
	memcpy(pool->bytes + pool->size, text, length);
	pool->bytes[pool->size + length] = '\0';
	pool->size += length + 1;
	pool->slots[slot] = pool->count;
	*number_out = pool->count++;
	return 0;
}

uint32_t
text_pool_find(const struct text_pool *pool, const char *text, size_t length)
{
	const uint32_t hash = (uint32_t)siphash(&pool->key, text, length);

	return length == 0 ? TEXT_NONE : pool->slots[find_slot(pool, text, length, hash)];
}

const char *
text_pool_text(const struct text_pool *pool, uint32_t number)
{
	return pool->bytes + pool->entries[number].offset;
}
