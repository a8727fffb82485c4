/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/timer_wheel.h"
#include "simulation/scan_simulation.h"

#define MILLISECOND_NS 1000000ULL
#define HOSTS          2400

/* A deadline is rounded up to the wheel's granularity, and seen at the turn after. */
#define LATENESS_NS (TIMER_WHEEL_GRANULARITY_NS + 2 * SCAN_SIMULATION_TURN_NS)

static struct scan_simulation_settings
ordinary(uint64_t seed)
{
	return (struct scan_simulation_settings){
		.seed = seed,
		.host_count = HOSTS,
		.io_workers = 1,
		.verify_workers = 1,
		.probes = 1,
		.attempts = 2,
		.rate_pps = 5000,
		.max_connections = 4096,
	};
}

static uint32_t
responders(const struct scan_simulation_result *result)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < result->hosts.count; i++)
		count += scan_host_answers(&result->hosts.hosts[i]) ? 1 : 0;
	return count;
}

static uint64_t
records(const struct scan_simulation_result *result)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < result->hosts.count; i++)
		count += result->records[i].count;
	return count;
}

/* One record for whoever answered, none for others; whatever the network did. */
static void
assert_sound(const struct scan_simulation_result *result)
{
	for (uint32_t i = 0; i < result->hosts.count; i++)
		assert_true(result->records[i].count <=
			    (scan_host_answers(&result->hosts.hosts[i]) ? 1U : 0U));
	assert_int_equal(records(result), result->hits);
	assert_int_equal(result->counters[VERIFY_RECORDS], result->hits);
	assert_int_equal(result->counters[VERIFY_PARK_FULL], 0);
	assert_true(result->latest_ns <= LATENESS_NS);
	/* Connecting, and each of the three steps. */
	assert_true(result->longest_ns <=
		    SCAN_DIALOGUE_CONNECT_NS + 3 * SCAN_DIALOGUE_STEP_NS + 4 * LATENESS_NS);
	assert_int_equal(result->receptions[RECEPTION_BAD_COOKIE], 0);
	assert_int_equal(result->receptions[RECEPTION_MALFORMED], 0);
	assert_int_equal(result->receptions[RECEPTION_BAD_CHECKSUM], 0);
}

/* At zero loss each host's record is exactly what the host is. */
static void
assert_exact(const struct scan_simulation_result *result, unsigned int attempts)
{
	assert_sound(result);
	assert_int_equal(result->hits, responders(result));
	for (uint32_t i = 0; i < result->hosts.count; i++) {
		const struct scan_host *host = &result->hosts.hosts[i];
		const struct scan_simulation_record *record = &result->records[i];

		if (!scan_host_answers(host))
			continue;
		assert_int_equal(record->count, 1);
		const enum outcome expected = scan_host_outcome(host->kind);
		if (record->outcome != expected)
			fail_msg("host %u of kind %d: %s, not %s", i, host->kind,
				outcome_text(record->outcome), outcome_text(expected));
		const unsigned int connections = outcome_may_improve(expected) ? attempts : 1;
		assert_int_equal(record->attempts, connections);
		/* One connection is one SYN. */
		assert_int_equal(host->syns, connections);
	}
}

static void
print(const char *name, const struct scan_simulation_settings *settings,
	const struct scan_simulation_result *result)
{
	print_message("%s: seed %" PRIu64 ", %u hosts, %" PRIu64 " hits, %" PRIu64
		      " frames lost, %.1f s virtual\n",
		name, settings->seed, settings->host_count, result->hits, result->lost_frames,
		(double)result->elapsed_ns / 1e9);
}

static void
test_no_loss(void **state)
{
	const struct scan_simulation_settings settings = ordinary(1);
	struct scan_simulation_result result;

	scan_simulation_run(&settings, &result);
	print("no loss", &settings, &result);
	assert_exact(&result, 2);
	assert_int_equal(result.probed, HOSTS);
	assert_int_equal(result.receptions[RECEPTION_SYNACK], result.hits);
	assert_int_equal(result.lost_frames, 0);
	scan_simulation_result_clear(&result);
}

