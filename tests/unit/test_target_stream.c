/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "targets/target_stream.h"

#define BASE            0x0a00ff00u
#define SPAN_MAXIMUM    (1u << 18)
#define WORKERS_MAXIMUM 100

/* How often each address from BASE on was handed out, and how often it should be. */
struct tally {
	uint8_t seen[SPAN_MAXIMUM];
	uint8_t expected[SPAN_MAXIMUM];
	uint32_t span;
};

static struct tally *
tally_create(uint32_t span)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	assert_non_null(tally);
	tally->span = span;
	return tally;
}

static void
mark(struct tally *tally, const uint32_t *addresses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(addresses[i] - BASE < tally->span);
		tally->seen[addresses[i] - BASE]++;
	}
}

static void
assert_each_as_expected(struct tally *tally)
{
	assert_memory_equal(tally->seen, tally->expected, tally->span);
	memset(tally->seen, 0, tally->span);
}

/* The set of all addresses that the tally expects. */
static void
build_set(struct address_set *set, const struct tally *tally)
{
	struct range_list list = { 0 };

	for (uint32_t i = 0; i < tally->span; i++) {
		struct ipv4_range range = { BASE + i, BASE + i };

		if (tally->expected[i] != 0)
			assert_int_equal(range_list_add(&list, range), 0);
	}
	range_list_normalise(&list);
	assert_int_equal(address_set_init(set, &list), 0);
	range_list_clear(&list);
}

static void
walk_all(struct tally *tally, const struct address_set *set, uint32_t shard_count,
	uint32_t worker_count)
{
	uint32_t addresses[50];

	for (uint32_t shard = 0; shard < shard_count; shard++) {
		struct target_walk walk;

		target_walk_init(&walk, set, set->count, shard, shard_count);
		for (uint32_t worker = 0; worker < worker_count; worker++) {
			struct target_stream stream;
			size_t count = 0;

			target_stream_init(
				&stream, &walk, worker, worker_count, TARGET_STREAM_UNLIMITED);
			while ((count = target_stream_next(&stream, addresses, 50)) > 0)
				mark(tally, addresses, count);
			assert_int_equal(
				target_stream_step(&stream), target_stream_length(&stream));
			assert_true(target_stream_settled(&stream) == target_stream_taken(&stream));
		}
	}
	assert_each_as_expected(tally);
}

/* Every count of consecutive addresses with 1, 3 and 7 shards and 1, 2 and 3 workers. */
static void
gives_each_address_once_for_every_small_count(void **state)
{
	static const uint32_t shard_counts[] = { 1, 3, 7 };
	struct tally *tally = tally_create(3000);

	for (uint32_t count = 1; count <= 3000; count++) {
		struct address_set set;

		tally->expected[count - 1] = 1;
		build_set(&set, tally);
		for (uint32_t i = 0; i < 9; i++)
			walk_all(tally, &set, shard_counts[i / 3], 1 + i % 3);
		address_set_clear(&set);
	}
	free(tally);
}

static void
expect_random_ranges(struct tally *tally, struct random_sequence *random, uint32_t count,
	uint32_t length_maximum, uint8_t value)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t first = (uint32_t)random_below(random, tally->span);
		uint32_t length = 1 + (uint32_t)random_below(random, length_maximum);

		if (length > tally->span - first)
			length = tally->span - first;
		memset(&tally->expected[first], value, length);
	}
}

static void
gives_each_address_once_for_odd_shapes(void **state)
{
	/* How many ranges up to which length, and how many up to 256 long are cut out of them. */
	static const uint32_t shapes[][3] = { { 1, 1, 0 }, { 2, 1, 0 }, { 40, 1, 0 },
		{ 5, 3000, 3 }, { 4, 70000, 10 }, { 3, SPAN_MAXIMUM, 3000 }, { 2000, 20, 0 },
		{ 1, 300, 9000 } };
	struct random_sequence random = { 99 };

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct tally *tally = tally_create(SPAN_MAXIMUM);
		struct address_set set;

		expect_random_ranges(tally, &random, shapes[i][0], shapes[i][1], 1);
		expect_random_ranges(tally, &random, shapes[i][2], 256, 0);
		build_set(&set, tally);
		walk_all(tally, &set, 1, 1);
		walk_all(tally, &set, 3, 2);
		walk_all(tally, &set, 7, 3);
		address_set_clear(&set);
		free(tally);
	}
}

/*
 * Two sets to test positions with: one whose span is permuted, and one whose members are numbered.
 */
static void
build_dense_or_sparse(struct tally *tally, struct address_set *set, bool is_sparse)
{
	struct random_sequence random = { 7 };

	if (is_sparse)
		expect_random_ranges(tally, &random, 500, 10, 1);
	else
		memset(tally->expected, 1, tally->span);
	expect_random_ranges(tally, &random, 50, 20, 0);
	build_set(set, tally);
}

