/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/siphash.h"
#include "targets/address_set.h"

#define FULL_PAGE      0
#define NO_PAGE        ADDRESS_SET_PAGED /* of a /16 that will have one */
#define SLASH16_COUNT  65536u
#define SLASH16_SIZE   65536u
#define SLASH24_SIZE   256u
#define ALL_STATES     0x5555555555555555ULL
#define PARTIAL_STATES 0xaaaaaaaaaaaaaaaaULL
/* Four buckets a range leave about one range in a bucket. */
#define BUCKETS_PER_RANGE 4

static inline uint32_t
count_bits(uint64_t bits)
{
	return (uint32_t)__builtin_popcountll(bits);
}

static inline uint32_t
page_of(const struct address_set *set, uint32_t address)
{
	return set->slash16s[address >> 16] & ~ADDRESS_SET_PAGED;
}

static inline bool
has_page(const struct address_set *set, uint32_t address)
{
	return (set->slash16s[address >> 16] & ADDRESS_SET_PAGED) != 0;
}

static inline uint32_t
bitmap_index(const struct address_set *set, uint32_t address)
{
	uint32_t page = page_of(set, address);
	uint32_t word = address >> 13 & 7;
	uint64_t below = (1ULL << (address >> 8 & 31) * 2) - 1;

	return set->first_bitmap[page][word] +
	       count_bits(set->pages[page].states[word] & below & PARTIAL_STATES);
}

static inline uint32_t
bitmap_has(const struct address_set *set, uint32_t address)
{
	const uint64_t *bitmap = set->bitmaps[bitmap_index(set, address)];

	return bitmap[address >> 6 & 3] >> (address & 63) & 1;
}

bool
address_set_contains(const struct address_set *set, uint32_t address)
{
	uint32_t state = address_set_state(set, address);

	return state == ADDRESS_SET_PARTIAL ? bitmap_has(set, address) != 0
					    : state == ADDRESS_SET_ALL;
}

uint32_t
address_set_keep_partial(const struct address_set *set, const uint32_t *addresses, uint32_t count,
	uint32_t *kept_out)
{
	uint32_t kept = 0;

	/*
	 * What comes is random, and a branch on it would be mispredicted: each is written, and
	 * counted or not.
	 */
	for (uint32_t i = 0; i < count; i++) {
		kept_out[kept] = addresses[i];
		kept += bitmap_has(set, addresses[i]);
	}
	return kept;
}

/* The end of the piece of range that starts at first and lies in one block of size addresses. */
static uint32_t
piece_end(uint32_t first, uint32_t size, const struct ipv4_range *range)
{
	uint32_t block_end = first | (size - 1);

	return block_end < range->last ? block_end : range->last;
}

static bool
is_whole(uint32_t first, uint32_t last, uint32_t size)
{
	return first % size == 0 && last - first == size - 1;
}

/* Exclude a piece of one /16, or leave that to a page. Returns whether that page is a new one. */
static bool
exclude_piece(uint32_t *slash16, uint32_t first, uint32_t last)
{
	const uint32_t size = last - first + 1; /* at most 65,536 */
	const bool is_network = (size & (size - 1)) == 0 && first % size == 0;

	if ((*slash16 & ADDRESS_SET_PAGED) != 0)
		return false;
	if (size == SLASH16_SIZE) {
		*slash16 = ADDRESS_SET_EMPTY;
		return false;
	}
	if (*slash16 == ADDRESS_SET_FULL && is_network) {
		*slash16 = (first & 0xffff) | (uint32_t)__builtin_ctz(size)
						      << ADDRESS_SET_HOLE_SHIFT;
		return false;
	}
	*slash16 = NO_PAGE;
	return true;
}

