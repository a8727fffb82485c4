/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/scan_network.h"

void
scan_network_init(
	struct scan_network *network, const struct scan_network_settings *settings, uint64_t seed)
{
	*network = (struct scan_network){ .settings = *settings, .random = { seed } };
}

void
scan_network_clear(struct scan_network *network)
{
	for (size_t i = 0; i < network->count; i++)
		free(network->flights[i].frame);
	free(network->flights);
	*network = (struct scan_network){ 0 };
}

static bool
is_earlier(const struct scan_flight *a, const struct scan_flight *b)
{
	return a->arrival_ns != b->arrival_ns ? a->arrival_ns < b->arrival_ns
					      : a->serial < b->serial;
}

static void
swap(struct scan_flight *a, struct scan_flight *b)
{
	const struct scan_flight kept = *a;

	*a = *b;
	*b = kept;
}

static void
push(struct scan_network *network, const struct scan_flight *flight)
{
	if (network->count == network->capacity) {
		network->capacity = network->capacity * 2 + 64;
		network->flights =
			realloc(network->flights, network->capacity * sizeof(*network->flights));
		assert_non_null(network->flights);
	}
	size_t child = network->count++;
	network->flights[child] = *flight;
	while (child > 0 &&
		is_earlier(&network->flights[child], &network->flights[(child - 1) / 2])) {
		swap(&network->flights[child], &network->flights[(child - 1) / 2]);
		child = (child - 1) / 2;
	}
}

static void
pop(struct scan_network *network)
{
	size_t parent = 0;

	network->flights[0] = network->flights[--network->count];
	for (;;) {
		size_t child = 2 * parent + 1;
		if (child >= network->count)
			return;
		if (child + 1 < network->count &&
			is_earlier(&network->flights[child + 1], &network->flights[child]))
			child++;
		if (!is_earlier(&network->flights[child], &network->flights[parent]))
			return;
		swap(&network->flights[child], &network->flights[parent]);
		parent = child;
	}
}

static void
launch(struct scan_network *network, const uint8_t *frame, size_t length, bool is_to_scanner,
	uint64_t arrival_ns)
{
	const uint64_t jitter_ns = network->settings.jitter_ns;

	if (random_below(&network->random, 1000) < network->settings.loss_permille) {
		network->lost++;
		return;
	}
	struct scan_flight flight = {
		.arrival_ns = arrival_ns +
			      (jitter_ns > 0 ? random_below(&network->random, jitter_ns) : 0),
		.serial = network->serial++,
		.frame = malloc(length),
		.length = length,
		.is_to_scanner = is_to_scanner,
	};

	assert_non_null(flight.frame);
	memcpy(flight.frame, frame, length);
	push(network, &flight);
}

void
scan_network_send(struct scan_network *network, const uint8_t *frame, size_t length,
	bool is_to_scanner, uint64_t arrival_ns)
{
	launch(network, frame, length, is_to_scanner, arrival_ns);
	if (random_below(&network->random, 1000) < network->settings.duplicate_permille)
		launch(network, frame, length, is_to_scanner, arrival_ns);
}

bool
scan_network_receive(struct scan_network *network, uint64_t now_ns, struct scan_flight *flight_out)
{
	if (network->count == 0 || network->flights[0].arrival_ns > now_ns)
		return false;
	*flight_out = network->flights[0];
	pop(network);
	return true;
}
