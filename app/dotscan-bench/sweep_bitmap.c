/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/mman.h>

#include "base/error.h"
#include "sweep_bitmap.h"

int
sweep_bitmap_init(struct sweep_bitmap *bitmap, const struct address_set *set)
{
	const uint32_t first = set->ranges[0].first;
	const uint64_t bits = (uint64_t)set->ranges[set->range_count - 1].last - first + 1;
	const uint64_t size_bytes = (bits + 63) / 64 * sizeof(uint64_t);
	void *words =
		mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (words == MAP_FAILED)
		return ERROR_MEMORY;
	/* Random access to half a gigabyte: small pages would cost more than the marking. */
	(void)madvise(words, size_bytes, MADV_HUGEPAGE);
	*bitmap = (struct sweep_bitmap){
		.words = words,
		.size_bytes = size_bytes,
		.first = first,
		.bits = bits,
	};
	return 0;
}

void
sweep_bitmap_clear(struct sweep_bitmap *bitmap)
{
	if (bitmap->words != NULL)
		(void)munmap(bitmap->words, bitmap->size_bytes);
	*bitmap = (struct sweep_bitmap){ 0 };
}

static void
mark(struct sweep_bitmap *bitmap, uint32_t address)
{
	const uint64_t index = (uint32_t)(address - bitmap->first);

	if (index >= bitmap->bits) {
		bitmap->outside++;
		return;
	}
	const uint64_t bit = 1ULL << (index & 63);
	uint64_t *word = &bitmap->words[index >> 6];
	bitmap->doubled += (*word & bit) != 0;
	bitmap->marked += (*word & bit) == 0;
	*word |= bit;
}

void
sweep_bitmap_mark(struct sweep_bitmap *bitmap, const uint32_t *addresses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t index = (uint32_t)(addresses[i] - bitmap->first);

		__builtin_prefetch(&bitmap->words[index < bitmap->bits ? index >> 6 : 0], 1);
	}
	for (size_t i = 0; i < count; i++)
		mark(bitmap, addresses[i]);
}

static uint64_t
count_between(const struct sweep_bitmap *bitmap, uint64_t from, uint64_t until)
{
	uint64_t count = 0;

	for (uint64_t index = from; index < until;) {
		const uint64_t word = bitmap->words[index >> 6] >> (index & 63);
		const uint64_t room = 64 - (index & 63);
		const uint64_t wanted = until - index < room ? until - index : room;

		count += (uint64_t)__builtin_popcountll(
			wanted == 64 ? word : word & ((1ULL << wanted) - 1));
		index += wanted;
	}
	return count;
}

uint64_t
sweep_bitmap_count(const struct sweep_bitmap *bitmap, const struct address_set *set)
{
	uint64_t count = 0;

	for (size_t i = 0; i < set->range_count; i++)
		count += count_between(bitmap, set->ranges[i].first - bitmap->first,
			(uint64_t)set->ranges[i].last - bitmap->first + 1);
	return count;
}