static void
more_workers_than_lanes_share_the_work(void **state)
{
	struct tally *tally = tally_create(20000);
	struct address_set set;

	build_dense_or_sparse(tally, &set, false);
	walk_all(tally, &set, 1, WORKERS_MAXIMUM);
	walk_all(tally, &set, 2, TARGET_LANES);
	address_set_clear(&set);
	free(tally);
}

/*
 * One session of a scan: every worker continues at the saved steps and takes a random part of what
 * is left, or all. What a worker took in steps before its checkpoint is settled and marked; the
 * rest is forgotten, as if the program had been killed. Returns whether all is done.
 */
static bool
run_session(struct tally *tally, const struct target_walk *walk, uint64_t steps[TARGET_LANES],
	uint32_t worker_count, struct random_sequence *random)
{
	static uint32_t taken[SPAN_MAXIMUM];
	uint64_t new_steps[TARGET_LANES] = { 0 };
	bool is_done = true;

	for (uint32_t worker = 0; worker < worker_count; worker++) {
		struct target_stream stream;

		target_stream_init(&stream, walk, worker, worker_count, TARGET_STREAM_UNLIMITED);
		target_stream_restore(&stream, steps);
		uint64_t rest = target_stream_count_rest(&stream);
		size_t want = (size_t)random_below(random, rest * 3 / 2 + 2);
		size_t count = target_stream_next(&stream, taken, want);

		assert_int_equal(count, want < rest ? want : rest);
		assert_true(target_stream_settled(&stream) <= count);
		assert_true(count - target_stream_settled(&stream) < TARGET_LANES);
		mark(tally, taken, target_stream_settled(&stream));
		target_stream_save(&stream, new_steps);
		is_done = is_done && target_stream_settled(&stream) == rest;
	}
	memcpy(steps, new_steps, sizeof(new_steps));
	return is_done;
}

static void
continues_at_checkpoints_with_other_worker_counts(void **state)
{
	struct random_sequence random = { 2718 };
	struct tally *tally = tally_create(20000);
	uint32_t sessions = 0;

	for (uint32_t round = 0; round < 120; round++) {
		struct address_set set;
		uint32_t shard_count = 1 + round % 3;

		memset(tally->expected, 0, sizeof(tally->expected));
		build_dense_or_sparse(tally, &set, round % 2 == 0);
		for (uint32_t shard = 0; shard < shard_count; shard++) {
			struct target_walk walk;
			uint64_t steps[TARGET_LANES] = { 0 };

			target_walk_init(&walk, &set, round, shard, shard_count);
			while (!run_session(tally, &walk, steps,
				1 + (uint32_t)random_below(&random, 5), &random))
				sessions++;
		}
		assert_each_as_expected(tally);
		address_set_clear(&set);
	}
	assert_true(sessions > 120);
	free(tally);
}

/*
 * What is shown and not taken comes again: the sequence is that of a stream whose bursts are always
 * sent whole.
 */
static void
assert_same_when_taken_in_parts(const struct target_walk *walk, uint32_t worker_count)
{
	static uint32_t whole[SPAN_MAXIMUM];
	struct random_sequence random = { 5 };
	struct target_stream plain;
	struct target_stream parts;
	const uint32_t *addresses = NULL;
	size_t shown = 0;
	size_t place = 0;

	target_stream_init(&plain, walk, 0, worker_count, TARGET_STREAM_UNLIMITED);
	target_stream_init(&parts, walk, 0, worker_count, TARGET_STREAM_UNLIMITED);
	size_t total = target_stream_next(&plain, whole, SPAN_MAXIMUM);
	while ((shown = target_stream_peek(&parts, TARGET_STREAM_UNLIMITED, &addresses)) > 0) {
		size_t sent = (size_t)random_below(&random, shown + 1);

		assert_true(place + shown <= total);
		assert_memory_equal(addresses, &whole[place], shown * sizeof(*addresses));
		target_stream_take(&parts, sent);
		place += sent;
		assert_int_equal(target_stream_taken(&parts), place);
		assert_true(target_stream_settled(&parts) <= place);
	}
	assert_int_equal(place, total);
}

static void
loses_and_doubles_nothing_when_taken_in_parts(void **state)
{
	for (uint32_t round = 0; round < 6; round++) {
		struct tally *tally = tally_create(30000);
		struct address_set set;
		struct target_walk walk;

		build_dense_or_sparse(tally, &set, round % 2 == 0);
		target_walk_init(&walk, &set, round, 0, 1);
		assert_int_equal(walk.is_numbered, round % 2 == 0);
		assert_same_when_taken_in_parts(&walk, 1 + round / 2);
		address_set_clear(&set);
		free(tally);
	}
}

