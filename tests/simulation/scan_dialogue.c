/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "simulation/scan_dialogue.h"

struct session {
	struct scan_dialogue *dialogue;
	uint64_t opened_ns;
	uint64_t deadline_ns;
	uint64_t sent;
	uint64_t received;
	enum outcome outcome;
	bool is_acknowledged;
	bool is_finished;
};

static void *
dialogue_open(void *context, const struct protocol_target *target, uint64_t now_ns)
{
	struct scan_dialogue *dialogue = context;
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->dialogue = dialogue;
	session->opened_ns = now_ns;
	session->deadline_ns = now_ns + SCAN_DIALOGUE_CONNECT_NS;
	if (++dialogue->alive > dialogue->alive_maximum)
		dialogue->alive_maximum = dialogue->alive;
	return session;
}

/* The steps whose answer is whole. */
static int
steps_done(const struct session *session)
{
	uint64_t responses = 0;
	int done = 0;

	for (; done < MODEL_STEPS; done++) {
		responses += session->dialogue->steps[done].response_bytes;
		if (session->received < responses)
			break;
	}
	return done;
}

static void
finish(struct session *session, enum outcome outcome, uint64_t now_ns)
{
	struct scan_dialogue *dialogue = session->dialogue;

	if (session->is_finished)
		return;
	session->is_finished = true;
	session->outcome = outcome;
	session->deadline_ns = UINT64_MAX;
	if (now_ns - session->opened_ns > dialogue->longest_ns)
		dialogue->longest_ns = now_ns - session->opened_ns;
}

static enum outcome
outcome_of_silence(const struct session *session)
{
	if (!session->is_acknowledged)
		return OUTCOME_TCP_TIMEOUT;
	if (session->received == 0)
		return OUTCOME_TLS_SILENT;
	return steps_done(session) == 0 ? OUTCOME_TLS_TIMEOUT : OUTCOME_DNS_SILENT;
}

static enum outcome
outcome_of_end(const struct session *session, bool is_reset)
{
	if (session->received > 0)
		return steps_done(session) == 0 ? OUTCOME_TLS_ERROR : OUTCOME_DNS_CLOSED;
	if (!is_reset)
		return OUTCOME_TLS_CLOSED;
	return session->is_acknowledged ? OUTCOME_TLS_RESET : OUTCOME_TCP_RESET;
}

static void
dialogue_acknowledged(void *context, uint64_t now_ns)
{
	struct session *session = context;

	session->is_acknowledged = true;
	session->deadline_ns = now_ns + SCAN_DIALOGUE_STEP_NS;
}

static void
dialogue_input(void *context, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	struct session *session = context;
	const int before = steps_done(session);

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != model_byte(session->received, true)) {
			finish(session, OUTCOME_NOT_TLS, now_ns);
			return;
		}
		session->received++;
	}
	if (steps_done(session) == MODEL_STEPS)
		finish(session, OUTCOME_ANSWER_RIGHT, now_ns);
	else if (steps_done(session) > before)
		session->deadline_ns = now_ns + SCAN_DIALOGUE_STEP_NS;
}

static void
dialogue_ended(void *context, enum protocol_end end, uint64_t now_ns)
{
	struct session *session = context;

	if (end == PROTOCOL_END_TIMEOUT)
		finish(session, outcome_of_silence(session), now_ns);
	else
		finish(session, outcome_of_end(session, end == PROTOCOL_END_RESET), now_ns);
}

static size_t
dialogue_output(void *context, uint8_t *bytes, size_t capacity, uint64_t now_ns)
{
	struct session *session = context;
	const int step = steps_done(session);
	size_t length = 0;

	if (session->is_finished || step == MODEL_STEPS)
		return 0;
	while (length < capacity && session->sent < session->dialogue->steps[step].request_bytes)
		bytes[length++] = model_byte(session->sent++, false);
	return length;
}

static uint64_t
dialogue_deadline_ns(const void *context)
{
	const struct session *session = context;

	return session->deadline_ns;
}

static void
dialogue_expire(void *context, uint64_t now_ns)
{
	struct session *session = context;

	if (session->is_finished || now_ns < session->deadline_ns)
		return;
	if (now_ns - session->deadline_ns > session->dialogue->latest_ns)
		session->dialogue->latest_ns = now_ns - session->deadline_ns;
	finish(session, outcome_of_silence(session), now_ns);
}

static bool
dialogue_is_finished(const void *context)
{
	const struct session *session = context;

	return session->is_finished;
}

static void
dialogue_close(void *context, struct observation *observation_out, uint32_t *hints_out)
{
	struct session *session = context;

	observation_out->outcome = session->outcome;
	session->dialogue->alive--;
	free(session);
}

const struct protocol scan_dialogue_protocol = {
	.name = "dialogue",
	.open = dialogue_open,
	.acknowledged = dialogue_acknowledged,
	.input = dialogue_input,
	.ended = dialogue_ended,
	.output = dialogue_output,
	.deadline_ns = dialogue_deadline_ns,
	.expire = dialogue_expire,
	.is_finished = dialogue_is_finished,
	.close = dialogue_close,
};