static void
test_further_probes_pass_over_answers(void **state)
{
	struct scan_simulation_settings settings = ordinary(2);
	struct scan_simulation_result result;
	uint32_t dark = 0;

	settings.probes = 3;
	settings.attempts = 1;
	scan_simulation_run(&settings, &result);
	print("three probes", &settings, &result);
	assert_exact(&result, 1);
	for (uint32_t i = 0; i < HOSTS; i++)
		dark += result.hosts.hosts[i].kind == SCAN_HOST_DARK ? 1 : 0;
	assert_int_equal(result.probed, HOSTS + 2 * dark);
	assert_int_equal(result.probed + result.skipped, 3 * HOSTS);
	scan_simulation_result_clear(&result);
}

static void
test_several_workers(void **state)
{
	struct scan_simulation_settings settings = ordinary(3);
	struct scan_simulation_result result;

	settings.io_workers = 3;
	settings.verify_workers = 4;
	settings.attempts = 1;
	scan_simulation_run(&settings, &result);
	print("3 + 4 workers", &settings, &result);
	assert_exact(&result, 1);
	scan_simulation_result_clear(&result);
}

static void
test_jitter_and_duplicates_change_nothing(void **state)
{
	struct scan_simulation_settings settings = ordinary(4);
	struct scan_simulation_result result;

	settings.network.jitter_ns = 30 * MILLISECOND_NS;
	settings.network.duplicate_permille = 100;
	scan_simulation_run(&settings, &result);
	print("jitter and duplicates", &settings, &result);
	assert_sound(&result);
	assert_int_equal(result.hits, responders(&result));
	for (uint32_t i = 0; i < HOSTS; i++)
		if (result.hosts.hosts[i].kind >= SCAN_HOST_RIGHT)
			assert_int_equal(result.records[i].outcome,
				scan_host_outcome(result.hosts.hosts[i].kind));
	scan_simulation_result_clear(&result);
}

/* Few connections for many hits: they wait, SYNs pause, nothing is lost and nobody exceeds the limit. */
static void
test_back_pressure(void **state)
{
	struct scan_simulation_settings settings = ordinary(5);
	struct scan_simulation_result result;

	settings.max_connections = 64;
	settings.attempts = 1;
	settings.rate_pps = 1000000;
	scan_simulation_run(&settings, &result);
	print("64 connections", &settings, &result);
	assert_sound(&result);
	assert_int_equal(result.hits, responders(&result));
	assert_int_equal(result.sessions_maximum, 64);
	for (uint32_t i = 0; i < HOSTS; i++)
		if (result.hosts.hosts[i].kind >= SCAN_HOST_RIGHT)
			assert_int_equal(result.records[i].outcome,
				scan_host_outcome(result.hosts.hosts[i].kind));
	scan_simulation_result_clear(&result);
}

/* Silence, RST and FIN at every state: each host behaves well until its n-th segment. */
static void
test_every_end_at_every_state(void **state)
{
	struct scan_simulation_settings settings = ordinary(6);
	struct scan_simulation_result result;

	settings.all_triggered = true;
	settings.host_count = 2100;
	scan_simulation_run(&settings, &result);
	print("ends at every state", &settings, &result);
	assert_sound(&result);
	assert_int_equal(result.hits, 2100);
	assert_int_equal(records(&result), 2100);
	scan_simulation_result_clear(&result);
}

/* Anything at once: workers, limits, loss, jitter and duplicates as the seed draws them, and hosts that end at any state. */
static void
test_whatever_happens(void **state)
{
	for (uint64_t seed = 50; seed < 54; seed++) {
		struct random_sequence random = { .state = seed };
		struct scan_simulation_settings settings = ordinary(seed);
		struct scan_simulation_result result;

		settings.host_count = 200 + (uint32_t)random_below(&random, 400);
		settings.all_triggered = seed % 2 == 0;
		settings.io_workers = 1 + (uint32_t)random_below(&random, SCAN_SIMULATION_WORKERS);
		settings.verify_workers =
			1 + (uint32_t)random_below(&random, SCAN_SIMULATION_WORKERS);
		settings.probes = 1 + (unsigned int)random_below(&random, 4);
		settings.attempts = 1 + (unsigned int)random_below(&random, 4);
		settings.max_connections = 20 + (uint32_t)random_below(&random, 60);
		settings.network.loss_permille = (uint32_t)random_below(&random, 250);
		settings.network.duplicate_permille = (uint32_t)random_below(&random, 200);
		settings.network.jitter_ns = random_below(&random, 400 * MILLISECOND_NS);
		scan_simulation_run(&settings, &result);
		print("whatever", &settings, &result);
		assert_sound(&result);
		scan_simulation_result_clear(&result);
	}
}

