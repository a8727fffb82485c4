/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/verify_trial.h"

/* Room for what moves between TCP and the protocol in one piece. */
#define PIECE_SIZE 4096

static void
pump_output(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	uint8_t piece[PIECE_SIZE];

	for (;;) {
		size_t space = tcp_client_send_space(&trial->tcp);
		if (space == 0)
			return;
		if (space > sizeof(piece))
			space = sizeof(piece);
		size_t length =
			engine->settings.protocol->output(trial->session, piece, space, now_ns);
		if (length == 0)
			return;
		(void)tcp_client_send(&engine->tcp, &trial->tcp, piece, length);
	}
}

static void
pump_input(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	const struct protocol *protocol = engine->settings.protocol;
	uint8_t piece[PIECE_SIZE];

	if (!trial->has_acknowledgment && tcp_client_has_acknowledged_data(&trial->tcp)) {
		trial->has_acknowledgment = true;
		protocol->acknowledged(trial->session, now_ns);
	}
	while (!protocol->is_finished(trial->session)) {
		size_t length = tcp_client_receive(&engine->tcp, &trial->tcp, piece, sizeof(piece));
		if (length == 0)
			break;
		protocol->input(trial->session, piece, length, now_ns);
	}
	const enum tcp_end end = tcp_client_end(&trial->tcp);
	if (end == TCP_END_NONE || trial->has_end || protocol->is_finished(trial->session))
		return;
	trial->has_end = true;
	protocol->ended(trial->session,
		end == TCP_END_RESET     ? PROTOCOL_END_RESET
		: end == TCP_END_TIMEOUT ? PROTOCOL_END_TIMEOUT
					 : PROTOCOL_END_FIN,
		now_ns);
}

static void
close_session(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	struct observation found;
	uint32_t hints = 0;

	observation_init(&found);
	engine->settings.protocol->close(trial->session, &found, &hints);
	trial->session = NULL;
	engine->sessions--;
	found.timing.tcp_us = trial->rtt_us;
	found.timing.total_us = trial->rtt_us + (int64_t)((now_ns - trial->opened_ns) / 1000);
	trial_conclude(engine, trial, &found, hints, now_ns);
}

static void
service_speaking(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	if (trial->session == NULL)
		return; /* out of memory: the engine has failed and the worker stops */
	pump_input(engine, trial, now_ns);
	pump_output(engine, trial, now_ns);
	if (engine->settings.protocol->is_finished(trial->session))
		close_session(engine, trial, now_ns);
}

/* A connection that the engine opened did not come about. */
static void
fail_connecting(
	struct verify_engine *engine, struct trial *trial, enum outcome outcome, uint64_t now_ns)
{
	struct observation found;

	observation_init(&found);
	found.outcome = outcome;
	trial_conclude(engine, trial, &found, 0, now_ns);
}

static void
service_connecting(struct verify_engine *engine, struct trial *trial, uint64_t now_ns)
{
	const enum tcp_end end = tcp_client_end(&trial->tcp);

	if (end == TCP_END_RESET) {
		fail_connecting(engine, trial, OUTCOME_TCP_RESET, now_ns);
	} else if (end != TCP_END_NONE || now_ns >= trial->wake_ns) {
		fail_connecting(engine, trial, OUTCOME_TCP_TIMEOUT, now_ns);
	} else if (tcp_client_state(&trial->tcp) != TCP_SYN_SENT) {
		trial->rtt_us = tcp_client_handshake_rtt_us(&trial->tcp);
		trial_open_session(engine, trial, now_ns);
		service_speaking(engine, trial, now_ns);
	}
}

static void
service_lingering(struct verify_engine *engine, struct trial *trial)
{
	uint8_t piece[PIECE_SIZE];

	while (tcp_client_receive(&engine->tcp, &trial->tcp, piece, sizeof(piece)) > 0) {
		/* What comes after the outcome stands is of no use to us. */
	}
}

void
trial_service(struct verify_engine *engine, uint32_t index, uint64_t now_ns)
{
	struct trial *trial = &engine->trials[index];

	if (trial->state == TRIAL_CONNECTING)
		service_connecting(engine, trial, now_ns);
	else if (trial->state == TRIAL_SPEAKING)
		service_speaking(engine, trial, now_ns);
	else if (trial->state == TRIAL_LINGERING)
		service_lingering(engine, trial);
	if (trial->state != TRIAL_FREE && trial->state != TRIAL_AWAITS_RETRY)
		tcp_client_flush(&engine->tcp, &trial->tcp, now_ns);
	if (trial->state == TRIAL_LINGERING && tcp_client_state(&trial->tcp) == TCP_CLOSED)
		trial_free(engine, index);
	trial_arm(engine, index);
}

void
trial_expire(struct verify_engine *engine, uint32_t index, uint64_t now_ns)
{
	struct trial *trial = &engine->trials[index];

	if (trial->state == TRIAL_FREE)
		return;
	if (trial->state == TRIAL_AWAITS_RETRY) {
		if (engine->is_holding)
			trial->wake_ns = TIMER_WHEEL_NONE;
		else if (now_ns >= trial->wake_ns)
			trial_connect(engine, trial, now_ns);
		trial_arm(engine, index);
		return;
	}
	if (now_ns >= tcp_client_deadline_ns(&trial->tcp))
		tcp_client_expire(&engine->tcp, &trial->tcp, now_ns);
	if (trial->session != NULL &&
		now_ns >= engine->settings.protocol->deadline_ns(trial->session))
		engine->settings.protocol->expire(trial->session, now_ns);
	trial_service(engine, index, now_ns);
}
