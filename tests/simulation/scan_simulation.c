/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "simulation/scan_workers.h"

#define SECOND_NS    1000000000ULL
#define PATIENCE_NS  (600 * SECOND_NS)
#define EXPIRE_TURNS 5 /* hosts' own timers are as coarse */
#define NOTE_TURNS   100

static void
open_targets(struct scan_simulation *simulation)
{
	const struct scan_simulation_settings *settings = simulation->settings;
	const struct ipv4_range range = { SCAN_SIMULATION_ADDRESS,
		SCAN_SIMULATION_ADDRESS + settings->host_count - 1 };
	struct range_list list = { 0 };

	assert_int_equal(range_list_add(&list, range), 0);
	range_list_normalise(&list);
	assert_int_equal(address_set_init(&simulation->set, &list), 0);
	range_list_clear(&list);
	target_walk_init(&simulation->walk, &simulation->set, settings->seed, 0, 1);
}

static struct scan_simulation *
open_simulation(
	const struct scan_simulation_settings *settings, struct scan_simulation_result *result)
{
	struct scan_simulation *simulation = calloc(1, sizeof(*simulation));
	struct random_sequence random = { settings->seed };
	const uint64_t secret[4] = { random_next(&random), random_next(&random),
		random_next(&random), random_next(&random) };

	assert_non_null(simulation);
	simulation->settings = settings;
	simulation->result = result;
	simulation->now_ns = 1000 * SECOND_NS;
	syn_cookie_init(&simulation->cookie, secret, 32768, 16384);
	scan_network_init(&simulation->network, &settings->network, random_next(&random));
	scan_hosts_init(&result->hosts, SCAN_SIMULATION_ADDRESS, settings->host_count,
		SCAN_WORKERS_PORT, &simulation->network, random_next(&random),
		settings->all_triggered);
	open_targets(simulation);
	scan_workers_open(simulation);
	return simulation;
}

static void
deliver(struct scan_simulation *simulation)
{
	struct scan_flight flight;

	while (scan_network_receive(&simulation->network, simulation->now_ns, &flight)) {
		if (flight.is_to_scanner)
			scan_workers_receive(simulation, &flight);
		else
			scan_hosts_input(&simulation->result->hosts, flight.frame, flight.length,
				simulation->now_ns);
		free(flight.frame);
	}
}

static void
turn(struct scan_simulation *simulation)
{
	simulation->now_ns += SCAN_SIMULATION_TURN_NS;
	deliver(simulation);
	scan_workers_verify(simulation);
	scan_workers_probe(simulation);
	if (++simulation->turns % EXPIRE_TURNS == 0)
		scan_hosts_expire(&simulation->result->hosts, simulation->now_ns);
	if (simulation->turns % NOTE_TURNS == 0)
		scan_workers_note_checkpoint(simulation);
	if (simulation->finished_ns == 0 && !scan_workers_are_probing(simulation))
		simulation->finished_ns = simulation->now_ns;
}

/* Until the cooldown has passed, every hit has its record, and every connection its end. */
static bool
is_over(const struct scan_simulation *simulation)
{
	return simulation->finished_ns != 0 &&
	       simulation->now_ns >= simulation->finished_ns + SCAN_WORKERS_COOLDOWN_NS &&
	       scan_workers_are_idle(simulation);
}

static void
close_simulation(struct scan_simulation *simulation)
{
	scan_workers_close(simulation);
	simulation->result->lost_frames = simulation->network.lost;
	scan_network_clear(&simulation->network);
	address_set_clear(&simulation->set);
	free(simulation);
}

void
scan_simulation_run(
	const struct scan_simulation_settings *settings, struct scan_simulation_result *result_out)
{
	*result_out = (struct scan_simulation_result){
		.records = calloc(settings->host_count, sizeof(*result_out->records)),
	};
	assert_non_null(result_out->records);
	struct scan_simulation *simulation = open_simulation(settings, result_out);
	const uint64_t start_ns = simulation->now_ns;

	while (!is_over(simulation)) {
		if (settings->kill_ns > 0 && simulation->now_ns - start_ns >= settings->kill_ns)
			break;
		if (simulation->now_ns - start_ns > PATIENCE_NS)
			fail_msg("the scan never ends");
		turn(simulation);
	}
	result_out->elapsed_ns = simulation->now_ns - start_ns;
	close_simulation(simulation);
	if (result_out->hosts.fault != NULL)
		fail_msg("a host complains: %s", result_out->hosts.fault);
}

void
scan_simulation_result_clear(struct scan_simulation_result *result)
{
	scan_hosts_clear(&result->hosts);
	free(result->records);
	*result = (struct scan_simulation_result){ 0 };
}
