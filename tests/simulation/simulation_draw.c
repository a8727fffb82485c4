/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulation/simulation_draw.h"

#define SECOND_NS 1000000000ULL

static struct model_behaviour
draw_behaviour(struct random_sequence *random)
{
	static const uint16_t sizes[] = { 1, 64, 100, 536, 1400, 1460 };
	static const uint16_t windows[] = { 10, 200, 1460, 8000, 65535 };
	struct model_behaviour behaviour = {
		.mss = sizes[random_below(random, 6)],
		.segment_maximum = sizes[random_below(random, 6)],
		.window = windows[random_below(random, 5)],
		.is_syn_cookie = random_below(random, 6) == 0,
		.closes_first = random_below(random, 2) == 0,
		.half_closes_at_once = random_below(random, 20) == 0,
		.is_endless = random_below(random, 20) == 0,
	};
	/* Byte by byte, a long answer takes longer than anybody waits. */
	const uint32_t longest = behaviour.segment_maximum == 1 ? 200 : 4000;
	uint32_t request = 0;

	for (int i = 0; i < MODEL_STEPS; i++) {
		request += 1 + (uint32_t)random_below(random, 700);
		behaviour.steps[i].request_bytes = request;
		behaviour.steps[i].response_bytes = 1 + (uint32_t)random_below(random, longest);
	}
	if (random_below(random, 3) == 0) {
		behaviour.trigger = (enum model_trigger)random_below(random, MODEL_TRIGGER_COUNT);
		behaviour.trigger_at = 1 + (uint32_t)random_below(random, 16);
	}
	if (random_below(random, 6) == 0)
		behaviour.window_opens_ns = random_below(random, 5) == 0
						    ? UINT64_MAX
						    : random_below(random, 8 * SECOND_NS);
	if (random_below(random, 6) == 0)
		behaviour.keep_alive_ns = SECOND_NS / 5 + random_below(random, SECOND_NS);
	return behaviour;
}

struct simulation_settings
simulation_draw(uint64_t seed)
{
	struct random_sequence random = { .state = seed };
	static const uint32_t losses[] = { 0, 0, 10, 50, 200 };
	struct simulation_settings settings = {
		.seed = seed,
		.uses_connect = random_below(&random, 2) == 0,
		.reads_late = random_below(&random, 4) == 0,
		.patience_ns = 90 * SECOND_NS,
		.receive_chunks = random_below(&random, 4) == 0 ? 4 : 128,
	};

	settings.link.loss_permille = losses[random_below(&random, 5)];
	settings.link.duplicate_permille = random_below(&random, 3) == 0 ? 100 : 0;
	settings.link.damage_permille = random_below(&random, 3) == 0 ? 30 : 0;
	settings.link.delay_ns = random_below(&random, SECOND_NS / 4);
	settings.link.jitter_ns =
		random_below(&random, 2) == 0 ? random_below(&random, SECOND_NS / 20) : 0;
	settings.behaviour = draw_behaviour(&random);
	return settings;
}
