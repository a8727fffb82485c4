/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOT_SESSION_H
#define DOT_SESSION_H

#include "dns/dns_question.h"
#include "dns/dns_stream.h"
#include "record/protocol.h"

/*
 * What dot_client.c (the connection), dot_dialogue.c (queries and replies) and this part (how a session ends, and what is handed
 * over) share. Nobody else includes it.
 */

#define DOT_MICROSECONDS(nanoseconds) ((int64_t)((nanoseconds) / 1000))

struct dot_worker;
struct tls_client;

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

/* The outcome stands: all that is left is the farewell and what was learnt. A text that is there already stays; error may be NULL. */
void dot_session_stand(struct dot_session *session, uint64_t now_ns);
void dot_session_finish(
	struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns);

/* The same when a query is open and its reply will not come. */
void dot_session_finish_unanswered(
	struct dot_session *session, enum outcome outcome, const char *error, uint64_t now_ns);

/* Weigh the outcome of one query with those before. */
void dot_session_note_outcome(struct dot_session *session, enum outcome outcome);

void dot_session_set_error(struct dot_session *session, const char *text);

/* The TLS client says that the connection cannot go on, or nothing. */
void dot_session_meet_tls_end(struct dot_session *session, uint64_t now_ns);

/* Ask the next query; then read what came behind it. */
void dot_dialogue_ask(struct dot_session *session, uint64_t now_ns);
void dot_dialogue_read(struct dot_session *session, uint64_t now_ns);

/* Judge the chain, move all that was learnt to *out, and return the hints for a next attempt. */
uint32_t dot_session_hand_over(struct dot_session *session, struct observation *out);

#endif
