/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DIGEST_SET_H
#define DIGEST_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"

#define DIGEST_SIZE 32

/*
 * A set of SHA-256 digests: an open hash table, at most three quarters full, 43 to 86 bytes a
 * digest. Its hash is keyed, for peers choose what is digested and could otherwise pile up
 * collisions.
 */
struct digest_set {
	struct siphash_key key;
	uint8_t (*slots)[DIGEST_SIZE]; /* all zero: free */
	size_t slot_count;             /* a power of two */
	size_t count;
	bool has_zero; /* the digest that a free slot looks like */
};

/* Returns 0, ERROR_MEMORY or ERROR_LIBRARY (no randomness). */
int digest_set_init(struct digest_set *set);
void digest_set_clear(struct digest_set *set);

/* Returns 1 if it was added, 0 if it was there, or ERROR_MEMORY. */
int digest_set_add(struct digest_set *set, const uint8_t digest[DIGEST_SIZE]);

bool digest_set_has(const struct digest_set *set, const uint8_t digest[DIGEST_SIZE]);

#endif
