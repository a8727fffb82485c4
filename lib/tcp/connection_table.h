/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONNECTION_TABLE_H
#define CONNECTION_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"

/*
 * From a peer to the index of our connection: open addressing with linear probing over 16-byte slots, never more than half
 * full, deletion by backward shift, so a probe sequence has no dead slots. The hash is keyed: peers cannot choose to collide.
 */
#define CONNECTION_NONE UINT32_MAX

struct connection_slot {
	uint64_t key;
	uint32_t index; /* CONNECTION_NONE: free */
	uint32_t reserved;
};

struct connection_table {
	struct connection_slot *slots;
	uint32_t mask;
	uint32_t count;
	uint32_t capacity;
	struct siphash_key hash_key;
};

/* The remote port is the same for a whole run and so is no part of the key. */
static inline uint64_t
connection_table_key(uint32_t remote_address, uint16_t local_port, uint16_t local_address_index)
{
	return (uint64_t)remote_address << 32 | (uint64_t)local_port << 16 | local_address_index;
}

/* Room for capacity connections, at most 2^30. Returns 0 or ERROR_MEMORY. */
int connection_table_init(
	struct connection_table *table, uint32_t capacity, const struct siphash_key *hash_key);
void connection_table_clear(struct connection_table *table);
size_t connection_table_bytes(uint32_t capacity);

/* CONNECTION_NONE if the key is not there. */
uint32_t connection_table_find(const struct connection_table *table, uint64_t key);

/* Returns 0, or ERROR_FULL at capacity. The key must not be there yet; index is not CONNECTION_NONE. */
int connection_table_insert(struct connection_table *table, uint64_t key, uint32_t index);

/* Returns the index that was there, or CONNECTION_NONE. */
uint32_t connection_table_remove(struct connection_table *table, uint64_t key);

#endif