/* Returns how many more /16s need a page. */
static size_t
exclude_gap(struct address_set *set, const struct ipv4_range *gap)
{
	size_t count = 0;

	for (uint32_t first = gap->first;;) {
		const uint32_t last = piece_end(first, SLASH16_SIZE, gap);

		count += exclude_piece(&set->slash16s[first >> 16], first, last);
		if (last == gap->last)
			return count;
		first = last + 1;
	}
}

/* All that lies between the ranges. Returns how many /16s need a page. */
static size_t
exclude_gaps(struct address_set *set)
{
	size_t count = 0;
	uint64_t next = 0; /* behind the range before */

	for (size_t i = 0; i < SLASH16_COUNT; i++)
		set->slash16s[i] = ADDRESS_SET_FULL;
	for (size_t i = 0; i <= set->range_count; i++) {
		const uint64_t end = i < set->range_count ? set->ranges[i].first : 1ULL << 32;
		const struct ipv4_range gap = { (uint32_t)next, (uint32_t)(end - 1) };

		if (end > next)
			count += exclude_gap(set, &gap);
		if (i < set->range_count)
			next = (uint64_t)set->ranges[i].last + 1;
	}
	return count;
}

static int
allocate_pages(struct address_set *set)
{
	set->slash16s = calloc(SLASH16_COUNT, sizeof(*set->slash16s));
	if (set->slash16s == NULL)
		return ERROR_MEMORY;

	const size_t count = exclude_gaps(set) + 1;
	set->pages = aligned_alloc(_Alignof(struct address_page), count * sizeof(*set->pages));
	set->first_bitmap = calloc(count, sizeof(*set->first_bitmap));
	if (set->pages == NULL || set->first_bitmap == NULL)
		return ERROR_MEMORY;
	memset(set->pages, 0, count * sizeof(*set->pages));
	for (size_t word = 0; word < 8; word++)
		set->pages[FULL_PAGE].states[word] = ALL_STATES;
	set->size_bytes += SLASH16_COUNT * sizeof(*set->slash16s) +
			   count * (sizeof(*set->pages) + sizeof(*set->first_bitmap));
	return 0;
}

/* Set the two bits of each /24 in one piece of a range that lies in one /16. */
static void
mark_slash24s(struct address_page *page, uint32_t first, const struct ipv4_range *piece)
{
	for (;;) {
		uint32_t last = piece_end(first, SLASH24_SIZE, piece);
		uint64_t state = is_whole(first, last, SLASH24_SIZE) ? 1 : 2;

		page->states[first >> 13 & 7] |= state << (first >> 8 & 31) * 2;
		if (last == piece->last)
			return;
		first = last + 1;
	}
}

static void
mark_range(struct address_set *set, const struct ipv4_range *range, uint32_t *page_count)
{
	uint32_t first = range->first;

	for (;;) {
		const struct ipv4_range piece = { first, piece_end(first, SLASH16_SIZE, range) };

		if (set->slash16s[first >> 16] == NO_PAGE)
			set->slash16s[first >> 16] |= (*page_count)++;
		if (has_page(set, first))
			mark_slash24s(&set->pages[page_of(set, first)], first, &piece);
		if (piece.last == range->last)
			return;
		first = piece.last + 1;
	}
}

/*
 * Give every partial /24 its bitmap, in the order of pages and bits, which is what bitmap_index()
 * counts.
 */
static int
allocate_bitmaps(struct address_set *set, uint32_t page_count)
{
	uint32_t count = 0;

	for (uint32_t page = 0; page < page_count; page++) {
		for (uint32_t word = 0; word < 8; word++) {
			uint64_t partials = set->pages[page].states[word] & PARTIAL_STATES;

			set->first_bitmap[page][word] = count;
			count += count_bits(partials);
		}
	}
	set->bitmaps = calloc(count == 0 ? 1 : count, sizeof(*set->bitmaps));
	if (set->bitmaps == NULL)
		return ERROR_MEMORY;
	set->size_bytes += count * sizeof(*set->bitmaps);
	return 0;
}

