/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "scan/verify_trial.h"

/* Finished records that wait for the writer; beyond, no new hit is taken up. */
#define UNTAKEN_MAXIMUM 4096

#define EXPIRE_BURST 32

const struct counter_name verify_counter_names[VERIFY_COUNTER_COUNT] = { VERIFY_COUNTER_LIST(
	COUNTER_NAME) };

int
verify_engine_settle(struct verify_engine *engine, uint32_t address)
{
	return responder_set_settle(&engine->responders, address);
}

static void
make_ready(struct verify_engine *engine, uint32_t index)
{
	if (engine->trials[index].is_ready)
		return;
	engine->trials[index].is_ready = true;
	engine->ready[(engine->ready_head + engine->ready_count) % engine->trial_count] = index;
	engine->ready_count++;
}

/* A RST for a segment of no connection, RFC 9293 section 3.10.7.1: it frees what the peer still holds. */
static void
answer_with_reset(struct verify_engine *engine, const struct segment *segment)
{
	const struct segment reset = {
		.local_address = segment->local_address,
		.remote_address = segment->remote_address,
		.local_port = segment->local_port,
		.remote_port = segment->remote_port,
		.sequence = segment->acknowledgment,
		.flags = TCP_RST,
	};

	verify_count(engine, VERIFY_RESETS_SENT);
	engine->settings.emit(engine->settings.context, &reset);
}

static void
park(struct verify_engine *engine, const struct segment *syn_ack, uint64_t now_ns)
{
	const struct parked_hit hit = {
		.arrival_ns = now_ns,
		.remote_address = syn_ack->remote_address,
		.local_address = syn_ack->local_address,
		.sequence = syn_ack->sequence,
		.rtt_us = (uint32_t)(syn_cookie_age_ns(engine->settings.cookie,
					     syn_ack->remote_address, syn_ack->local_port, now_ns) /
				     1000),
		.local_port = syn_ack->local_port,
		.window = syn_ack->window,
		.mss = syn_ack->mss,
		.window_scale = syn_ack->window_scale,
		.ttl = syn_ack->ttl,
	};

	/* Without room the hit is not counted as one: the server's retransmission is its next chance. */
	if (!parked_hits_push(&engine->parked, &hit)) {
		verify_count(engine, VERIFY_PARK_FULL);
		return;
	}
	if (responder_set_add(&engine->responders, syn_ack->remote_address) != 0)
		engine->error = ERROR_MEMORY;
	verify_count(engine, VERIFY_HITS);
}

static void
input_syn_ack(struct verify_engine *engine, const struct segment *segment, uint64_t now_ns)
{
	switch (responder_set_find(&engine->responders, segment->remote_address)) {
	case RESPONDER_UNKNOWN:
		park(engine, segment, now_ns);
		break;
	case RESPONDER_PENDING:
		/* Parked, or a further probe's answer while the first is verified: no RST, it could be the parked one's own. */
		verify_count(engine, VERIFY_DUPLICATES);
		break;
	case RESPONDER_SETTLED:
		verify_count(engine, VERIFY_DUPLICATES);
		answer_with_reset(engine, segment);
		break;
	}
}

void
verify_engine_input(struct verify_engine *engine, const struct segment *segment, uint64_t now_ns)
{
	const uint32_t index = connection_table_find(&engine->table,
		verify_key(segment->remote_address, segment->local_address, segment->local_port));

	if (index != CONNECTION_NONE) {
		tcp_client_input(&engine->tcp, &engine->trials[index].tcp, segment, now_ns);
		make_ready(engine, index);
	} else if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == (TCP_SYN | TCP_ACK)) {
		input_syn_ack(engine, segment, now_ns);
	} else if ((segment->flags & TCP_RST) != 0) {
		verify_count(engine, VERIFY_STRAY_RST);
	} else {
		verify_count(engine, VERIFY_STRAY);
		answer_with_reset(engine, segment);
	}
}

void
verify_engine_icmp(struct verify_engine *engine, const struct icmp_error *error, uint64_t now_ns)
{
	const uint32_t index = connection_table_find(&engine->table,
		verify_key(error->remote_address, error->local_address, error->local_port));

	if (index == CONNECTION_NONE)
		return;
	tcp_client_icmp(&engine->tcp, &engine->trials[index].tcp, error, now_ns);
	make_ready(engine, index);
}

static unsigned int
take_up_hits(struct verify_engine *engine, unsigned int budget, uint64_t now_ns)
{
	while (budget > 0 && engine->parked.count > 0 && !engine->is_holding &&
		engine->error == 0 && engine->untaken < UNTAKEN_MAXIMUM &&
		trial_has_room(engine, now_ns)) {
		const struct parked_hit hit = *parked_hits_first(&engine->parked);

		parked_hits_pop(&engine->parked);
		if (now_ns - hit.arrival_ns > VERIFY_PARKED_MAXIMUM_NS)
			trial_reconnect(engine, &hit, now_ns);
		else
			trial_adopt(engine, &hit, now_ns);
		budget--;
	}
	return budget;
}

static unsigned int
run_expired(struct verify_engine *engine, unsigned int budget, uint64_t now_ns)
{
	uint32_t due[EXPIRE_BURST];

	while (budget > 0) {
		const uint32_t maximum = budget < EXPIRE_BURST ? budget : EXPIRE_BURST;
		const uint32_t count = timer_wheel_expire(&engine->wheel, now_ns, due, maximum);

		for (uint32_t i = 0; i < count; i++)
			trial_expire(engine, due[i], now_ns);
		budget -= count;
		if (count < maximum)
			break;
	}
	return budget;
}

