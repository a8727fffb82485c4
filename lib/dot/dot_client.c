/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dot/certificate_facts.h"
#include "dot/chain_cache.h"
#include "dot/dns_answer.h"
#include "dot/dns_stream.h"
#include "dot/dot_client.h"
#include "dot/dot_worker.h"
#include "dot/tls_client.h"

#define NO_DEADLINE                   UINT64_MAX
#define US(nanoseconds)               ((int64_t)((nanoseconds) / 1000))
#define US_PER_S                      1000000
#define ALERT_NO_APPLICATION_PROTOCOL 120
#define RECORD_HANDSHAKE              22
#define RECORD_ALERT                  21
#define RECORD_HEADER_BYTES           5
#define RECORD_BODY_MAX               (16384 + 2048) /* RFC 5246 section 6.2.3 */

enum dot_state {
	DOT_AWAITS_ACKNOWLEDGMENT,
	DOT_AWAITS_HANDSHAKE,
	DOT_AWAITS_REPLY,
	DOT_IS_FINISHED,
};

struct dot_session {
	struct dot_worker *worker;
	struct protocol_target target;
	enum dot_state state;
	bool offered_alpn;
	bool has_outcome; /* of a query; found.outcome is then the best so far */
	bool is_out_of_memory;
	uint64_t opened_ns;
	uint64_t asked_ns;
	uint64_t deadline_ns;
	size_t received; /* bytes of the peer */
	struct tls_client *tls;
	struct dns_question question;
	struct dns_stream replies;
	struct observation found;
};

static void
set_error(struct dot_session *session, const char *text)
{
	if (text != NULL && session->found.error[0] == '\0')
		(void)snprintf(session->found.error, sizeof(session->found.error), "%s", text);
}

/* The outcome stands: all that is left is the farewell and what was learnt. */
static void
stand(struct dot_session *session, uint64_t now_ns)
{
	session->state = DOT_IS_FINISHED;
	session->deadline_ns = NO_DEADLINE;
	session->found.timing.total_us = US(now_ns - session->opened_ns);
	set_error(session, tls_client_error(session->tls));
	tls_client_finish(session->tls);
	dns_stream_clear(&session->replies);
	if (session->found.outcome != OUTCOME_NOT_TLS)
		session->found.first_bytes_length = 0;
}

static void
finish(struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns)
{
	session->found.outcome = outcome;
	set_error(session, error);
	stand(session, now_ns);
}

/* Any wrong answer is a wrong resolver; otherwise what counts is how far it got. */
static void
note_outcome(struct dot_session *session, enum outcome outcome)
{
	struct observation *found = &session->found;
	const bool is_better = outcome == OUTCOME_ANSWER_WRONG
		|| (found->outcome != OUTCOME_ANSWER_WRONG && outcome > found->outcome);

	if (!session->has_outcome || is_better)
		found->outcome = outcome;
	session->has_outcome = true;
}

/* No reply to the query that is open, and none to come. */
static void
finish_unanswered(struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns)
{
	if (dns_stream_is_junk(&session->replies)) {
		outcome = OUTCOME_NOT_DNS;
		error = "no length of a DNS message";
	}
	note_outcome(session, outcome);
	set_error(session, session->replies.length > 0 && error == NULL ? "the reply broke off" : error);
	stand(session, now_ns);
}

/* An alert in place of the first reply belongs to the handshake: in TLS 1.3 the server speaks last. */
static void
finish_refused(struct dot_session *session, uint64_t now_ns)
{
	if (session->has_outcome || session->replies.length > 0) {
		finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
		return;
	}
	session->found.dns_count = 0;
	session->found.timing.tls_us = OBSERVATION_NONE;
	finish(session, OUTCOME_TLS_ALERT, NULL, now_ns);
}

