/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>

#include "dns/dns_name.h"
#include "trace/trace_address.h"

/*
 * What can be wrong with a zone: severity, the Zonemaster test case that looks for the same ("-": none does), whether it is a
 * disagreement (exit code 1), and what it means. That nobody answers is never a disagreement.
 */
#define FINDING_LIST(X)                                                                            \
	X(LAME_REFUSED, "lame-refused", ERROR, "BASIC02", true, "refuses to answer for the zone")  \
	X(LAME_SERVFAIL, "lame-servfail", ERROR, "BASIC02", true, "fails to serve the zone")       \
	X(LAME_RCODE, "lame-rcode", ERROR, "BASIC02", true, "answers with an error for the zone")  \
	X(LAME_NOT_AUTHORITATIVE, "lame-not-authoritative", ERROR, "DELEGATION04", true,           \
		"answers without authority (no AA)")                                               \
	X(LAME_UPWARD, "lame-upward", ERROR, "NAMESERVER07", true,                                 \
		"refers upward or to itself instead of answering")                                 \
	X(LAME_NO_ZONE, "lame-no-zone", ERROR, "DELEGATION06", true, "does not have the zone")     \
	X(PARENT_SERVERS_DIFFER, "parent-servers-differ", ERROR, "BASIC01", true,                  \
		"this server of the zone above delegates to other servers than the others do")     \
	X(NS_ONLY_AT_PARENT, "ns-only-at-parent", WARNING, "DELEGATION07", true,                   \
		"is delegated to, but the zone itself does not name it")                           \
	X(NS_ONLY_AT_CHILD, "ns-only-at-child", WARNING, "DELEGATION07", true,                     \
		"is named by the zone, but the zone above does not delegate to it")                \
	X(NS_SETS_DIFFER, "ns-sets-differ", WARNING, "CONSISTENCY04", true,                        \
		"names other servers for the zone than the others do")                             \
	X(SERIALS_DIFFER, "serials-differ", WARNING, "CONSISTENCY01", true,                        \
		"has an older version of the zone")                                                \
	X(ANSWERS_DIFFER, "answers-differ", ERROR, "-", true, "answers otherwise than the others") \
	X(UDP_TCP_DIFFER, "udp-tcp-differ", ERROR, "-", true, "answers otherwise over TCP")        \
	X(MNAMES_DIFFER, "mnames-differ", NOTICE, "CONSISTENCY06", false,                          \
		"names another primary server than the others do")                                 \
	X(MNAME_NOT_LISTED, "mname-not-listed", INFO, "ZONE01", false,                             \
		"the primary server is not among the zone's servers")                              \
	X(UNREACHABLE, "unreachable", ERROR, "CONNECTIVITY01", false, "does not answer")           \
	X(NO_UDP, "no-udp", ERROR, "CONNECTIVITY01", false, "does not answer over UDP")            \
	X(NO_TCP, "no-tcp", ERROR, "CONNECTIVITY02", false, "does not answer over TCP")            \
	X(BROKEN_REPLY, "broken-reply", ERROR, "-", false,                                         \
		"sends replies that are no DNS messages")                                          \
	X(STRANGE_REPLIES, "strange-replies", WARNING, "-", false,                                 \
		"replies to other questions than ours came, and were ignored")                     \
	X(CASE_LOST, "case-lost", NOTICE, "NAMESERVER08", false,                                   \
		"does not keep the case of letters in the question")                               \
	X(NO_EDNS, "no-edns", WARNING, "NAMESERVER02", false, "does not do EDNS")                  \
	X(RECURSION_OFFERED, "recursion-offered", WARNING, "NAMESERVER01", false,                  \
		"offers recursion")                                                                \
	X(NS_IS_ALIAS, "ns-is-alias", ERROR, "DELEGATION05", false, "its name is an alias")        \
	X(NS_WITHOUT_ADDRESS, "ns-without-address", ERROR, "NAMESERVER06", false,                  \
		"its name has no address")                                                         \
	X(NS_CIRCULAR, "ns-circular", ERROR, "NAMESERVER06", false,                                \
		"its address can only be found by asking itself")                                  \
	X(NS_SPECIAL_ADDRESS, "ns-special-address", ERROR, "ADDRESS01", false,                     \
		"has an address that no public server has; it was not asked")                      \
	X(GLUE_MISMATCH, "glue-mismatch", WARNING, "CONSISTENCY05", false,                         \
		"the zone above gives another address than the zone itself")                       \
	X(FEW_SERVERS, "few-servers", ERROR, "DELEGATION01", false, "is the only server")          \
	X(SAME_PREFIX, "same-prefix", NOTICE, "CONNECTIVITY04", false,                             \
		"all addresses of the family lie in one network (/24 or /48)")                     \
	X(SAME_AS, "same-as", NOTICE, "CONNECTIVITY03", false,                                     \
		"all addresses lie in one autonomous system")                                      \
	X(TOO_MANY, "too-many", WARNING, "-", false,                                               \
		"more servers or addresses than are asked; the rest was left out")                 \
	X(NO_ROUTE, "no-route", INFO, "-", false, "could not be asked: no route from here")        \
	X(GIVEN_UP, "given-up", WARNING, "-", false,                                               \
		"could not be asked in the time and number of queries allowed")                    \
	X(ALIAS_LOOP, "alias-loop", ERROR, "-", false,                                             \
		"the aliases lead back to where they began")                                       \
	X(ALIAS_CHAIN, "alias-chain", ERROR, "-", false, "the chain of aliases is too long")       \
	X(WALK_ENDED, "walk-ended", ERROR, "BASIC01", false, "the walk ends here")

enum finding_kind {
#define X(name, key, severity, zonemaster, is_disagreement, text) FINDING_##name,
	FINDING_LIST(X)
#undef X
};

enum finding_severity { FINDING_INFO, FINDING_NOTICE, FINDING_WARNING, FINDING_ERROR };

#define FINDING_DETAIL_BYTES 400

struct finding {
	enum finding_kind kind;
	struct dns_name zone;
	struct dns_name server; /* never empty: each finding names the server it is about */
	bool has_address;
	struct trace_address address;
	char detail[FINDING_DETAIL_BYTES]; /* what was seen, for people; may be empty */
};

#define FINDINGS_MAX 256 /* four for each server's address that is asked */

struct finding_list {
	struct finding *findings;
	size_t count;
	bool out_of_memory;
};

/* detail is printf's. The same finding is not added twice, and nothing beyond FINDINGS_MAX. address may be NULL. */
void finding_add(struct finding_list *list, enum finding_kind kind, const struct dns_name *zone,
	const struct dns_name *server, const struct trace_address *address, const char *detail, ...)
	__attribute__((format(printf, 6, 7)));
void finding_list_clear(struct finding_list *list);

const char *finding_key(enum finding_kind kind);
const char *finding_text(enum finding_kind kind);
const char *finding_zonemaster(enum finding_kind kind);
enum finding_severity finding_severity(enum finding_kind kind);
const char *finding_severity_name(enum finding_severity severity);
bool finding_is_disagreement(enum finding_kind kind);
bool finding_is_lame(enum finding_kind kind);

#endif
