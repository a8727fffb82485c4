/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLY_CLASS_H
#define REPLY_CLASS_H

#include "dns/dns_walk.h"

/* What a reply means to somebody who walks the tree. */
#define REPLY_CLASS_LIST(X)                                                              \
	X(ANSWER, "answer", true, "answers with authority")                              \
	X(ALIAS, "alias", true, "an alias (CNAME), with authority")                      \
	X(SUBTREE_ALIAS, "subtree-alias", true, "an alias of the whole subtree (DNAME)") \
	X(NO_DATA, "nodata", true, "the name exists and has no such record")             \
	X(NO_NAME, "nxdomain", true, "the name does not exist")                          \
	X(REFERRAL, "referral", true, "refers to the servers of a zone below")           \
	X(AA_REFERRAL, "referral-with-aa", true,                                         \
		"refers below, and claims authority all the same")                       \
	X(UPWARD, "lame-upward", false, "lame: refers upward or to itself")              \
	X(NOT_AUTHORITATIVE, "lame-not-authoritative", false,                            \
		"lame: answers without authority, as a cache does")                      \
	X(REFUSES, "lame-refused", false, "lame: refuses")                               \
	X(SERVER_FAILS, "lame-servfail", false, "lame: fails to serve the zone")         \
	X(OTHER_RCODE, "lame-rcode", false, "lame: answers with an error")               \
	X(EMPTY, "lame-empty", false,                                                    \
		"lame: neither an answer nor a referral nor the start of the zone")

enum reply_class {
#define X(name, key, is_useful, text) REPLY_##name,
	REPLY_CLASS_LIST(X)
#undef X
};

/*
 * What a reply says, read once: a peer can make that costly, and the walk comes by each reply again and again. What a referral means
 * depends on the zone that it comes from.
 */
struct reply_meaning {
	enum reply_class class;   /* but for a referral's zone */
	bool is_referral;         /* NS records in place of an answer */
	struct dns_name referred; /* their owner */
};

/* The first class that fits, in the order of RFC 1034 section 5.3.3 and RFC 8020. walk is the reply to name and type. */
void reply_class_read(const struct dns_walk *walk, const struct dns_name *name, uint16_t type,
	struct reply_meaning *meaning_out);

/* The class as seen from the zone of which the server was asked as one of its servers. */
enum reply_class reply_class_of(const struct reply_meaning *meaning, const struct dns_name *zone);

/* Whether the walk can go on, or end, with it. */
bool reply_class_is_useful(enum reply_class class);
const char *reply_class_name(enum reply_class class);
const char *reply_class_text(enum reply_class class);

/* The first record of that section, owner and type, or NULL. owner NULL: any. */
const struct dns_record *reply_class_find(const struct dns_walk *walk, enum dns_section section,
	const struct dns_name *owner, uint16_t type);

/* The one name that is the RDATA of an NS, CNAME or DNAME, or begins that of an SOA. */
void reply_class_target(
	const struct dns_walk *walk, const struct dns_record *record, struct dns_name *name_out);

#endif
