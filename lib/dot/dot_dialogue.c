/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "dns/dns_answer.h"
#include "dot/dot_session.h"
#include "dot/dot_worker.h"
#include "dot/tls_client.h"

void
dot_dialogue_ask(struct dot_session *session, uint64_t now_ns)
{
	const struct dot_settings *settings = &session->worker->settings;
	struct dns_observation *dns = &session->found.dns[session->found.dns_count];
	uint8_t query[DNS_QUERY_BYTES];
	char text[DNS_NAME_TEXT_BYTES];

	dns_question_make(settings->question, session->target.salt,
		(unsigned int)session->found.dns_count, &session->question);
	dns_name_format(&session->question.name, text);
	text_copy(dns->name, sizeof(dns->name), text);
	text_copy(dns->type, sizeof(dns->type), settings->question->type_text);
	dns->id = session->question.id;
	session->found.dns_count++;
	session->state = DOT_AWAITS_REPLY;
	session->asked_ns = now_ns;
	session->deadline_ns = now_ns + settings->dns_timeout_ns;
	const size_t length = dns_question_write(&session->question, query);
	if (!tls_client_write(session->tls, query, length))
		dot_session_finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
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
		dot_session_finish_unanswered(
			session, OUTCOME_DNS_SILENT, "we ran out of memory", now_ns);
		return;
	}
	dns->duration_us = DOT_MICROSECONDS(now_ns - session->asked_ns);
	if (session->found.dns_count == 1)
		session->found.timing.dns_us = dns->duration_us;
	dot_session_set_error(session, reason);
	dot_session_note_outcome(session, outcome);
	if (dns->rcode == OBSERVATION_NONE || session->found.dns_count == settings->queries)
		dot_session_stand(session, now_ns);
	else
		dot_dialogue_ask(session, now_ns);
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
			dot_session_finish_unanswered(
				session, OUTCOME_NOT_DNS, "no length of a DNS message", now_ns);
			break;
		case DNS_STREAM_IS_TOO_LONG:
			dot_session_note_outcome(session, OUTCOME_DNS_MALFORMED);
			dot_session_set_error(session, "longer than any answer to us");
			dot_session_stand(session, now_ns);
			break;
		}
	}
}

void
dot_dialogue_read(struct dot_session *session, uint64_t now_ns)
{
	while (session->state == DOT_AWAITS_REPLY) {
		size_t capacity = 0;
		uint8_t *room = dns_stream_room(&session->replies, &capacity);
		if (room == NULL) {
			session->is_out_of_memory = true;
			dot_session_finish_unanswered(
				session, OUTCOME_DNS_SILENT, "we ran out of memory", now_ns);
			return;
		}
		const size_t length = tls_client_read(session->tls, room, capacity);
		if (length == 0) {
			dot_session_meet_tls_end(session, now_ns);
			return;
		}
		dns_stream_grow(&session->replies, length);
		look_at_replies(session, now_ns);
	}
}
