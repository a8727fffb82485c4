/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "dot/certificate_facts.h"
#include "dot/chain_cache.h"
#include "dot/dot_client.h"
#include "dot/dot_session.h"
#include "dot/dot_worker.h"
#include "dot/tls_client.h"

#define NO_DEADLINE                   UINT64_MAX
#define US_PER_S                      1000000
#define ALERT_NO_APPLICATION_PROTOCOL 120

void
dot_session_set_error(struct dot_session *session, const char *text)
{
	if (text != NULL && session->found.error[0] == '\0')
		text_copy(session->found.error, sizeof(session->found.error), text);
}

/* The outcome stands: all that is left is the farewell and what was learnt. */
void
dot_session_stand(struct dot_session *session, uint64_t now_ns)
{
	session->state = DOT_IS_FINISHED;
	session->deadline_ns = NO_DEADLINE;
	session->found.timing.total_us = DOT_MICROSECONDS(now_ns - session->opened_ns);
	dot_session_set_error(session, tls_client_error(session->tls));
	tls_client_finish(session->tls);
	dns_stream_clear(&session->replies);
	if (session->found.outcome != OUTCOME_NOT_TLS)
		session->found.first_bytes_length = 0;
}

void
dot_session_finish(
	struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns)
{
	session->found.outcome = outcome;
	dot_session_set_error(session, error);
	dot_session_stand(session, now_ns);
}

/* Any wrong answer is a wrong resolver; otherwise what counts is how far it got. */
void
dot_session_note_outcome(struct dot_session *session, enum outcome outcome)
{
	struct observation *found = &session->found;
	const bool is_better = outcome == OUTCOME_ANSWER_WRONG ||
			       (found->outcome != OUTCOME_ANSWER_WRONG && outcome > found->outcome);

	if (!session->has_outcome || is_better)
		found->outcome = outcome;
	session->has_outcome = true;
}

/* No reply to the query that is open, and none to come. */
void
dot_session_finish_unanswered(
	struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns)
{
	if (dns_stream_is_junk(&session->replies)) {
		outcome = OUTCOME_NOT_DNS;
		error = "no length of a DNS message";
	}
	dot_session_note_outcome(session, outcome);
	dot_session_set_error(session,
		session->replies.length > 0 && error == NULL ? "the reply broke off" : error);
	dot_session_stand(session, now_ns);
}

/* An alert in place of the first reply belongs to the handshake: in TLS 1.3 the server speaks last. */
static void
finish_refused(struct dot_session *session, uint64_t now_ns)
{
	if (session->has_outcome || session->replies.length > 0) {
		dot_session_finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
		return;
	}
	session->found.dns_count = 0;
	session->found.timing.tls_us = OBSERVATION_NONE;
	dot_session_finish(session, OUTCOME_TLS_ALERT, NULL, now_ns);
}

void
dot_session_meet_tls_end(struct dot_session *session, uint64_t now_ns)
{
	const bool is_handshake = session->state != DOT_AWAITS_REPLY;

	switch (tls_client_state(session->tls)) {
	case TLS_AWAITS_HANDSHAKE:
	case TLS_ESTABLISHED:
		break;
	case TLS_CLOSED:
		dot_session_finish_unanswered(session, OUTCOME_DNS_CLOSED, NULL, now_ns);
		break;
	case TLS_ALERTED:
		if (is_handshake)
			dot_session_finish(session, OUTCOME_TLS_ALERT, NULL, now_ns);
		else
			finish_refused(session, now_ns);
		break;
	case TLS_FAILED:
		if (is_handshake)
			dot_session_finish(
				session, OUTCOME_TLS_ERROR, tls_client_error(session->tls), now_ns);
		else
			dot_session_finish_unanswered(session, OUTCOME_DNS_CLOSED,
				tls_client_error(session->tls), now_ns);
		break;
	}
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
	if (session->offered_alpn && session->found.outcome == OUTCOME_TLS_ALERT &&
		tls_client_alert(session->tls) == ALERT_NO_APPLICATION_PROTOCOL)
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

uint32_t
dot_session_hand_over(struct dot_session *session, struct observation *out)
{
	tls_client_describe(session->tls, &session->found.tls);
	judge_chain(session);
	if (session->is_out_of_memory)
		dot_session_set_error(session, "we ran out of memory");
	move_out(session, out);
	return next_hints(session);
}