static void
follower_stays_behind_its_leader(void **state)
{
	static uint32_t led[SPAN_MAXIMUM];
	static uint32_t followed[SPAN_MAXIMUM];
	const uint64_t maximum = 17777;
	struct random_sequence random = { 11 };
	struct tally *tally = tally_create(20000);
	struct address_set set;
	struct target_walk walk;
	struct target_stream leader;
	size_t lead = 0;
	size_t behind = 0;

	build_dense_or_sparse(tally, &set, false);
	target_walk_init(&walk, &set, 3, 0, 1);
	target_stream_init(&leader, &walk, 0, 1, maximum);
	struct target_stream follower = leader;
	for (;;) {
		size_t got =
			target_stream_next(&leader, &led[lead], random_below(&random, 200) + 1);

		if (got == 0)
			break;
		lead += got;
		uint64_t limit = target_stream_step(&leader);
		size_t want = (size_t)random_below(&random, 200) + 1;
		behind += target_stream_next_until(&follower, limit, &followed[behind], want);
		assert_true(behind <= target_stream_settled(&leader));
		assert_true(target_stream_step(&follower) <= limit);
	}
	behind += target_stream_next(&follower, &followed[behind], SPAN_MAXIMUM - behind);
	assert_int_equal(lead, maximum);
	assert_int_equal(behind, maximum);
	assert_memory_equal(led, followed, maximum * sizeof(led[0]));
	address_set_clear(&set);
	free(tally);
}

/* A lower limit than before holds back also what is already waiting. */
static void
lower_limit_holds_back_what_waits(void **state)
{
	struct tally *tally = tally_create(20000);
	struct address_set set;
	struct target_walk walk;
	struct target_stream stream;
	uint32_t addresses[TARGET_LANES * 2];

	build_dense_or_sparse(tally, &set, false);
	target_walk_init(&walk, &set, 3, 0, 1);
	target_stream_init(&stream, &walk, 0, 1, TARGET_STREAM_UNLIMITED);
	assert_int_equal(target_stream_next_until(&stream, 0, addresses, 10), 0);
	assert_int_equal(target_stream_next_until(&stream, 5, addresses, 10), 10);
	assert_int_equal(target_stream_step(&stream), 0);
	assert_int_equal(target_stream_settled(&stream), 0);
	assert_int_equal(target_stream_next_until(&stream, 0, addresses, 10), 0);
	assert_in_range(target_stream_next_until(&stream, 1, addresses, TARGET_LANES), 1, 54);
	assert_int_equal(target_stream_step(&stream), 1);
	assert_int_equal(target_stream_next_until(&stream, 1, addresses, TARGET_LANES), 0);
	address_set_clear(&set);
	free(tally);
}

static void
maximum_is_exact(void **state)
{
	static const uint64_t maxima[] = { 0, 1, 63, 64, 65, 1000, 19999 };
	struct tally *tally = tally_create(30000);
	struct address_set set;
	struct target_walk walk;
	uint32_t addresses[37];

	build_dense_or_sparse(tally, &set, false);
	target_walk_init(&walk, &set, 3, 0, 1);
	for (size_t i = 0; i < sizeof(maxima) / sizeof(maxima[0]); i++) {
		struct target_stream stream;
		uint64_t total = 0;
		size_t count = 0;

		target_stream_init(&stream, &walk, 0, 1, maxima[i]);
		assert_true(target_stream_count_rest(&stream) == maxima[i]);
		while ((count = target_stream_next(&stream, addresses, 37)) > 0)
			total += count;
		assert_true(total == maxima[i]);
		assert_true(target_stream_taken(&stream) == maxima[i]);
		assert_true(target_stream_is_exhausted(&stream));
	}
	address_set_clear(&set);
	free(tally);
}

static void
order_follows_seed_and_nothing_else(void **state)
{
	static uint32_t orders[3][20000];
	static const uint64_t seeds[] = { 1, 1, 2 };
	struct tally *tally = tally_create(20000);
	struct address_set set;
	uint32_t equal = 0;

	build_dense_or_sparse(tally, &set, false);
	for (size_t i = 0; i < 3; i++) {
		struct target_walk walk;
		struct target_stream stream;

		target_walk_init(&walk, &set, seeds[i], 0, 1);
		target_stream_init(&stream, &walk, 0, 1, TARGET_STREAM_UNLIMITED);
		assert_int_equal(target_stream_next(&stream, orders[i], 20000), set.count);
	}
	assert_memory_equal(orders[0], orders[1], set.count * sizeof(orders[0][0]));
	for (size_t i = 0; i < set.count; i++)
		equal += orders[0][i] == orders[2][i];
	assert_true(equal < 50);
	address_set_clear(&set);
	free(tally);
}