static unsigned int
run_ready(struct verify_engine *engine, unsigned int budget, uint64_t now_ns)
{
	while (budget > 0 && engine->ready_count > 0) {
		const uint32_t index = engine->ready[engine->ready_head];

		engine->ready_head = (engine->ready_head + 1) % engine->trial_count;
		engine->ready_count--;
		if (engine->ready_flushed > 0)
			engine->ready_flushed--;
		engine->trials[index].is_ready = false;
		trial_service(engine, index, now_ns);
		budget--;
	}
	return budget;
}

/* Those that must wait for their turn are acknowledged now, so that their peers do not repeat themselves. */
static void
acknowledge_waiting(struct verify_engine *engine, uint64_t now_ns)
{
	for (; engine->ready_flushed < engine->ready_count; engine->ready_flushed++) {
		const uint32_t index = engine->ready[(engine->ready_head + engine->ready_flushed) %
						     engine->trial_count];
		struct trial *trial = &engine->trials[index];

		if (trial->state != TRIAL_FREE && trial->state != TRIAL_AWAITS_RETRY)
			tcp_client_flush(&engine->tcp, &trial->tcp, now_ns);
		trial_arm(engine, index);
	}
}

bool
verify_engine_work(struct verify_engine *engine, unsigned int budget, uint64_t now_ns)
{
	/* In this order: deadlines hold however much there is to read, and who is here goes before who waits. */
	budget = run_expired(engine, budget, now_ns);
	budget = run_ready(engine, budget, now_ns);
	budget = take_up_hits(engine, budget, now_ns);
	acknowledge_waiting(engine, now_ns);
	return budget == 0;
}

uint64_t
verify_engine_deadline_ns(const struct verify_engine *engine)
{
	return timer_wheel_next_ns(&engine->wheel);
}

struct verify_record *
verify_engine_take_record(struct verify_engine *engine)
{
	struct verify_record *record = engine->first_record;

	if (record == NULL)
		return NULL;
	engine->first_record = record->next;
	if (engine->first_record == NULL) {
		engine->last_record = &engine->first_record;
		engine->oldest_untaken_ns = UINT64_MAX;
	}
	engine->untaken--;
	verify_count(engine, VERIFY_RECORDS);
	record->next = NULL;
	return record;
}

void
verify_record_free(struct verify_record *record)
{
	if (record == NULL)
		return;
	observation_clear(&record->observation);
	free(record);
}

void
verify_engine_hold(struct verify_engine *engine)
{
	engine->is_holding = true;
}

/* A parked SYN-ACK answered by RST frees the server's half of the connection. */
static void
refuse_parked(struct verify_engine *engine)
{
	const struct parked_hit hit = *parked_hits_first(&engine->parked);
	const struct segment syn_ack = {
		.local_address = hit.local_address,
		.remote_address = hit.remote_address,
		.local_port = hit.local_port,
		.remote_port = engine->settings.remote_port,
		.acknowledgment =
			1 + (uint32_t)syn_cookie_hash(engine->settings.cookie, hit.remote_address,
				    hit.local_address, hit.local_port),
	};

	parked_hits_pop(&engine->parked);
	answer_with_reset(engine, &syn_ack);
}

bool
verify_engine_abandon(struct verify_engine *engine, unsigned int maximum)
{
	for (; maximum > 0; maximum--) {
		if (engine->open_trials.count > 0)
			trial_abandon(engine, engine->open_trials.oldest);
		else if (engine->lingering_trials.count > 0)
			trial_abandon(engine, engine->lingering_trials.oldest);
		else if (engine->parked.count > 0)
			refuse_parked(engine);
		else
			return false;
	}
	return true;
}

/* Hits are taken up in the order they came, so the heads of the two queues tell. */
static uint64_t
oldest_hit_ns(const struct verify_engine *engine)
{
	uint64_t oldest_ns = engine->oldest_untaken_ns;

	if (engine->open_trials.count > 0 &&
		engine->trials[engine->open_trials.oldest].arrival_ns < oldest_ns)
		oldest_ns = engine->trials[engine->open_trials.oldest].arrival_ns;
	if (engine->parked.count > 0 && parked_hits_first(&engine->parked)->arrival_ns < oldest_ns)
		oldest_ns = parked_hits_first(&engine->parked)->arrival_ns;
	return oldest_ns;
}

void
verify_engine_state(const struct verify_engine *engine, struct verify_state *state_out)
{
	*state_out = (struct verify_state){
		.parked = engine->parked.count,
		.sessions = engine->sessions,
		.under_verification = engine->open_trials.count,
		.untaken = engine->untaken,
		.oldest_hit_ns = oldest_hit_ns(engine),
		.responder_bytes = responder_set_bytes(&engine->responders),
	};
}

uint64_t
verify_engine_counter(const struct verify_engine *engine, enum verify_counter counter)
{
	return counter_read(&engine->counters[counter]);
}

const uint64_t *
verify_engine_counters(const struct verify_engine *engine)
{
	return engine->counters;
}

const struct tcp_worker *
verify_engine_tcp(const struct verify_engine *engine)
{
	return &engine->tcp;
}

int
verify_engine_error(const struct verify_engine *engine)
{
	return engine->error;
}
