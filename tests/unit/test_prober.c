/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "scan/prober.h"

#define BASE           0xc6120000U
#define SPAN           4096U
#define MILLISECOND_NS 1000000ULL
#define INTERVAL_NS    (2000 * MILLISECOND_NS)
#define TICK_NS        (10 * MILLISECOND_NS)
#define WORKERS        8U

/* A scan of SPAN addresses in virtual time, and what was seen of it by address. */
struct field {
	struct address_set set;
	struct target_walk walk;
	struct prober *probers[WORKERS];
	uint32_t workers;
	uint64_t now_ns;
	uint64_t per_tick; /* SYNs of a worker in a tick */
	unsigned int probed[SPAN];
	uint64_t last_ns[SPAN];
	uint64_t closest_ns; /* the shortest time between two probes of one target */
};

struct field_settings {
	uint64_t seed;
	uint32_t shard_index;
	uint32_t shard_count;
	uint32_t workers;
	unsigned int probes;
	uint64_t max_targets;
	uint64_t per_tick;
};

static void
open_probers(struct field *field, const struct field_settings *settings, const uint64_t *steps)
{
	field->workers = settings->workers;
	field->per_tick = settings->per_tick;
	for (uint32_t i = 0; i < settings->workers; i++) {
		const struct prober_settings prober = {
			.walk = &field->walk,
			.worker_index = i,
			.worker_count = settings->workers,
			.max_targets = settings->max_targets,
			.probes = settings->probes,
			.interval_ns = INTERVAL_NS,
			.resume_steps = steps,
			.key = { 1, 2 },
		};

		field->probers[i] = malloc(sizeof(*field->probers[i]));
		assert_non_null(field->probers[i]);
		assert_int_equal(prober_init(field->probers[i], &prober), 0);
	}
}

static void
close_probers(struct field *field)
{
	for (uint32_t i = 0; i < field->workers; i++) {
		prober_clear(field->probers[i]);
		free(field->probers[i]);
	}
	field->workers = 0;
}

static struct field *
field_create(const struct field_settings *settings)
{
	struct field *field = calloc(1, sizeof(*field));
	struct range_list list = { 0 };

	assert_non_null(field);
	assert_int_equal(range_list_add(&list, (struct ipv4_range){ BASE, BASE + SPAN - 1 }), 0);
	range_list_normalise(&list);
	assert_int_equal(address_set_init(&field->set, &list), 0);
	range_list_clear(&list);
	target_walk_init(&field->walk, &field->set, settings->seed, settings->shard_index,
		settings->shard_count);
	field->now_ns = 12345 * MILLISECOND_NS;
	field->closest_ns = UINT64_MAX;
	open_probers(field, settings, NULL);
	return field;
}

static void
field_destroy(struct field *field)
{
	close_probers(field);
	address_set_clear(&field->set);
	free(field);
}

static void
note_probe(struct field *field, uint32_t address)
{
	const uint32_t index = address - BASE;

	assert_true(index < SPAN);
	if (field->probed[index] > 0 && field->now_ns - field->last_ns[index] < field->closest_ns)
		field->closest_ns = field->now_ns - field->last_ns[index];
	field->probed[index]++;
	field->last_ns[index] = field->now_ns;
}

/* As an I/O worker does, a burst at a time; the device takes what it likes of each. */
static void
send_some(struct field *field, struct prober *prober, uint64_t wanted)
{
	const uint32_t *addresses = NULL;

	while (wanted > 0) {
		size_t count = prober_peek(prober, field->now_ns, &addresses);

		if (count == 0)
			return;
		if (count > wanted)
			count = wanted;
		/* Not everything that is offered leaves. */
		if (count > 3 && count % 4 == 0)
			count -= 3;
		for (size_t i = 0; i < count; i++)
			note_probe(field, addresses[i]);
		prober_take(prober, count);
		wanted -= count;
	}
}

static void
tick(struct field *field)
{
	for (uint32_t i = 0; i < field->workers; i++)
		send_some(field, field->probers[i], field->per_tick);
	field->now_ns += TICK_NS;
}

static bool
is_finished(const struct field *field)
{
	for (uint32_t i = 0; i < field->workers; i++)
		if (!prober_is_finished(field->probers[i]))
			return false;
	return true;
}

static void
run_to_end(struct field *field)
{
	for (int ticks = 0; !is_finished(field); ticks++) {
		if (ticks == 100000)
			fail_msg("the probers never finish");
		tick(field);
	}
}

static void
assert_each_probed(const struct field *field, unsigned int times)
{
	for (uint32_t i = 0; i < SPAN; i++)
		if (field->probed[i] != times)
			fail_msg("address %u was probed %u times, not %u", i, field->probed[i],
				times);
}

