/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "simulation/simulation_draw.h"
#include "simulation/tcp_simulation.h"

#define MILLISECOND_NS 1000000ULL
#define SEEDS          4000

static struct simulation_result
run(const struct simulation_settings *settings)
{
	struct simulation_result result;
	const char *fault = tcp_simulation_run(settings, &result);

	if (fault != NULL)
		fail_msg("seed %" PRIu64 ": %s", settings->seed, fault);
	return result;
}

/* A TLS handshake and two questions, in sizes. */
static struct simulation_settings
ordinary(uint64_t seed)
{
	return (struct simulation_settings){
		.seed = seed,
		.patience_ns = 60000 * MILLISECOND_NS,
		.receive_chunks = 128,
		.link = { .delay_ns = 10 * MILLISECOND_NS },
		.behaviour = {
			.steps = { { 320, 3800 }, { 560, 500 }, { 760, 200 } },
			.mss = 1460,
			.segment_maximum = 1460,
			.window = 64240,
			.closes_first = seed % 2 == 0,
		},
		.uses_connect = seed % 4 < 2,
	};
}

static void
lossless_dialogue_is_whole_and_quiet(void **state)
{
	for (uint64_t seed = 0; seed < 200; seed++) {
		const struct simulation_settings settings = ordinary(seed);
		const struct simulation_result result = run(&settings);
		assert_true(result.is_complete);
		assert_int_equal(result.end, TCP_END_FIN);
		assert_int_equal(result.resets, 0);
		assert_int_equal(result.retransmissions, 0);
		assert_true(result.server_finished);
	}
}

static bool
is_benign(const struct simulation_settings *settings)
{
	const struct model_behaviour *behaviour = &settings->behaviour;

	return behaviour->trigger == MODEL_TRIGGER_NONE && !behaviour->is_endless &&
	       !behaviour->half_closes_at_once && behaviour->window_opens_ns != UINT64_MAX;
}

/* Everything that tcp_simulation_run checks, over any behaviour and any link. */
static void
properties_hold_for_every_seed(void **state)
{
	uint32_t ends[TCP_END_ABORTED + 1] = { 0 };
	uint32_t benign = 0;
	uint32_t whole = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		const struct simulation_settings settings = simulation_draw(seed);
		const struct simulation_result result = run(&settings);
		if (!result.has_answered)
			continue;
		ends[result.end]++;
		if (!is_benign(&settings))
			continue;
		benign++;
		whole += result.is_complete ? 1 : 0;
		/* Whole, or somebody gave up. */
		if (!result.is_complete && result.end != TCP_END_TIMEOUT && !result.is_abandoned &&
			!result.server_gave_up)
			fail_msg("seed %" PRIu64 ": incomplete without a reason", seed);
	}
	for (int end = TCP_END_FIN; end <= TCP_END_ABORTED; end++) {
		print_message("%s %u, ", tcp_end_key((enum tcp_end)end), ends[end]);
		assert_true(ends[end] > 0);
	}
	print_message("benign %u, whole %u\n", benign, whole);
	/* The others met 20 % loss or a window of ten bytes. */
	assert_true(whole * 100 > benign * 90);
}

/* Silence, RST and FIN of the server at each of its first segments. */
static void
any_end_at_any_state(void **state)
{
	for (uint64_t seed = 0; seed < 40; seed++)
		for (uint32_t at = 1; at <= 14; at++)
			for (int trigger = MODEL_TRIGGER_SILENCE; trigger < MODEL_TRIGGER_COUNT;
				trigger++) {
				struct simulation_settings settings = ordinary(seed);
				settings.behaviour.segment_maximum = 400;
				settings.behaviour.trigger = (enum model_trigger)trigger;
				settings.behaviour.trigger_at = at;
				const struct simulation_result result = run(&settings);
				assert_true(result.end != TCP_END_NONE || !result.has_answered);
				if (trigger == MODEL_TRIGGER_RESET && result.has_answered)
					assert_true(
						result.is_complete || result.end == TCP_END_RESET);
			}
}

static void
endless_server_is_cut_off(void **state)
{
	for (uint64_t seed = 0; seed < 10; seed++) {
		struct simulation_settings settings = ordinary(seed);
		settings.behaviour.is_endless = true;
		const struct simulation_result result = run(&settings);
		assert_int_equal(result.end, TCP_END_EXCESS);
		assert_true(result.received_bytes <= 256 * 1024);
		assert_true(result.received_bytes > 200 * 1024);
	}
}

static int
by_value(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a;
	const uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

#define TABLE_RUNS 200

/* Of 200 dialogues: how many come through, and in what time the middle one. Seeds are fixed, so the floors are exact. */
static uint32_t
print_cell(uint32_t loss_permille, uint64_t rtt_ms)
{
	uint64_t times[TABLE_RUNS];
	uint32_t whole = 0;
	uint32_t answered = 0;

	for (uint64_t seed = 0; seed < TABLE_RUNS; seed++) {
		struct simulation_settings settings = ordinary(seed * 7919 + rtt_ms);
		settings.link.loss_permille = loss_permille;
		settings.link.delay_ns = rtt_ms * MILLISECOND_NS / 2;
		settings.link.jitter_ns = rtt_ms * MILLISECOND_NS / 20;
		const struct simulation_result result = run(&settings);
		if (!result.has_answered)
			continue;
		answered++;
		if (result.is_complete)
			times[whole++] = result.elapsed_ns;
	}
	assert_true(answered > 0 && whole > 0);
	qsort(times, whole, sizeof(*times), by_value);
	print_message(" %5.1f%% %6.2fs", 100.0 * whole / answered, (double)times[whole / 2] / 1e9);
	return whole * 1000 / answered;
}

static void
loss_and_distance_table(void **state)
{
	static const uint32_t losses[] = { 0, 10, 20, 50, 100, 200 };
	static const uint32_t floors[] = { 1000, 1000, 1000, 995, 950, 700 };
	static const uint64_t rtts[] = { 1, 50, 200, 800 };

	print_message(
		"loss each way, and round trip 1, 50, 200, 800 ms: whole dialogues, median time\n");
	for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
		uint32_t worst = 1000;
		print_message("%4.1f %%", losses[i] / 10.0);
		for (size_t j = 0; j < sizeof(rtts) / sizeof(*rtts); j++) {
			const uint32_t permille = print_cell(losses[i], rtts[j]);
			worst = permille < worst ? permille : worst;
		}
		print_message("\n");
		assert_true(worst >= floors[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lossless_dialogue_is_whole_and_quiet),
		cmocka_unit_test(properties_hold_for_every_seed),
		cmocka_unit_test(any_end_at_any_state),
		cmocka_unit_test(endless_server_is_cut_off),
		cmocka_unit_test(loss_and_distance_table),
	};

	print_message("seeds 1 to %d\n", SEEDS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
