/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "scan/responder_set.h"

#define FIRST_SLOTS 32U

static int
table_init(struct responder_table *table, uint32_t slots)
{
	*table = (struct responder_table){
		.addresses = calloc(slots, sizeof(*table->addresses)),
		.settled = calloc((slots + 63) / 64, sizeof(*table->settled)),
		.mask = slots - 1,
	};
	return table->addresses == NULL || table->settled == NULL ? ERROR_MEMORY : 0;
}

static void
table_clear(struct responder_table *table)
{
	free(table->addresses);
	free(table->settled);
	*table = (struct responder_table){ 0 };
}

int
responder_set_init(struct responder_set *set, const struct siphash_key *key)
{
	*set = (struct responder_set){ .key = *key };
	for (int i = 0; i < RESPONDER_TABLES; i++) {
		if (table_init(&set->tables[i], FIRST_SLOTS) != 0) {
			responder_set_clear(set);
			return ERROR_MEMORY;
		}
	}
	return 0;
}

void
responder_set_clear(struct responder_set *set)
{
	for (int i = 0; i < RESPONDER_TABLES; i++)
		table_clear(&set->tables[i]);
}

/* The slot that holds the address, or the free one where it belongs. */
static uint32_t
slot_of(const struct responder_table *table, uint64_t hash, uint32_t address)
{
	uint32_t slot = (uint32_t)(hash >> 8) & table->mask;

	while (table->addresses[slot] != 0 && table->addresses[slot] != address)
		slot = (slot + 1) & table->mask;
	return slot;
}

static bool
is_settled(const struct responder_table *table, uint32_t slot)
{
	return (table->settled[slot / 64] >> slot % 64 & 1) != 0;
}

enum responder_state
responder_set_find(const struct responder_set *set, uint32_t address)
{
	const uint64_t hash = siphash_u64(&set->key, address);
	const struct responder_table *table = &set->tables[hash % RESPONDER_TABLES];
	const uint32_t slot = slot_of(table, hash, address);

	if (table->addresses[slot] == 0)
		return RESPONDER_UNKNOWN;
	return is_settled(table, slot) ? RESPONDER_SETTLED : RESPONDER_PENDING;
}

static int
grow(struct responder_set *set, struct responder_table *table)
{
	struct responder_table larger;

	if (table_init(&larger, (table->mask + 1) * 2) != 0) {
		table_clear(&larger);
		return ERROR_MEMORY;
	}
	for (uint32_t old = 0; old <= table->mask; old++) {
		uint32_t address = table->addresses[old];
		if (address == 0)
			continue;
		uint32_t slot = slot_of(&larger, siphash_u64(&set->key, address), address);
		larger.addresses[slot] = address;
		if (is_settled(table, old))
			larger.settled[slot / 64] |= 1ULL << slot % 64;
	}
	larger.count = table->count;
	table_clear(table);
	*table = larger;
	return 0;
}

static int
enter(struct responder_set *set, uint32_t address, bool settles)
{
	const uint64_t hash = siphash_u64(&set->key, address);
	struct responder_table *table = &set->tables[hash % RESPONDER_TABLES];
	uint32_t slot = slot_of(table, hash, address);

	if (table->addresses[slot] == 0) {
		if (table->count * 2 > table->mask) {
			if (grow(set, table) != 0)
				return ERROR_MEMORY;
			slot = slot_of(table, hash, address);
		}
		table->addresses[slot] = address;
		table->count++;
	}
	if (settles)
		table->settled[slot / 64] |= 1ULL << slot % 64;
	return 0;
}

int
responder_set_add(struct responder_set *set, uint32_t address)
{
	return enter(set, address, false);
}

int
responder_set_settle(struct responder_set *set, uint32_t address)
{
	return enter(set, address, true);
}

uint64_t
responder_set_bytes(const struct responder_set *set)
{
	uint64_t bytes = sizeof(*set);

	for (int i = 0; i < RESPONDER_TABLES; i++)
		bytes += (set->tables[i].mask + 1ULL) * sizeof(uint32_t) +
			 (set->tables[i].mask + 64ULL) / 64 * 8;
	return bytes;
}
