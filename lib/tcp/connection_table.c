/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "tcp/connection_table.h"

static uint32_t
slots_for(uint32_t capacity)
{
	uint32_t slots = 4;

	while (slots < 2 * capacity)
		slots *= 2;
	return slots;
}

size_t
connection_table_bytes(uint32_t capacity)
{
	return sizeof(struct connection_slot) * slots_for(capacity);
}

int
connection_table_init(
	struct connection_table *table, uint32_t capacity, const struct siphash_key *hash_key)
{
	assert(capacity > 0 && capacity <= 1U << 30);
	const uint32_t slots = slots_for(capacity);

	*table = (struct connection_table){
		.mask = slots - 1,
		.capacity = capacity,
		.hash_key = *hash_key,
		.slots = calloc(slots, sizeof(struct connection_slot)),
	};
	if (table->slots == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < slots; i++)
		table->slots[i].index = CONNECTION_NONE;
	return 0;
}

void
connection_table_clear(struct connection_table *table)
{
	if (table == NULL)
		return;
	free(table->slots);
	*table = (struct connection_table){ 0 };
}

static uint32_t
home_of(const struct connection_table *table, uint64_t key)
{
	return (uint32_t)siphash_u64(&table->hash_key, key) & table->mask;
}

/* The slot with the key, or the free slot where it would go: there always is one. */
static uint32_t
locate(const struct connection_table *table, uint64_t key)
{
	uint32_t at = home_of(table, key);

	while (table->slots[at].index != CONNECTION_NONE && table->slots[at].key != key)
		at = (at + 1) & table->mask;
	return at;
}

uint32_t
connection_table_find(const struct connection_table *table, uint64_t key)
{
	return table->slots[locate(table, key)].index;
}

int
connection_table_insert(struct connection_table *table, uint64_t key, uint32_t index)
{
	assert(index != CONNECTION_NONE);
	if (table->count == table->capacity)
		return ERROR_FULL;
	struct connection_slot *slot = &table->slots[locate(table, key)];
	assert(slot->index == CONNECTION_NONE);
	slot->key = key;
	slot->index = index;
	table->count++;
	return 0;
}

uint32_t
connection_table_remove(struct connection_table *table, uint64_t key)
{
	uint32_t hole = locate(table, key);
	const uint32_t index = table->slots[hole].index;

	if (index == CONNECTION_NONE)
		return CONNECTION_NONE;
	/* Pull back every later entry of the run that may not stand behind a hole: its home is at or before it. */
	for (uint32_t at = (hole + 1) & table->mask; table->slots[at].index != CONNECTION_NONE;
		at = (at + 1) & table->mask) {
		const uint32_t home = home_of(table, table->slots[at].key);
		if (((at - home) & table->mask) >= ((at - hole) & table->mask)) {
			table->slots[hole] = table->slots[at];
			hole = at;
		}
	}
	table->slots[hole].index = CONNECTION_NONE;
	table->count--;
	return index;
}