/* A range can lie in two partial /24s only: the ones that hold its two ends. */
static void
fill_bitmaps(struct address_set *set, const struct ipv4_range *range)
{
	uint32_t first = range->first;

	for (;;) {
		uint32_t last = piece_end(first, SLASH24_SIZE, range);

		if (!is_whole(first, last, SLASH24_SIZE) && has_page(set, first)) {
			uint64_t *bitmap = set->bitmaps[bitmap_index(set, first)];

			for (uint32_t low = first & 255; low <= (last & 255); low++)
				bitmap[low >> 6] |= 1ULL << (low & 63);
		}
		if (last == range->last)
			return;
		first = last + 1;
		if ((range->last & ~255u) > first)
			first = range->last & ~255u;
	}
}

static int
build_ranges(struct address_set *set, const struct range_list *list)
{
	size_t count = list->count == 0 ? 1 : list->count;

	set->ranges = calloc(count, sizeof(*set->ranges));
	set->preceding = calloc(count, sizeof(*set->preceding));
	if (set->ranges == NULL || set->preceding == NULL)
		return ERROR_MEMORY;
	set->range_count = list->count;
	set->size_bytes += count * (sizeof(*set->ranges) + sizeof(*set->preceding));
	for (size_t i = 0; i < list->count; i++) {
		set->ranges[i] = list->ranges[i];
		set->preceding[i] = (uint32_t)set->count;
		set->count += (uint64_t)list->ranges[i].last - list->ranges[i].first + 1;
	}
	return 0;
}

static int
build_buckets(struct address_set *set)
{
	while (set->count >> set->bucket_shift > set->range_count * BUCKETS_PER_RANGE)
		set->bucket_shift++;

	size_t count = (size_t)(set->count >> set->bucket_shift) + 2;
	set->buckets = calloc(count, sizeof(*set->buckets));
	if (set->buckets == NULL)
		return ERROR_MEMORY;
	set->size_bytes += count * sizeof(*set->buckets);
	uint32_t range = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t index = (uint64_t)i << set->bucket_shift;

		while (range + 1 < set->range_count && set->preceding[range + 1] <= index)
			range++;
		set->buckets[i] = range;
	}
	return 0;
}

static int
build(struct address_set *set, const struct range_list *list)
{
	uint32_t page_count = FULL_PAGE + 1;
	int error = build_ranges(set, list);

	if (error == 0)
		error = build_buckets(set);
	if (error == 0)
		error = allocate_pages(set);
	if (error != 0)
		return error;
	for (size_t i = 0; i < set->range_count; i++)
		mark_range(set, &set->ranges[i], &page_count);
	error = allocate_bitmaps(set, page_count);
	if (error != 0)
		return error;
	for (size_t i = 0; i < set->range_count; i++)
		fill_bitmaps(set, &set->ranges[i]);
	return 0;
}

int
address_set_init(struct address_set *set, const struct range_list *list)
{
	struct address_set built = { 0 };
	int error = build(&built, list);

	if (error != 0) {
		address_set_clear(&built);
		return error;
	}
	*set = built;
	return 0;
}

void
address_set_clear(struct address_set *set)
{
	if (set == NULL)
		return;
	free(set->slash16s);
	free(set->pages);
	free(set->first_bitmap);
	free(set->bitmaps);
	free(set->ranges);
	free(set->preceding);
	free(set->buckets);
	*set = (struct address_set){ 0 };
}

uint64_t
address_set_fingerprint(const struct address_set *set)
{
	/* Not a secret: it only has to be the same on every machine and in every version. */
	const struct siphash_key key = { 0x7461726765747320ULL, 0x616464726573736fULL };
	uint64_t fingerprint = set->count;

	for (size_t i = 0; i < set->range_count; i++) {
		uint64_t range = (uint64_t)set->ranges[i].first << 32 | set->ranges[i].last;

		fingerprint = siphash_u64(&key, fingerprint ^ siphash_u64(&key, range));
	}
	return fingerprint;
}
