/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_TRIAL_H
#define VERIFY_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/timer_wheel.h"
#include "record/observation.h"
#include "record/protocol.h"
#include "scan/parked_hits.h"
#include "scan/responder_set.h"
#include "scan/verify_engine.h"
#include "tcp/connection_table.h"
#include "tcp/tcp_client.h"
#include "tcp/tcp_worker.h"

/* The inside of the verify engine: what verify_engine*.c, verify_trial.c and trial_speech.c share. Nobody else includes it. */

#define TRIAL_NONE UINT32_MAX

enum trial_state {
	TRIAL_FREE,
	TRIAL_CONNECTING,   /* awaits the SYN-ACK of a connection that the engine opened */
	TRIAL_SPEAKING,     /* the protocol has a session */
	TRIAL_AWAITS_RETRY, /* awaits the time of its next connection; holds no session */
	TRIAL_LINGERING,    /* the record is made; awaits the end of the connection */
};

/* One target under verification. A trial in any state but FREE and LINGERING owns one hit of the books. */
struct trial {
	struct tcp_client tcp;
	void *session;
	struct verify_record *record; /* the best observation so far */
	uint64_t arrival_ns;
	uint64_t opened_ns;
	uint64_t wake_ns; /* of CONNECTING: give up; of AWAITS_RETRY: go on */
	uint32_t remote_address;
	uint32_t local_address;
	uint32_t rtt_us;
	uint32_t hints;
	uint32_t older; /* neighbours in the list that the trial is on */
	uint32_t newer;
	uint16_t local_port;
	uint8_t attempt;
	uint8_t state;
	bool has_acknowledgment;
	bool has_end;
	bool is_ready; /* is in the ready queue */
	bool has_observation;
};

/* Trials in the order they began: a list through older and newer. */
struct trial_list {
	uint32_t oldest;
	uint32_t newest;
	uint32_t count;
};

struct verify_engine {
	struct verify_settings settings;
	struct tcp_worker tcp;
	struct connection_table table;
	struct timer_wheel wheel;
	struct parked_hits parked;
	struct responder_set responders;
	struct trial *trials;
	uint32_t trial_count;
	struct trial_list free_trials;
	struct trial_list open_trials;
	struct trial_list lingering_trials;
	uint32_t sessions;
	uint32_t *ready; /* a ring of trial_count + 1, each trial at most once */
	uint32_t ready_head;
	uint32_t ready_count;
	uint32_t ready_flushed; /* how many from the head on have been acknowledged already */
	struct verify_record *first_record;
	struct verify_record **last_record;
	uint64_t untaken;
	uint64_t
		oldest_untaken_ns; /* earliest arrival behind a record since the list was last empty */
	bool is_holding;
	int error;
	uint64_t counters[VERIFY_COUNTER_COUNT];
};

static inline void
verify_count(struct verify_engine *engine, enum verify_counter counter)
{
	counter_add(&engine->counters[counter], 1);
}

/* Our own addresses differ in their low halves or their high ones. */
static inline uint64_t
verify_key(uint32_t remote_address, uint32_t local_address, uint16_t local_port)
{
	return connection_table_key(
		remote_address, local_port, (uint16_t)(local_address ^ local_address >> 16));
}

void trial_list_append(struct verify_engine *engine, struct trial_list *list, uint32_t index);
void trial_list_remove(struct verify_engine *engine, struct trial_list *list, uint32_t index);

/* Whether a trial could start now: a session below the limit, and a trial to hold it. May cut a lingering one short. */
bool trial_has_room(struct verify_engine *engine, uint64_t now_ns);

/* Start a trial for the hit: on the connection of its SYN-ACK, or on a new one. Needs trial_has_room. */
void trial_adopt(struct verify_engine *engine, const struct parked_hit *hit, uint64_t now_ns);
void trial_reconnect(struct verify_engine *engine, const struct parked_hit *hit, uint64_t now_ns);

/* By trial_speech.c, of a trial whose connection stands or has ended: */

/* The protocol gets a session of it. */
void trial_open_session(struct verify_engine *engine, struct trial *trial, uint64_t now_ns);

/* The attempt is over and found, adopted, holds what it learnt: try again, or make the record and let the connection end in peace. */
void trial_conclude(struct verify_engine *engine, struct trial *trial, struct observation *found,
	uint32_t hints, uint64_t now_ns);

/* A connection of our own, from another port than before. */
void trial_connect(struct verify_engine *engine, struct trial *trial, uint64_t now_ns);

/* Its connection has ended, and its record is made. */
void trial_free(struct verify_engine *engine, uint32_t index);

/* Let it speak: received bytes, ends and deadlines to the protocol, its bytes to TCP, and conclude where it is finished. */
void trial_service(struct verify_engine *engine, uint32_t index, uint64_t now_ns);

/* A deadline of the trial has passed. */
void trial_expire(struct verify_engine *engine, uint32_t index, uint64_t now_ns);

/* Set its timer after TCP changed. */
void trial_arm(struct verify_engine *engine, uint32_t index);

/* Reset the connection and free the trial without a record. */
void trial_abandon(struct verify_engine *engine, uint32_t index);

#endif
