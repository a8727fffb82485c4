/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "scan/verify_trial.h"

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void
trial_list_append(struct verify_engine *engine, struct trial_list *list, uint32_t index)
{
	struct trial *trial = &engine->trials[index];

	trial->older = list->newest;
	trial->newer = TRIAL_NONE;
	if (list->newest != TRIAL_NONE)
		engine->trials[list->newest].newer = index;
	else
		list->oldest = index;
	list->newest = index;
	list->count++;
}

void
trial_list_remove(struct verify_engine *engine, struct trial_list *list, uint32_t index)
{
	struct trial *trial = &engine->trials[index];

	if (trial->older != TRIAL_NONE)
		engine->trials[trial->older].newer = trial->newer;
	else
		list->oldest = trial->newer;
	if (trial->newer != TRIAL_NONE)
		engine->trials[trial->newer].older = trial->older;
	else
		list->newest = trial->older;
	list->count--;
}

static uint32_t
index_of(const struct verify_engine *engine, const struct trial *trial)
{
	return (uint32_t)(trial - engine->trials);
}

void
trial_arm(struct verify_engine *engine, uint32_t index)
{
	const struct trial *trial = &engine->trials[index];
	uint64_t deadline_ns = TIMER_WHEEL_NONE;

	if (trial->state == TRIAL_CONNECTING || trial->state == TRIAL_AWAITS_RETRY)
		deadline_ns = trial->wake_ns;
	if (trial->session != NULL)
		deadline_ns = engine->settings.protocol->deadline_ns(trial->session);
	if (trial->state != TRIAL_FREE && trial->state != TRIAL_AWAITS_RETRY)
		deadline_ns = earlier(deadline_ns, tcp_client_deadline_ns(&trial->tcp));
	timer_wheel_set(&engine->wheel, index, deadline_ns);
}

static uint64_t
trial_key(const struct trial *trial)
{
	return verify_key(trial->remote_address, trial->local_address, trial->local_port);
}

static void
enter_table(struct verify_engine *engine, const struct trial *trial)
{
	/* The table has room for every trial, and a tuple is new: a failure would be our own mistake. */
	if (connection_table_insert(&engine->table, trial_key(trial), index_of(engine, trial)) != 0)
		engine->error = ERROR_FULL;
}

/* TCP's part ends: the tuple is free again. Sends nothing. */
static void
drop_connection(struct verify_engine *engine, struct trial *trial)
{
	(void)connection_table_remove(&engine->table, trial_key(trial));
	tcp_client_release(&engine->tcp, &trial->tcp);
}

void
trial_free(struct verify_engine *engine, uint32_t index)
{
	struct trial *trial = &engine->trials[index];

	drop_connection(engine, trial);
	trial->state = TRIAL_FREE;
	trial_list_remove(engine, &engine->lingering_trials, index);
	trial_list_append(engine, &engine->free_trials, index);
	trial_arm(engine, index);
}

bool
trial_has_room(struct verify_engine *engine, uint64_t now_ns)
{
	if (engine->open_trials.count >= engine->settings.max_connections)
		return false;
	if (engine->free_trials.count > 0)
		return true;
	if (engine->lingering_trials.count == 0)
		return false;
	uint32_t oldest = engine->lingering_trials.oldest;
	tcp_client_abort(&engine->tcp, &engine->trials[oldest].tcp);
	verify_count(engine, VERIFY_LINGER_CUT);
	trial_free(engine, oldest);
	return true;
}

/* Salts must differ between targets and attempts, and no peer may guess them. */
static uint64_t
salt_of(const struct verify_engine *engine, const struct trial *trial)
{
	return siphash_u64(&engine->settings.key, (uint64_t)trial->remote_address << 32 |
							  (uint32_t)trial->local_port << 16 |
							  trial->attempt);
}

void
trial_open_session(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	const struct protocol_target target = {
		.address = trial->remote_address,
		.port = engine->settings.remote_port,
		.attempt = trial->attempt,
		.salt = salt_of(engine, trial),
		.hints = trial->hints,
		.wall_us = (int64_t)(now_ns / 1000) + engine->settings.wall_offset_us,
	};

	trial->state = TRIAL_SPEAKING;
	trial->opened_ns = now_ns;
	trial->has_acknowledgment = false;
	trial->has_end = false;
	trial->session =
		engine->settings.protocol->open(engine->settings.protocol_context, &target, now_ns);
	if (trial->session == NULL)
		engine->error = ERROR_MEMORY;
	else
		engine->sessions++;
}

static struct trial *
begin(struct verify_engine *engine, const struct parked_hit *hit)
{
	struct verify_record *record = malloc(sizeof(*record));

	if (record == NULL) {
		engine->error = ERROR_MEMORY;
		return NULL;
	}
	observation_init(&record->observation);
	record->next = NULL;

	const uint32_t index = engine->free_trials.oldest;
	trial_list_remove(engine, &engine->free_trials, index);
	trial_list_append(engine, &engine->open_trials, index);
	struct trial *trial = &engine->trials[index];
	const uint32_t older = trial->older;
	const uint32_t newer = trial->newer;
	const bool is_ready = trial->is_ready;
	*trial = (struct trial){
		.record = record,
		.arrival_ns = hit->arrival_ns,
		.remote_address = hit->remote_address,
		.local_address = hit->local_address,
		.local_port = hit->local_port,
		.rtt_us = hit->rtt_us,
		.attempt = 1,
		.older = older,
		.newer = newer,
		.is_ready = is_ready,
	};
	record->observation.syn =
		(struct syn_observation){ hit->rtt_us, hit->window, hit->mss, hit->ttl };
	return trial;
}

