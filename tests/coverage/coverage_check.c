/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks whole target sets and marks every address in a bitmap: none may be missed, doubled or
 * outside, for 1, 3 and 7 shards and for 1 and 2 workers. What should be marked is worked out here
 * bit by bit, without the library's set. Prints what an address costs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "targets/reserved_ranges.h"
#include "targets/target_stream.h"

#define SPACE_BYTES     (1ULL << 29)
#define EXCLUSIONS      20000
#define BURST           128
#define WORKERS_MAXIMUM 2

struct bitmaps {
	uint8_t *expected;
	uint8_t *seen;
};

static _Noreturn void
fail(const char *what, uint64_t detail)
{
	(void)fprintf(stderr, "coverage_check: %s (%" PRIu64 ")\n", what, detail);
	exit(1);
}

/* Of this thread alone, so that a busy machine disturbs less. */
static double
seconds_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		fail("no clock", 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
add(struct range_list *list, uint32_t first, uint32_t last)
{
	if (range_list_add(list, (struct ipv4_range){ first, last }) != 0)
		fail("out of memory", list->count);
}

/* Random blocks of /24 to /32 inside the range, as people ask to be left out. */
static void
add_exclusions(struct range_list *list, struct ipv4_range inside, uint32_t count, uint64_t seed)
{
	struct random_sequence random = { seed };
	uint64_t span = (uint64_t)inside.last - inside.first + 1;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t address = inside.first + (uint32_t)random_below(&random, span);
		uint32_t host_bits = (uint32_t)((1ULL << random_below(&random, 9)) - 1);

		add(list, address & ~host_bits, address | host_bits);
	}
}

static void
build_set(struct address_set *set, struct ipv4_range inside, const struct range_list *removed)
{
	struct range_list included = { 0 };
	struct range_list planned = { 0 };
	struct range_list sorted = { 0 };

	add(&included, inside.first, inside.last);
	for (size_t i = 0; i < removed->count; i++)
		add(&sorted, removed->ranges[i].first, removed->ranges[i].last);
	range_list_normalise(&sorted);
	if (range_list_subtract(&included, &sorted, &planned) != 0 ||
		address_set_init(set, &planned) != 0)
		fail("out of memory", 0);
	range_list_clear(&included);
	range_list_clear(&planned);
	range_list_clear(&sorted);
}

static uint64_t
expect(uint8_t *expected, struct ipv4_range inside, const struct range_list *removed)
{
	uint64_t count = 0;

	memset(expected, 0, SPACE_BYTES);
	for (uint64_t address = inside.first; address <= inside.last; address++)
		expected[address >> 3] |= (uint8_t)(1u << (address & 7));
	for (size_t i = 0; i < removed->count; i++) {
		for (uint64_t address = removed->ranges[i].first;
			address <= removed->ranges[i].last; address++)
			expected[address >> 3] &= (uint8_t) ~(1u << (address & 7));
	}
	for (uint64_t i = 0; i < SPACE_BYTES; i++)
		count += (uint64_t)__builtin_popcount(expected[i]);
	return count;
}

static uint64_t
mark(uint8_t *seen, const uint32_t *addresses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t bit = (uint8_t)(1u << (addresses[i] & 7));

		if (seen[addresses[i] >> 3] & bit)
			fail("an address came twice", addresses[i]);
		seen[addresses[i] >> 3] |= bit;
	}
	return count;
}

/* The workers take turns, a burst each. */
static uint64_t
walk_shard(uint8_t *seen, const struct target_walk *walk, uint32_t worker_count)
{
	struct target_stream streams[WORKERS_MAXIMUM];
	uint32_t addresses[BURST];
	uint64_t total = 0;
	uint64_t before = 0;

	for (uint32_t i = 0; i < worker_count; i++)
		target_stream_init(&streams[i], walk, i, worker_count, TARGET_STREAM_UNLIMITED);
	do {
		before = total;
		for (uint32_t i = 0; i < worker_count; i++)
			total += mark(
				seen, addresses, target_stream_next(&streams[i], addresses, BURST));
	} while (total > before);
	return total;
}

static void
check_coverage(struct bitmaps *bitmaps, const struct address_set *set, uint32_t shard_count,
	uint32_t worker_count)
{
	double start = seconds_now();
	uint64_t total = 0;

	memset(bitmaps->seen, 0, SPACE_BYTES);
	for (uint32_t shard = 0; shard < shard_count; shard++) {
		struct target_walk walk;

		target_walk_init(&walk, set, 7, shard, shard_count);
		total += walk_shard(bitmaps->seen, &walk, worker_count);
	}
	if (total != set->count)
		fail("addresses were missed or added", total);
	if (memcmp(bitmaps->seen, bitmaps->expected, SPACE_BYTES) != 0)
		fail("other addresses than expected", shard_count);
	printf("  shards %u, workers %u: %" PRIu64 " addresses, each once, %.1f s with marking\n",
		shard_count, worker_count, total, seconds_now() - start);
	(void)fflush(stdout);
}