/*
 * Killed at a random moment and continued from the last checkpoint: each responder has one record from one of the two runs.
 * Only the records survive the kill; the hosts' old connections are forgotten.
 */
static void
kill_and_resume(uint64_t seed)
{
	struct random_sequence random = { .state = seed };
	struct scan_simulation_settings settings = ordinary(seed);
	struct scan_simulation_result first;
	struct scan_simulation_result second;

	settings.host_count = 900;
	settings.io_workers = 1 + (uint32_t)random_below(&random, 3);
	settings.verify_workers = 2;
	settings.rate_pps = 60;
	settings.probes = 1 + (unsigned int)random_below(&random, 2);
	settings.kill_ns = 2000 * MILLISECOND_NS + random_below(&random, 45000 * MILLISECOND_NS);
	scan_simulation_run(&settings, &first);
	const uint64_t killed_ns = settings.kill_ns;
	settings.kill_ns = 0;
	settings.killed = &first;
	settings.io_workers = 1 + (uint32_t)random_below(&random, 3);
	scan_simulation_run(&settings, &second);
	print_message("killed after %.1f s: %" PRIu64 " targets before the checkpoint, %" PRIu64
		      " records, then %" PRIu64 "\n",
		(double)killed_ns / 1e9, first.completed, records(&first), records(&second));
	for (uint32_t i = 0; i < settings.host_count; i++)
		assert_int_equal(first.records[i].count + second.records[i].count,
			scan_host_answers(&first.hosts.hosts[i]) ? 1 : 0);
	/* What lies before the checkpoint was not probed again. */
	assert_true(second.probed + second.skipped ==
		    (settings.host_count - first.completed) * settings.probes);
	scan_simulation_result_clear(&second);
	scan_simulation_result_clear(&first);
}

static void
test_killed_and_resumed(void **state)
{
	for (uint64_t seed = 30; seed < 37; seed++)
		kill_and_resume(seed);
}

/* The share of the responders that get the record of what they are. */
static double
share_as_without_loss(const struct scan_simulation_result *result)
{
	uint32_t same = 0;

	for (uint32_t i = 0; i < result->hosts.count; i++) {
		const struct scan_host *host = &result->hosts.hosts[i];

		if (!scan_host_answers(host))
			continue;
		if (result->records[i].count == 1 &&
			result->records[i].outcome == scan_host_outcome(host->kind))
			same++;
		else
			print_message("  kind %d: %s after %u attempts\n", host->kind,
				result->records[i].count == 0
					? "no record"
					: outcome_text(result->records[i].outcome),
				result->records[i].attempts);
	}
	return 100.0 * same / responders(result);
}

static void
play_with_loss(uint64_t seed, uint32_t loss_permille, double least)
{
	struct scan_simulation_settings settings = ordinary(seed);
	struct scan_simulation_result result;

	settings.probes = 3;
	settings.network.loss_permille = loss_permille;
	settings.network.duplicate_permille = 20;
	settings.network.jitter_ns = 5 * MILLISECOND_NS;
	scan_simulation_run(&settings, &result);
	assert_sound(&result);
	const double share = share_as_without_loss(&result);
	print("loss", &settings, &result);
	print_message("  %u permille loss each way: %.3f %% of %u responders as without loss\n",
		loss_permille, share, responders(&result));
	assert_true(share >= least);
	scan_simulation_result_clear(&result);
}

static void
test_five_percent_loss(void **state)
{
	for (uint64_t seed = 10; seed < 13; seed++)
		play_with_loss(seed, 50, 99.5);
}

/* Beyond what is promised: still one sound record each, for nearly all. */
static void
test_ten_percent_loss(void **state)
{
	play_with_loss(20, 100, 97.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_loss),
		cmocka_unit_test(test_further_probes_pass_over_answers),
		cmocka_unit_test(test_several_workers),
		cmocka_unit_test(test_jitter_and_duplicates_change_nothing),
		cmocka_unit_test(test_back_pressure),
		cmocka_unit_test(test_every_end_at_every_state),
		cmocka_unit_test(test_whatever_happens),
		cmocka_unit_test(test_killed_and_resumed),
		cmocka_unit_test(test_five_percent_loss),
		cmocka_unit_test(test_ten_percent_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
