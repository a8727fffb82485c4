/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SWEEP_BITMAP_H
#define SWEEP_BITMAP_H

#include <stddef.h>
#include <stdint.h>

#include "targets/address_set.h"

/* One bit for each address of a block that holds all targets: which of them a SYN has reached. */
struct sweep_bitmap {
	uint64_t *words;
	uint64_t size_bytes;
	uint32_t first; /* address of bit 0 */
	uint64_t bits;
	uint64_t marked;
	uint64_t doubled;
	uint64_t outside;
};

/* From the set's first address to its last. Returns 0 or ERROR_MEMORY. */
int sweep_bitmap_init(struct sweep_bitmap *bitmap, const struct address_set *set);
void sweep_bitmap_clear(struct sweep_bitmap *bitmap);

/* Mark count addresses; memory is asked for early, since no two lie close to each other. At most 64 of them. */
void sweep_bitmap_mark(struct sweep_bitmap *bitmap, const uint32_t *addresses, size_t count);

/* How many addresses of the set are marked. */
uint64_t sweep_bitmap_count(const struct sweep_bitmap *bitmap, const struct address_set *set);

#endif