/*
 * Seeking to a step leaves out what belongs to earlier ones; beyond the end nothing is left, and
 * that can be saved.
 */
static void
seeks_to_a_step_and_beyond_the_end(void **state)
{
	static uint32_t whole[SPAN_MAXIMUM];
	static uint32_t rest[SPAN_MAXIMUM];
	struct tally *tally = tally_create(20000);
	struct address_set set;
	struct target_walk walk;
	struct target_stream stream;
	uint64_t steps[TARGET_LANES] = { 0 };

	build_dense_or_sparse(tally, &set, false);
	target_walk_init(&walk, &set, 3, 0, 1);
	target_stream_init(&stream, &walk, 0, 1, TARGET_STREAM_UNLIMITED);
	size_t total = target_stream_next(&stream, whole, SPAN_MAXIMUM);
	target_stream_init(&stream, &walk, 0, 1, TARGET_STREAM_UNLIMITED);
	size_t early = target_stream_next_until(&stream, 100, rest, SPAN_MAXIMUM);
	target_stream_seek(&stream, 100);
	target_stream_save_at(&stream, 90, steps);
	assert_int_equal(steps[0], 100);
	target_stream_save_at(&stream, 110, steps);
	assert_int_equal(steps[0], 110);
	assert_false(target_stream_is_exhausted(&stream));
	assert_int_equal(target_stream_next(&stream, rest, SPAN_MAXIMUM), total - early);
	assert_true(target_stream_is_exhausted(&stream));
	assert_memory_equal(rest, &whole[early], (total - early) * sizeof(rest[0]));
	for (int round = 0; round < 2; round++) {
		target_stream_save(&stream, steps);
		for (uint32_t lane = 0; lane < TARGET_LANES; lane++)
			assert_true(steps[lane] == target_walk_lane_length(&walk, lane));
		target_stream_seek(&stream, UINT64_MAX);
		assert_int_equal(target_stream_next(&stream, rest, 1), 0);
	}
	address_set_clear(&set);
	free(tally);
}

/*
 * The prime is larger than the address space, and the elements above it must not wrap around to
 * 0.0.0.0 and up. To meet them all in one step, the lanes are put on the last 64 elements by hand.
 */
static void
elements_beyond_the_last_address_are_none(void **state)
{
	const struct ipv4_range whole_space = { 0, UINT32_MAX };
	struct range_list list = { 0 };
	struct address_set set;
	struct target_walk walk;
	struct target_stream stream;
	const uint32_t *addresses = NULL;

	assert_int_equal(range_list_add(&list, whole_space), 0);
	assert_int_equal(address_set_init(&set, &list), 0);
	target_walk_init(&walk, &set, 1, 0, 1);
	target_stream_init(&stream, &walk, 0, 1, TARGET_STREAM_UNLIMITED);
	for (uint32_t i = 0; i < TARGET_LANES; i++)
		stream.elements[i] = walk.permutation.prime - TARGET_LANES + i;
	assert_true(walk.permutation.prime == (1ULL << 32) + 15);
	assert_int_equal(target_stream_peek(&stream, 1, &addresses), TARGET_LANES - 14);
	for (uint32_t i = 0; i < TARGET_LANES - 14; i++)
		assert_int_equal(addresses[i], UINT32_MAX - (TARGET_LANES - 15) + i);
	address_set_clear(&set);
	range_list_clear(&list);
}

static void
empty_set_gives_nothing(void **state)
{
	struct tally *tally = tally_create(1);
	struct address_set set;

	build_set(&set, tally);
	walk_all(tally, &set, 1, 1);
	walk_all(tally, &set, 3, 2);
	address_set_clear(&set);
	free(tally);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_address_once_for_every_small_count),
		cmocka_unit_test(gives_each_address_once_for_odd_shapes),
		cmocka_unit_test(more_workers_than_lanes_share_the_work),
		cmocka_unit_test(continues_at_checkpoints_with_other_worker_counts),
		cmocka_unit_test(loses_and_doubles_nothing_when_taken_in_parts),
		cmocka_unit_test(follower_stays_behind_its_leader),
		cmocka_unit_test(lower_limit_holds_back_what_waits),
		cmocka_unit_test(maximum_is_exact),
		cmocka_unit_test(order_follows_seed_and_nothing_else),
		cmocka_unit_test(seeks_to_a_step_and_beyond_the_end),
		cmocka_unit_test(elements_beyond_the_last_address_are_none),
		cmocka_unit_test(empty_set_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
