/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "simulation/scan_script.h"

struct session {
	struct scan_script *script;
	uint64_t deadline_ns;
	size_t sent;
	size_t received;
	uint8_t reply[SCAN_SCRIPT_REPLY];
	enum outcome outcome;
	bool is_acknowledged;
	bool is_finished;
};

static void *
script_open(void *context, const struct protocol_target *target, uint64_t now_ns)
{
	struct scan_script *script = context;
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->script = script;
	session->deadline_ns = now_ns + script->timeout_ns;
	script->last_target = *target;
	script->opened++;
	if (++script->alive > script->alive_maximum)
		script->alive_maximum = script->alive;
	return session;
}

static void
finish(struct session *session, enum outcome outcome)
{
	if (session->is_finished)
		return;
	session->is_finished = true;
	session->outcome = outcome;
	session->deadline_ns = UINT64_MAX;
}

static void
script_acknowledged(void *context, uint64_t now_ns)
{
	struct session *session = context;

	session->is_acknowledged = true;
	session->script->acknowledged++;
}

static void
script_input(void *context, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	struct session *session = context;

	for (size_t i = 0; i < length && session->received < SCAN_SCRIPT_REPLY; i++)
		session->reply[session->received++] = bytes[i];
	if (session->received == SCAN_SCRIPT_REPLY)
		finish(session, (enum outcome)session->reply[0]);
}

static void
script_ended(void *context, enum protocol_end end, uint64_t now_ns)
{
	struct session *session = context;

	switch (end) {
	case PROTOCOL_END_FIN:
		finish(session, OUTCOME_TLS_CLOSED);
		break;
	case PROTOCOL_END_RESET:
		finish(session, session->is_acknowledged ? OUTCOME_TLS_RESET : OUTCOME_TCP_RESET);
		break;
	case PROTOCOL_END_TIMEOUT:
		finish(session, OUTCOME_TCP_TIMEOUT);
		break;
	}
}

static size_t
script_output(void *context, uint8_t *bytes, size_t capacity, uint64_t now_ns)
{
	struct session *session = context;
	const size_t left = SCAN_SCRIPT_REQUEST - session->sent;
	const size_t length = left < capacity ? left : capacity;

	memset(bytes, 'q', length);
	session->sent += length;
	return length;
}

static uint64_t
script_deadline_ns(const void *context)
{
	const struct session *session = context;

	return session->deadline_ns;
}

static void
script_expire(void *context, uint64_t now_ns)
{
	struct session *session = context;

	if (now_ns >= session->deadline_ns)
		finish(session,
			session->is_acknowledged ? OUTCOME_TLS_SILENT : OUTCOME_TCP_TIMEOUT);
}

static bool
script_is_finished(const void *context)
{
	const struct session *session = context;

	return session->is_finished;
}

static void
script_close(void *context, struct observation *observation_out, uint32_t *hints_out)
{
	struct session *session = context;

	observation_out->outcome = session->outcome;
	if (session->received == SCAN_SCRIPT_REPLY)
		*hints_out = session->reply[1];
	session->script->alive--;
	free(session);
}

const struct protocol scan_script_protocol = {
	.name = "script",
	.open = script_open,
	.acknowledged = script_acknowledged,
	.input = script_input,
	.ended = script_ended,
	.output = script_output,
	.deadline_ns = script_deadline_ns,
	.expire = script_expire,
	.is_finished = script_is_finished,
	.close = script_close,
};