static uint64_t
visited(const struct field *field)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < field->workers; i++)
		total += prober_visited(field->probers[i]);
	return total;
}

static void
test_each_target_exactly_probes_times(void **state)
{
	for (unsigned int probes = 1; probes <= PROBER_PASSES; probes += 5) {
		for (uint32_t workers = 1; workers <= WORKERS; workers += 3) {
			const struct field_settings settings = { 7, 0, 1, workers, probes,
				TARGET_STREAM_UNLIMITED, 37 };
			struct field *field = field_create(&settings);

			run_to_end(field);
			assert_each_probed(field, probes);
			assert_int_equal(visited(field), (uint64_t)probes * SPAN);
			assert_true(probes == 1 || field->closest_ns >= INTERVAL_NS);
			field_destroy(field);
		}
	}
}

static void
test_shards_share_nothing(void **state)
{
	const struct field_settings first = { 7, 0, 3, 2, 2, TARGET_STREAM_UNLIMITED, 50 };
	struct field *sum = field_create(&first);

	run_to_end(sum);
	for (uint32_t shard = 1; shard < 3; shard++) {
		const struct field_settings settings = { 7, shard, 3, shard, 2,
			TARGET_STREAM_UNLIMITED, 50 };
		struct field *field = field_create(&settings);

		run_to_end(field);
		for (uint32_t i = 0; i < SPAN; i++)
			sum->probed[i] += field->probed[i];
		field_destroy(field);
	}
	assert_each_probed(sum, 2);
	field_destroy(sum);
}

/* A device that stands still for longer than several intervals: the passes keep their order and their distance. */
static void
test_spacing_survives_a_standstill(void **state)
{
	const struct field_settings settings = { 9, 0, 1, 1, 4, TARGET_STREAM_UNLIMITED, 5 };
	struct field *field = field_create(&settings);

	for (int ticks = 0; ticks < 100; ticks++)
		tick(field);
	for (int pause = 0; pause < 6; pause++) {
		field->now_ns += 5 * INTERVAL_NS;
		for (int ticks = 0; ticks < 30; ticks++)
			tick(field);
	}
	run_to_end(field);
	assert_each_probed(field, 4);
	if (field->closest_ns < INTERVAL_NS)
		fail_msg("two probes are %lu ms apart", field->closest_ns / MILLISECOND_NS);
	field_destroy(field);
}

/* A rate that is too low for all passes at once: the later ones go first, and still none comes too early. */
static void
test_spacing_survives_overload(void **state)
{
	const struct field_settings settings = { 10, 0, 1, 1, 3, TARGET_STREAM_UNLIMITED, 1 };
	struct field *field = field_create(&settings);

	run_to_end(field);
	assert_each_probed(field, 3);
	assert_true(field->closest_ns >= INTERVAL_NS);
	field_destroy(field);
}

static void
test_answered_ones_are_skipped(void **state)
{
	const struct field_settings settings = { 11, 0, 1, 2, 3, TARGET_STREAM_UNLIMITED, 40 };
	struct field *field = field_create(&settings);
	uint64_t sent = 0;
	uint64_t skipped = 0;
	uint64_t repeated = 0;

	/* Every third answers its first probe within the interval, to whichever worker. */
	for (int ticks = 0; !is_finished(field); ticks++) {
		tick(field);
		for (uint32_t i = 0; i < SPAN; i += 3)
			if (field->probed[i] == 1)
				for (uint32_t w = 0; w < field->workers; w++)
					assert_int_equal(
						prober_note_answer(field->probers[w], BASE + i), 0);
	}
	for (uint32_t i = 0; i < SPAN; i++) {
		assert_int_equal(field->probed[i], i % 3 == 0 ? 1 : 3);
		sent += field->probed[i];
	}
	for (uint32_t w = 0; w < field->workers; w++) {
		skipped += prober_skipped(field->probers[w]);
		repeated += prober_repeated(field->probers[w]);
	}
	assert_int_equal(sent + skipped, 3 * SPAN);
	assert_int_equal(repeated, sent - SPAN);
	assert_int_equal(visited(field), 3 * SPAN);
	field_destroy(field);
}

static void
test_maximum_counts_targets(void **state)
{
	static const uint64_t maxima[] = { 1, 63, 64, 65, 1000 };

	for (size_t m = 0; m < sizeof(maxima) / sizeof(maxima[0]); m++) {
		const struct field_settings settings = { 12, 0, 1, 1, 3, maxima[m], 20 };
		struct field *field = field_create(&settings);
		uint64_t targets = 0;

		run_to_end(field);
		for (uint32_t i = 0; i < SPAN; i++) {
			assert_true(field->probed[i] == 0 || field->probed[i] == 3);
			targets += field->probed[i] / 3;
		}
		assert_int_equal(targets, maxima[m]);
		field_destroy(field);
	}
}