/*
 * Everything inside the range less count random exclusions, and less reserved space where that is
 * asked for.
 */
static void
check_range(struct bitmaps *bitmaps, const char *name, struct ipv4_range inside, uint32_t count,
	bool without_reserved)
{
	static const uint32_t shard_counts[] = { 1, 3, 7 };
	struct range_list removed = { 0 };
	struct address_set set = { 0 };

	if (without_reserved && reserved_ranges_list(&removed) != 0)
		fail("out of memory", 0);
	add_exclusions(&removed, inside, count, 1);
	build_set(&set, inside, &removed);
	printf("%s less %zu ranges: %" PRIu64 " addresses, set of %zu KiB\n", name, removed.count,
		set.count, set.size_bytes / 1024);
	if (expect(bitmaps->expected, inside, &removed) != set.count)
		fail("the set has another size than expected", set.count);
	for (size_t i = 0; i < sizeof(shard_counts) / sizeof(shard_counts[0]); i++) {
		for (uint32_t workers = 1; workers <= WORKERS_MAXIMUM; workers++)
			check_coverage(bitmaps, &set, shard_counts[i], workers);
	}
	address_set_clear(&set);
	range_list_clear(&removed);
}

static int
check_all_ranges(bool is_whole_space)
{
	struct bitmaps bitmaps = { calloc(1, SPACE_BYTES), calloc(1, SPACE_BYTES) };

	if (bitmaps.expected == NULL || bitmaps.seen == NULL)
		fail("out of memory", SPACE_BYTES);
	if (is_whole_space)
		check_range(&bitmaps, "0.0.0.0/0 less reserved space",
			(struct ipv4_range){ 0, UINT32_MAX }, EXCLUSIONS, true);
	else
		check_range(&bitmaps, "10.0.0.0/8", (struct ipv4_range){ 0x0a000000, 0x0affffff },
			EXCLUSIONS, false);
	free(bitmaps.expected);
	free(bitmaps.seen);
	return 0;
}

static void
measure(const char *name, struct ipv4_range inside, uint32_t exclusions, bool without_reserved)
{
	struct range_list removed = { 0 };
	struct address_set set = { 0 };
	struct target_walk walk;
	struct target_stream stream;
	const uint32_t *addresses = NULL;
	uint64_t total = 0;
	uint32_t sum = 0;
	uint32_t passes = 0;

	if (without_reserved && reserved_ranges_list(&removed) != 0)
		fail("out of memory", 0);
	add_exclusions(&removed, inside, exclusions, 1);
	build_set(&set, inside, &removed);
	target_walk_init(&walk, &set, 7, 0, 1);
	double start = seconds_now();
	do {
		size_t count = 0;

		target_stream_init(&stream, &walk, 0, 1, 1ULL << 28);
		while ((count = target_stream_peek(&stream, UINT64_MAX, &addresses)) > 0) {
			for (size_t i = 0; i < count; i++)
				sum ^= addresses[i];
			target_stream_take(&stream, count);
		}
		total += target_stream_taken(&stream);
		passes++;
	} while (total < 1ULL << 26);
	printf("%-28s %8u exclusions: %5.2f ns an address, %s, set of %5zu KiB (%u passes, check %08x)\n",
		name, exclusions, (seconds_now() - start) * 1e9 / (double)total,
		walk.is_numbered ? "numbered" : "skipping", set.size_bytes / 1024, passes, sum);
	address_set_clear(&set);
	range_list_clear(&removed);
}

static int
measure_speed(void)
{
	static const uint32_t exclusions[] = { 0, 20, 20000, 200000 };

	for (size_t i = 0; i < sizeof(exclusions) / sizeof(exclusions[0]); i++) {
		measure("10.0.0.0/16", (struct ipv4_range){ 0x0a000000, 0x0a00ffff },
			exclusions[i] > 200 ? 200 : exclusions[i], false);
		measure("10.0.0.0/8", (struct ipv4_range){ 0x0a000000, 0x0affffff }, exclusions[i],
			false);
		measure("0.0.0.0/0", (struct ipv4_range){ 0, UINT32_MAX }, exclusions[i], false);
		measure("0.0.0.0/0 less reserved", (struct ipv4_range){ 0, UINT32_MAX },
			exclusions[i], true);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 1)
		return check_all_ranges(false);
	if (argc == 2 && strcmp(argv[1], "--all") == 0)
		return check_all_ranges(true);
	if (argc == 2 && strcmp(argv[1], "--speed") == 0)
		return measure_speed();
	printf("usage: coverage_check [--all | --speed]\n"
	       "  (nothing)  a /8 less 20,000 random exclusions\n"
	       "  --all      the public address space less 20,000 random exclusions, some minutes\n"
	       "  --speed    nanoseconds an address for several sets, nothing is checked\n");
	return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
}