void
trial_adopt(struct verify_engine *engine, const struct parked_hit *hit, uint64_t now_ns)
{
	struct trial *trial = begin(engine, hit);

	if (trial == NULL)
		return;
	const struct segment syn_ack = {
		.local_address = hit->local_address,
		.remote_address = hit->remote_address,
		.local_port = hit->local_port,
		.remote_port = engine->settings.remote_port,
		.sequence = hit->sequence,
		.acknowledgment =
			1 + (uint32_t)syn_cookie_hash(engine->settings.cookie, hit->remote_address,
				    hit->local_address, hit->local_port),
		.window = hit->window,
		.mss = hit->mss,
		.window_scale = hit->window_scale,
		.flags = TCP_SYN | TCP_ACK,
		.ttl = hit->ttl,
	};
	tcp_client_adopt(&engine->tcp, &trial->tcp, &syn_ack, now_ns);
	enter_table(engine, trial);
	trial_open_session(engine, trial, now_ns);
	trial_service(engine, index_of(engine, trial), now_ns);
}

void
trial_connect(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	const struct syn_cookie *cookie = engine->settings.cookie;
	/* Another port than before: hosts answer an old tuple with a challenge ACK. */
	const uint32_t step = cookie->port_mask == 0
				      ? 0
				      : 1 + (uint32_t)(salt_of(engine, trial) % cookie->port_mask);
	const uint16_t offset = (uint16_t)(trial->local_port - cookie->first_port + step);

	trial->local_port = (uint16_t)(cookie->first_port + (offset & cookie->port_mask));
	const struct tcp_endpoints endpoints = {
		.local_address = trial->local_address,
		.remote_address = trial->remote_address,
		.local_port = trial->local_port,
		.remote_port = engine->settings.remote_port,
	};
	const uint32_t sequence =
		SYN_COOKIE_CONNECT_OFFSET + (uint32_t)syn_cookie_hash(cookie, trial->remote_address,
						    trial->local_address, trial->local_port);

	trial->state = TRIAL_CONNECTING;
	trial->wake_ns = now_ns + engine->settings.connect_timeout_ns;
	verify_count(engine, VERIFY_RETRIES);
	tcp_client_connect(&engine->tcp, &trial->tcp, &endpoints, sequence, now_ns);
	enter_table(engine, trial);
	tcp_client_flush(&engine->tcp, &trial->tcp, now_ns);
	trial_arm(engine, index_of(engine, trial));
}

void
trial_reconnect(struct verify_engine *engine, const struct parked_hit *hit, uint64_t now_ns)
{
	struct trial *trial = begin(engine, hit);

	if (trial == NULL)
		return;
	verify_count(engine, VERIFY_STALE);
	trial_connect(engine, trial, now_ns);
}

/* Keep the better of what was known and what this attempt found; the first of two alike. */
static void
keep_better(struct trial *trial, struct observation *found)
{
	struct observation *best = &trial->record->observation;

	if (trial->has_observation && found->outcome <= best->outcome) {
		observation_clear(found);
		return;
	}
	found->syn = best->syn;
	observation_clear(best);
	*best = *found;
	trial->has_observation = true;
}

static void
finish_record(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	struct verify_record *record = trial->record;

	record->observation.address = trial->remote_address;
	record->observation.port = engine->settings.remote_port;
	record->observation.attempts = trial->attempt;
	record->observation.timestamp_us =
		(int64_t)(now_ns / 1000) + engine->settings.wall_offset_us;
	record->arrival_ns = trial->arrival_ns;
	if (record->arrival_ns < engine->oldest_untaken_ns)
		engine->oldest_untaken_ns = record->arrival_ns;
	*engine->last_record = record;
	engine->last_record = &record->next;
	engine->untaken++;
	trial->record = NULL;
	if (responder_set_settle(&engine->responders, trial->remote_address) != 0)
		engine->error = ERROR_MEMORY;
	trial_list_remove(engine, &engine->open_trials, index_of(engine, trial));
}

void
trial_conclude(struct verify_engine *engine, struct trial *trial, struct observation *found,
	uint32_t hints, uint64_t now_ns)
{
	const bool may_improve = outcome_may_improve(found->outcome) || hints != 0;

	keep_better(trial, found);
	if (may_improve && trial->attempt < engine->settings.attempts) {
		tcp_client_abort(&engine->tcp, &trial->tcp);
		drop_connection(engine, trial);
		trial->attempt++;
		trial->hints = hints;
		trial->state = TRIAL_AWAITS_RETRY;
		trial->wake_ns = now_ns + engine->settings.retry_delay_ns;
		return;
	}
	finish_record(engine, trial, now_ns);
	trial->state = TRIAL_LINGERING;
	trial_list_append(engine, &engine->lingering_trials, index_of(engine, trial));
	tcp_client_close(&engine->tcp, &trial->tcp);
}

void
trial_abandon(struct verify_engine *engine, uint32_t index)
{
	struct trial *trial = &engine->trials[index];
	struct observation unwanted;
	uint32_t hints = 0;

	observation_init(&unwanted);
	if (trial->session != NULL) {
		engine->settings.protocol->close(trial->session, &unwanted, &hints);
		trial->session = NULL;
		engine->sessions--;
		observation_clear(&unwanted);
	}
	verify_record_free(trial->record);
	trial->record = NULL;
	if (trial->state != TRIAL_AWAITS_RETRY) {
		tcp_client_abort(&engine->tcp, &trial->tcp);
		drop_connection(engine, trial);
	}
	trial_list_remove(engine,
		trial->state == TRIAL_LINGERING ? &engine->lingering_trials : &engine->open_trials,
		index);
	trial->state = TRIAL_FREE;
	trial_list_append(engine, &engine->free_trials, index);
	trial_arm(engine, index);
}
