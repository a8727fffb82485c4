/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "record/digest_set.h"

#define FIRST_SLOTS 1024

static const uint8_t zero[DIGEST_SIZE];

int
digest_set_init(struct digest_set *set)
{
	*set = (struct digest_set){ .slot_count = FIRST_SLOTS };
	if (random_secret(&set->key, sizeof(set->key)) != 0)
		return ERROR_LIBRARY;
	set->slots = calloc(set->slot_count, sizeof(*set->slots));
	return set->slots == NULL ? ERROR_MEMORY : 0;
}

void
digest_set_clear(struct digest_set *set)
{
	if (set == NULL)
		return;
	free(set->slots);
	*set = (struct digest_set){ 0 };
}

/* The slot that holds the digest, or the free one where it belongs. */
static uint8_t *
slot_of(const struct digest_set *set, const uint8_t digest[DIGEST_SIZE])
{
	size_t slot = siphash(&set->key, digest, DIGEST_SIZE) & (set->slot_count - 1);

	while (memcmp(set->slots[slot], zero, DIGEST_SIZE) != 0 &&
		memcmp(set->slots[slot], digest, DIGEST_SIZE) != 0)
		slot = (slot + 1) & (set->slot_count - 1);
	return set->slots[slot];
}

static int
grow(struct digest_set *set)
{
	struct digest_set larger = *set;

	larger.slot_count *= 2;
	larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return ERROR_MEMORY;
	for (size_t i = 0; i < set->slot_count; i++)
		memcpy(slot_of(&larger, set->slots[i]), set->slots[i], DIGEST_SIZE);
	free(set->slots);
	*set = larger;
	return 0;
}

bool
digest_set_has(const struct digest_set *set, const uint8_t digest[DIGEST_SIZE])
{
	if (memcmp(digest, zero, DIGEST_SIZE) == 0)
		return set->has_zero;
	return memcmp(slot_of(set, digest), digest, DIGEST_SIZE) == 0;
}

int
digest_set_add(struct digest_set *set, const uint8_t digest[DIGEST_SIZE])
{
	if (digest_set_has(set, digest))
		return 0;
	if (memcmp(digest, zero, DIGEST_SIZE) == 0) {
		set->has_zero = true;
		set->count++;
		return 1;
	}
	if ((set->count + 1) * 4 > set->slot_count * 3 && grow(set) != 0)
		return ERROR_MEMORY;
	memcpy(slot_of(set, digest), digest, DIGEST_SIZE);
	set->count++;
	return 1;
}
