/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdbool.h>

enum stage { STAGE_TCP, STAGE_TLS, STAGE_DNS, STAGE_ANSWER, STAGE_COUNT };

/*
 * How far a server got, in that order: name, text in records, stage where it ended, whether another connection may end
 * better (lost packets, overload), and a sentence for people.
 */
#define OUTCOME_LIST(X)                                                                            \
	X(TCP_TIMEOUT, "tcp-timeout", TCP, true, "our first data was never acknowledged")          \
	X(TCP_RESET, "tcp-reset", TCP, true, "our first data was answered by RST")                 \
	X(TLS_SILENT, "tls-silent", TLS, true, "data acknowledged, then no byte")                  \
	X(TLS_CLOSED, "tls-closed", TLS, true, "FIN before any TLS byte")                          \
	X(TLS_RESET, "tls-reset", TLS, true, "RST before any TLS byte")                            \
	X(NOT_TLS, "not-tls", TLS, false, "the first bytes are not TLS")                           \
	X(TLS_ALERT, "tls-alert", TLS, false, "the server refused with an alert")                  \
	X(TLS_ERROR, "tls-error", TLS, true, "the handshake failed")                               \
	X(TLS_TIMEOUT, "tls-timeout", TLS, true, "the handshake never finished")                   \
	X(DNS_SILENT, "dns-silent", DNS, true, "TLS stood, no reply came")                         \
	X(DNS_CLOSED, "dns-closed", DNS, true, "TLS stood, the server closed without a reply")     \
	X(NOT_DNS, "not-dns", DNS, false, "the reply is not a DNS message")                        \
	X(DNS_MALFORMED, "dns-malformed", DNS, false, "the reply is a broken DNS message")         \
	X(DNS_MISMATCH, "dns-mismatch", DNS, false, "the reply has another id or question")        \
	X(DNS_FORMERR, "dns-formerr", DNS, false, "rcode FORMERR")                                 \
	X(DNS_SERVFAIL, "dns-servfail", DNS, true, "rcode SERVFAIL")                               \
	X(DNS_NXDOMAIN, "dns-nxdomain", DNS, false, "rcode NXDOMAIN")                              \
	X(DNS_NOTIMP, "dns-notimp", DNS, false, "rcode NOTIMP")                                    \
	X(DNS_REFUSED, "dns-refused", DNS, false, "rcode REFUSED")                                 \
	X(DNS_OTHER_RCODE, "dns-other-rcode", DNS, false, "another rcode")                         \
	X(DNS_NODATA, "dns-nodata", DNS, false, "NOERROR without the answer")                      \
	X(DNS_REFERRAL, "dns-referral", DNS, false, "NOERROR with a referral instead")             \
	X(ANSWER_WRONG, "answer-wrong", ANSWER, false, "an answer that is not the truth")          \
	X(ANSWER_UNCHECKED, "answer-unchecked", ANSWER, false, "an answer, and no truth to check") \
	X(ANSWER_RIGHT, "answer-right", ANSWER, false, "an open DoT resolver")

enum outcome {
#define X(name, text, stage, may_improve, sentence) OUTCOME_##name,
	OUTCOME_LIST(X)
#undef X
		OUTCOME_COUNT
};

const char *outcome_text(enum outcome outcome);
const char *outcome_sentence(enum outcome outcome);
enum stage outcome_stage(enum outcome outcome);
const char *stage_text(enum stage stage);

/* Whether a further connection to the same target may end better. */
bool outcome_may_improve(enum outcome outcome);

/* The outcome of that text; false if there is none. */
bool outcome_parse(const char *text, enum outcome *outcome_out);

#endif