static void
test_stop_means_stop(void **state)
{
	const struct field_settings settings = { 13, 0, 1, 1, 2, TARGET_STREAM_UNLIMITED, 40 };
	struct field *field = field_create(&settings);
	const uint32_t *addresses = NULL;

	tick(field);
	assert_false(prober_is_finished(field->probers[0]));
	prober_stop(field->probers[0]);
	assert_true(prober_is_finished(field->probers[0]));
	field->now_ns += 10 * INTERVAL_NS;
	assert_int_equal(prober_peek(field->probers[0], field->now_ns, &addresses), 0);
	assert_int_equal(visited(field), 40);
	field_destroy(field);
}

/*
 * Killed at a random moment, continued with another number of workers from the checkpoint of a moment before. Every target
 * has all its probes, from one run or the other, and none of the run before the checkpoint is repeated.
 */
static void
kill_and_resume(uint64_t seed)
{
	struct random_sequence random = { .state = seed };
	struct field_settings settings = { seed, 0, 1, 1 + (uint32_t)random_below(&random, WORKERS),
		1 + (unsigned int)random_below(&random, 3), TARGET_STREAM_UNLIMITED,
		1 + random_below(&random, 20) };
	struct field *field = field_create(&settings);
	static unsigned int before[SPAN];
	static uint64_t last_ns[SPAN];
	uint64_t steps[TARGET_LANES] = { 0 };
	uint64_t completed = 0;
	bool is_known = true;

	const uint64_t ticks = random_below(&random, 1500);
	for (uint64_t i = 0; i < ticks; i++)
		tick(field);
	const uint64_t back_ns = random_below(&random, 4000) * MILLISECOND_NS;
	const uint64_t moment_ns = back_ns < field->now_ns ? field->now_ns - back_ns : 0;
	for (uint32_t w = 0; w < field->workers && is_known; w++) {
		uint64_t here = 0;

		is_known = prober_steps_at(field->probers[w], moment_ns, steps, &here);
		completed += here;
	}
	close_probers(field);
	memcpy(before, field->probed, sizeof(before));
	memcpy(last_ns, field->last_ns, sizeof(last_ns));
	memset(field->probed, 0, sizeof(field->probed));
	settings.workers = 1 + (uint32_t)random_below(&random, WORKERS);
	open_probers(field, &settings, is_known ? steps : NULL);
	run_to_end(field);

	uint64_t done = 0;
	for (uint32_t i = 0; i < SPAN; i++) {
		if (field->probed[i] == settings.probes)
			continue;
		/* Not probed again: then all its probes had left by the moment of the checkpoint. */
		if (field->probed[i] != 0 || before[i] != settings.probes || last_ns[i] > moment_ns)
			fail_msg(
				"seed %lu: address %u has %u and %u probes, the last %ld ms after the checkpoint",
				seed, i, before[i], field->probed[i],
				(long)(last_ns[i] - moment_ns) / (long)MILLISECOND_NS);
		done++;
	}
	assert_int_equal(done, is_known ? completed : 0);
	field_destroy(field);
}

static void
test_resume_covers_all(void **state)
{
	for (uint64_t seed = 1; seed <= 150; seed++)
		kill_and_resume(seed);
}

/* A checkpoint of a finished run leaves nothing to do. */
static void
test_resume_after_the_end(void **state)
{
	const struct field_settings settings = { 14, 0, 1, 3, 2, TARGET_STREAM_UNLIMITED, 40 };
	struct field *field = field_create(&settings);
	uint64_t steps[TARGET_LANES] = { 0 };
	uint64_t completed = 0;

	run_to_end(field);
	for (int i = 0; i < 50; i++)
		tick(field);
	for (uint32_t w = 0; w < field->workers; w++) {
		uint64_t here = 0;
		assert_true(prober_steps_at(field->probers[w], field->now_ns, steps, &here));
		completed += here;
	}
	assert_int_equal(completed, SPAN);
	close_probers(field);
	open_probers(field, &settings, steps);
	run_to_end(field);
	assert_each_probed(field, 2);
	field_destroy(field);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_target_exactly_probes_times),
		cmocka_unit_test(test_shards_share_nothing),
		cmocka_unit_test(test_spacing_survives_a_standstill),
		cmocka_unit_test(test_spacing_survives_overload),
		cmocka_unit_test(test_answered_ones_are_skipped),
		cmocka_unit_test(test_maximum_counts_targets),
		cmocka_unit_test(test_stop_means_stop),
		cmocka_unit_test(test_resume_covers_all),
		cmocka_unit_test(test_resume_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
