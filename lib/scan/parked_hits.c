/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "scan/parked_hits.h"

int
parked_hits_init(struct parked_hits *parked, uint32_t capacity)
{
	assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
	*parked = (struct parked_hits){ .ring = calloc(capacity, sizeof(*parked->ring)),
		.mask = capacity - 1 };
	return parked->ring == NULL ? ERROR_MEMORY : 0;
}

void
parked_hits_clear(struct parked_hits *parked)
{
	free(parked->ring);
	*parked = (struct parked_hits){ 0 };
}

bool
parked_hits_push(struct parked_hits *parked, const struct parked_hit *hit)
{
	if (parked->count > parked->mask)
		return false;
	parked->ring[(parked->head + parked->count++) & parked->mask] = *hit;
	return true;
}

const struct parked_hit *
parked_hits_first(const struct parked_hits *parked)
{
	return parked->count == 0 ? NULL : &parked->ring[parked->head & parked->mask];
}

void
parked_hits_pop(struct parked_hits *parked)
{
	assert(parked->count > 0);
	parked->head++;
	parked->count--;
}