static void
ask(struct dot_session *session, uint64_t now_ns)
{
	const struct dot_settings *settings = &session->worker->settings;
	struct dns_observation *dns = &session->found.dns[session->found.dns_count];
	uint8_t query[DNS_QUERY_BYTES];
	char text[DNS_NAME_TEXT_BYTES];

	dns_question_make(settings->question, session->target.salt,
		(unsigned int)session->found.dns_count, &session->question);
	dns_name_format(&session->question.name, text);
	(void)snprintf(dns->name, sizeof(dns->name), "%.*s", (int)sizeof(dns->name) - 1, text);
	(void)snprintf(dns->type, sizeof(dns->type), "%s", settings->question->type_text);
	dns->id = session->question.id;
	session->found.dns_count++;
	session->state = DOT_AWAITS_REPLY;
	session->asked_ns = now_ns;
	session->deadline_ns = now_ns + settings->dns_timeout_ns;
	const size_t length = dns_question_write(&session->question, query);
	if (!tls_client_write(session->tls, query, length))
		finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
}

static void
take_reply(struct dot_session *session, uint64_t now_ns)
{
	const struct dot_settings *settings = &session->worker->settings;
	struct dns_observation *dns = &session->found.dns[session->found.dns_count - 1];
	enum outcome outcome = OUTCOME_DNS_MALFORMED;
	const char *reason = NULL;
	size_t length;
	const uint8_t *message = dns_stream_message(&session->replies, &length);

	int error = dns_answer_judge(
		&session->question, settings->truth, message, length, dns, &outcome, &reason);
	dns_stream_drop(&session->replies);
	if (error != 0) {
		session->is_out_of_memory = true;
		finish_unanswered(session, OUTCOME_DNS_SILENT, "we ran out of memory", now_ns);
		return;
	}
	dns->duration_us = US(now_ns - session->asked_ns);
	if (session->found.dns_count == 1)
		session->found.timing.dns_us = dns->duration_us;
	set_error(session, reason);
	note_outcome(session, outcome);
	if (dns->rcode == OBSERVATION_NONE || session->found.dns_count == settings->queries)
		stand(session, now_ns);
	else
		ask(session, now_ns);
}

static void
look_at_replies(struct dot_session *session, uint64_t now_ns)
{
	while (session->state == DOT_AWAITS_REPLY) {
		switch (dns_stream_look(&session->replies, session->question.id)) {
		case DNS_STREAM_AWAITS_MORE:
			return;
		case DNS_STREAM_HAS_MESSAGE:
			take_reply(session, now_ns);
			break;
		case DNS_STREAM_IS_NOT_DNS:
			finish_unanswered(
				session, OUTCOME_NOT_DNS, "no length of a DNS message", now_ns);
			break;
		case DNS_STREAM_IS_TOO_LONG:
			note_outcome(session, OUTCOME_DNS_MALFORMED);
			set_error(session, "longer than any answer to us");
			stand(session, now_ns);
			break;
		}
	}
}

/* The connection cannot go on. */
static void
meet_tls_end(struct dot_session *session, enum tls_state state, uint64_t now_ns)
{
	const bool is_handshake = session->state != DOT_AWAITS_REPLY;

	switch (state) {
	case TLS_AWAITS_HANDSHAKE:
	case TLS_ESTABLISHED:
		break;
	case TLS_CLOSED:
		finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
		break;
	case TLS_ALERTED:
		if (is_handshake)
			finish(session, OUTCOME_TLS_ALERT, NULL, now_ns);
		else
			finish_refused(session, now_ns);
		break;
	case TLS_FAILED:
		if (is_handshake)
			finish(session, OUTCOME_TLS_ERROR, tls_client_error(session->tls), now_ns);
		else
			finish_unanswered(
				session, OUTCOME_DNS_CLOSED, tls_client_error(session->tls), now_ns);
		break;
	}
}

static void
read_replies(struct dot_session *session, uint64_t now_ns)
{
	while (session->state == DOT_AWAITS_REPLY) {
		size_t capacity = 0;
		uint8_t *room = dns_stream_room(&session->replies, &capacity);
		if (room == NULL) {
			session->is_out_of_memory = true;
			finish_unanswered(session, OUTCOME_DNS_SILENT, "we ran out of memory", now_ns);
			return;
		}
		const size_t length = tls_client_read(session->tls, room, capacity);
		if (length == 0) {
			meet_tls_end(session, tls_client_state(session->tls), now_ns);
			return;
		}
		dns_stream_grow(&session->replies, length);
		look_at_replies(session, now_ns);
	}
}

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
	finish(session, OUTCOME_NOT_TLS, NULL, now_ns);
	return false;
}

