/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "scan/verify_trial.h"

/* Closing connections may be as many as open ones: they hold no session, and a peer that is slow to close must not hold up hits. */
#define LINGERING_SHARE 2
#define LINGERING_SPARE 16

/* Received bytes that all connections of a worker may keep, in chunks: reordering is rare, so a few each on average. */
#define CHUNKS_PER_CONNECTION 4
#define CHUNKS_MINIMUM        1024

static uint32_t
trials_for(const struct verify_settings *settings)
{
	return settings->max_connections * LINGERING_SHARE + LINGERING_SPARE;
}

static struct tcp_worker_settings
tcp_settings(const struct verify_settings *settings)
{
	const uint32_t chunks = settings->max_connections * CHUNKS_PER_CONNECTION;

	return (struct tcp_worker_settings){
		.connections = trials_for(settings),
		.receive_chunks = chunks < CHUNKS_MINIMUM ? CHUNKS_MINIMUM : chunks,
		/* The I/O workers know our segments by the range of their acknowledgments. */
		.send_total_maximum = SYN_COOKIE_SEND_MAXIMUM,
		.emit = settings->emit,
		.context = settings->context,
	};
}

uint64_t
verify_engine_bytes(const struct verify_settings *settings)
{
	const struct tcp_worker_settings tcp = tcp_settings(settings);
	const uint64_t trials = trials_for(settings);

	return sizeof(struct verify_engine) + tcp_worker_bytes(&tcp) +
	       trials * (sizeof(struct trial) + sizeof(uint32_t) +
				sizeof(struct timer_wheel_entry)) +
	       TIMER_WHEEL_SLOTS * sizeof(struct timer_wheel_entry) +
	       connection_table_bytes(trials_for(settings)) +
	       (uint64_t)settings->park_capacity * sizeof(struct parked_hit) +
	       settings->max_connections * sizeof(struct verify_record);
}

static void
init_trials(struct verify_engine *engine)
{
	const struct trial_list empty = { TRIAL_NONE, TRIAL_NONE, 0 };

	engine->free_trials = empty;
	engine->open_trials = empty;
	engine->lingering_trials = empty;
	for (uint32_t i = 0; i < engine->trial_count; i++)
		trial_list_append(engine, &engine->free_trials, i);
}

static int
take_memory(struct verify_engine *engine, uint64_t now_ns)
{
	const struct verify_settings *settings = &engine->settings;
	const struct tcp_worker_settings tcp = tcp_settings(settings);

	engine->trial_count = trials_for(settings);
	engine->trials = calloc(engine->trial_count, sizeof(*engine->trials));
	engine->ready = calloc(engine->trial_count, sizeof(*engine->ready));
	if (engine->trials == NULL || engine->ready == NULL)
		return ERROR_MEMORY;
	if (tcp_worker_init(&engine->tcp, &tcp) != 0 ||
		connection_table_init(&engine->table, engine->trial_count, &settings->key) != 0 ||
		timer_wheel_init(&engine->wheel, engine->trial_count, now_ns) != 0 ||
		parked_hits_init(&engine->parked, settings->park_capacity) != 0 ||
		responder_set_init(&engine->responders, &settings->key) != 0)
		return ERROR_MEMORY;
	return 0;
}

struct verify_engine *
verify_engine_create(const struct verify_settings *settings, uint64_t now_ns)
{
	struct verify_engine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return NULL;
	engine->settings = *settings;
	engine->last_record = &engine->first_record;
	engine->oldest_untaken_ns = UINT64_MAX;
	if (take_memory(engine, now_ns) != 0) {
		engine->trial_count = 0;
		verify_engine_destroy(engine);
		return NULL;
	}
	init_trials(engine);
	return engine;
}

void
verify_engine_destroy(struct verify_engine *engine)
{
	if (engine == NULL)
		return;
	while (engine->trial_count > 0 && verify_engine_abandon(engine, UINT32_MAX)) {
		/* Sessions hold memory of the protocol. */
	}
	while (engine->first_record != NULL) {
		struct verify_record *record = engine->first_record;
		engine->first_record = record->next;
		verify_record_free(record);
	}
	responder_set_clear(&engine->responders);
	parked_hits_clear(&engine->parked);
	timer_wheel_clear(&engine->wheel);
	connection_table_clear(&engine->table);
	tcp_worker_clear(&engine->tcp);
	free(engine->ready);
	free(engine->trials);
	free(engine);
}
