/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "dot/dot_client.h"
#include "dot/dot_session.h"
#include "dot/dot_worker.h"
#include "dot/tls_client.h"

#define RECORD_HANDSHAKE    22
#define RECORD_ALERT        21
#define RECORD_HEADER_BYTES 5
#define RECORD_BODY_MAX     (16384 + 2048) /* RFC 5246 section 6.2.3 */

/* Whether these could be the first bytes of a TLS server, as far as they go. */
static bool
begin_tls(const uint8_t *bytes, size_t length)
{
	if (length >= 1 && bytes[0] != RECORD_HANDSHAKE && bytes[0] != RECORD_ALERT)
		return false;
	if (length >= 2 && bytes[1] != 3)
		return false;
	if (length >= 3 && bytes[2] > 4)
		return false;
	if (length < RECORD_HEADER_BYTES)
		return true;
	const unsigned int body = (unsigned int)bytes[3] << 8 | bytes[4];
	return body > 0 && body <= RECORD_BODY_MAX;
}

static bool
check_first_bytes(struct dot_session *session, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	struct observation *found = &session->found;
	const size_t room = sizeof(found->first_bytes) - found->first_bytes_length;
	const size_t added = length < room ? length : room;

	memcpy(found->first_bytes + found->first_bytes_length, bytes, added);
	found->first_bytes_length += added;
	if (begin_tls(found->first_bytes, found->first_bytes_length))
		return true;
	dot_session_finish(session, OUTCOME_NOT_TLS, NULL, now_ns);
	return false;
}

static void
go_on_with_handshake(
	struct dot_session *session, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	if (!check_first_bytes(session, bytes, length, now_ns))
		return;
	const enum tls_state state = tls_client_input(session->tls, bytes, length);
	if (state == TLS_ESTABLISHED) {
		session->found.timing.tls_us = DOT_MICROSECONDS(now_ns - session->opened_ns);
		dot_dialogue_ask(session, now_ns);
		dot_dialogue_read(session, now_ns);
	} else if (state != TLS_AWAITS_HANDSHAKE) {
		dot_session_meet_tls_end(session, now_ns);
	} else if (session->received > DOT_HANDSHAKE_BYTES_MAX) {
		dot_session_finish(session, OUTCOME_TLS_ERROR, "the handshake is too long", now_ns);
	}
}

static void *
dot_open(void *context, const struct protocol_target *target, uint64_t now_ns)
{
	struct dot_worker *worker = context;
	struct dot_session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	observation_init(&session->found);
	session->worker = worker;
	session->target = *target;
	session->opened_ns = now_ns;
	session->deadline_ns = now_ns + worker->settings.connect_timeout_ns;
	session->offered_alpn = worker->settings.offers_alpn && !(target->hints & DOT_HINT_NO_ALPN);
	session->tls = tls_client_create(worker->tls, session->offered_alpn);
	if (session->tls == NULL) {
		free(session);
		return NULL;
	}
	return session;
}

static void
dot_acknowledged(void *opaque, uint64_t now_ns)
{
	struct dot_session *session = opaque;

	if (session->state != DOT_AWAITS_ACKNOWLEDGMENT)
		return;
	session->state = DOT_AWAITS_HANDSHAKE;
	session->deadline_ns = now_ns + session->worker->settings.tls_timeout_ns;
}

static void
dot_input(void *opaque, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	struct dot_session *session = opaque;

	if (session->state == DOT_IS_FINISHED || length == 0)
		return;
	session->received += length;
	if (session->state != DOT_AWAITS_REPLY) {
		go_on_with_handshake(session, bytes, length, now_ns);
	} else {
		(void)tls_client_input(session->tls, bytes, length);
		dot_dialogue_read(session, now_ns);
	}
	if (session->state == DOT_AWAITS_REPLY && session->received > DOT_BYTES_MAX)
		dot_session_finish_unanswered(
			session, OUTCOME_NOT_DNS, "endless bytes and no reply", now_ns);
}

static void
meet_end(struct dot_session *session, enum outcome before_bytes, enum outcome within_handshake,
	enum outcome within_dns, const char *error, uint64_t now_ns)
{
	if (session->state == DOT_AWAITS_REPLY)
		dot_session_finish_unanswered(session, within_dns, error, now_ns);
	else if (session->received == 0)
		dot_session_finish(session, before_bytes, NULL, now_ns);
	else
		dot_session_finish(session, within_handshake, error, now_ns);
}

static void
meet_timeout(struct dot_session *session, uint64_t now_ns)
{
	const bool is_acknowledged = session->state != DOT_AWAITS_ACKNOWLEDGMENT;

	meet_end(session, is_acknowledged ? OUTCOME_TLS_SILENT : OUTCOME_TCP_TIMEOUT,
		OUTCOME_TLS_TIMEOUT, OUTCOME_DNS_SILENT, NULL, now_ns);
}

static void
dot_ended(void *opaque, enum protocol_end end, uint64_t now_ns)
{
	struct dot_session *session = opaque;
	const bool is_acknowledged = session->state != DOT_AWAITS_ACKNOWLEDGMENT;

	if (session->state == DOT_IS_FINISHED)
		return;
	switch (end) {
	case PROTOCOL_END_FIN:
		meet_end(session, OUTCOME_TLS_CLOSED, OUTCOME_TLS_ERROR, OUTCOME_DNS_CLOSED,
			"the server closed the connection", now_ns);
		break;
	case PROTOCOL_END_RESET:
		meet_end(session, is_acknowledged ? OUTCOME_TLS_RESET : OUTCOME_TCP_RESET,
			OUTCOME_TLS_ERROR, OUTCOME_DNS_CLOSED, "the server reset the connection",
			now_ns);
		break;
	case PROTOCOL_END_TIMEOUT:
		meet_timeout(session, now_ns);
		break;
	}
}

static size_t
dot_output(void *opaque, uint8_t *bytes, size_t capacity, uint64_t now_ns)
{
	struct dot_session *session = opaque;

	return tls_client_output(session->tls, bytes, capacity);
}

static uint64_t
dot_deadline_ns(const void *opaque)
{
	const struct dot_session *session = opaque;

	return session->deadline_ns;
}

static void
dot_expire(void *opaque, uint64_t now_ns)
{
	struct dot_session *session = opaque;

	if (session->state != DOT_IS_FINISHED && now_ns >= session->deadline_ns)
		meet_timeout(session, now_ns);
}

static bool
dot_is_finished(const void *opaque)
{
	const struct dot_session *session = opaque;

	return session->state == DOT_IS_FINISHED;
}

static void
dot_close(void *opaque, struct observation *observation_out, uint32_t *hints_out)
{
	struct dot_session *session = opaque;

	/* Cut short by the caller: what a time-out would have said, as of the last thing known. */
	if (session->state != DOT_IS_FINISHED) {
		meet_timeout(session, session->opened_ns);
		session->found.timing.total_us = OBSERVATION_NONE;
	}
	*hints_out = dot_session_hand_over(session, observation_out);
	tls_client_destroy(session->tls);
	free(session);
}

const struct protocol dot_protocol = {
	.name = "dot",
	.open = dot_open,
	.acknowledged = dot_acknowledged,
	.input = dot_input,
	.ended = dot_ended,
	.output = dot_output,
	.deadline_ns = dot_deadline_ns,
	.expire = dot_expire,
	.is_finished = dot_is_finished,
	.close = dot_close,
};