static void
go_on_with_handshake(struct dot_session *session, const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	if (!check_first_bytes(session, bytes, length, now_ns))
		return;
	const enum tls_state state = tls_client_input(session->tls, bytes, length);
	if (state == TLS_ESTABLISHED) {
		session->found.timing.tls_us = US(now_ns - session->opened_ns);
		ask(session, now_ns);
		read_replies(session, now_ns);
	} else if (state != TLS_AWAITS_HANDSHAKE) {
		meet_tls_end(session, state, now_ns);
	} else if (session->received > DOT_HANDSHAKE_BYTES_MAX) {
		finish(session, OUTCOME_TLS_ERROR, "the handshake is too long", now_ns);
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
		read_replies(session, now_ns);
	}
	if (session->state == DOT_AWAITS_REPLY && session->received > DOT_BYTES_MAX)
		finish_unanswered(session, OUTCOME_NOT_DNS, "endless bytes and no reply", now_ns);
}

static void
meet_end(struct dot_session *session, enum outcome before_bytes, enum outcome within_handshake,
	enum outcome within_dns, const char *error, uint64_t now_ns)
{
	if (session->state == DOT_AWAITS_REPLY)
		finish_unanswered(session, within_dns, error, now_ns);
	else if (session->received == 0)
		finish(session, before_bytes, NULL, now_ns);
	else
		finish(session, within_handshake, error, now_ns);
}

static void
meet_timeout(struct dot_session *session, uint64_t now_ns)
{
	const bool is_acknowledged = session->state != DOT_AWAITS_ACKNOWLEDGMENT;

	meet_end(session, is_acknowledged ? OUTCOME_TLS_SILENT : OUTCOME_TCP_TIMEOUT, OUTCOME_TLS_TIMEOUT,
		OUTCOME_DNS_SILENT, NULL, now_ns);
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
		meet_end(session, is_acknowledged ? OUTCOME_TLS_RESET : OUTCOME_TCP_RESET, OUTCOME_TLS_ERROR,
			OUTCOME_DNS_CLOSED, "the server reset the connection", now_ns);
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
judge_chain(struct dot_session *session)
{
	struct certificate_observation *chain = tls_client_take_chain(session->tls);
	struct chain_verdict verdict;

	session->found.certificate = chain;
	if (chain == NULL)
		return;
	if (certificate_facts_take(chain, session->target.address) != 0)
		session->is_out_of_memory = true;
	chain_cache_judge(session->worker->verdicts, chain->chain, chain->chain_count,
		session->target.wall_us / US_PER_S, &verdict);
	chain->status = verdict.status;
	chain->flags |= verdict.flags;
}

static uint32_t
next_hints(const struct dot_session *session)
{
	if (session->offered_alpn && session->found.outcome == OUTCOME_TLS_ALERT
		&& tls_client_alert(session->tls) == ALERT_NO_APPLICATION_PROTOCOL)
		return DOT_HINT_NO_ALPN;
	return outcome_may_improve(session->found.outcome) ? session->target.hints : 0;
}

/* Address, port, attempts, syn, timestamp and timing.tcp_us are the caller's. */
static void
move_out(struct dot_session *session, struct observation *out)
{
	struct observation *found = &session->found;

	out->outcome = found->outcome;
	out->timing.tls_us = found->timing.tls_us;
	out->timing.dns_us = found->timing.dns_us;
	out->timing.total_us = found->timing.total_us;
	out->tls = found->tls;
	out->certificate = found->certificate;
	memcpy(out->dns, found->dns, sizeof(out->dns));
	out->dns_count = found->dns_count;
	memcpy(out->first_bytes, found->first_bytes, sizeof(out->first_bytes));
	out->first_bytes_length = found->first_bytes_length;
	memcpy(out->error, found->error, sizeof(out->error));
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
	tls_client_describe(session->tls, &session->found.tls);
	judge_chain(session);
	if (session->is_out_of_memory)
		set_error(session, "we ran out of memory");
	*hints_out = next_hints(session);
	move_out(session, observation_out);
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
