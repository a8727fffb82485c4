/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_QUESTION_H
#define DNS_QUESTION_H

#include "base/fault.h"
#include "dns/dns_name.h"

/*
 * What is asked. The name is a template: "{label}" in it becomes 16 characters that are unpredictable and unique for each
 * target, attempt and query, so that no cache can know the answer; without it the name is fixed.
 */
#define DNS_LABEL_PLACEHOLDER "{label}"
#define DNS_LABEL_LENGTH      16

struct dns_question_template {
	struct dns_name name; /* lower case, with a stand-in where the label goes */
	size_t label_offset;  /* 0: no label */
	uint16_t type;
	char type_text[16];
};

struct dns_question {
	struct dns_name name;
	uint16_t type;
	uint16_t id;
};

/*
 * Read a template from what a user wrote: the name (with or without final dot) and the type as DNS names it ("A", "AAAA", "TYPE65").
 * Returns 0, or ERROR_INPUT with *fault saying what is wrong and what is accepted.
 */
int dns_question_template_parse(const char *name, const char *type,
	struct dns_question_template *template_out, struct fault *fault);

/* The question number query (from 0) of the connection that salt stands for. The same salt and number give the same question. */
void dns_question_make(const struct dns_question_template *template, uint64_t salt,
	unsigned int query, struct dns_question *question_out);

/*
 * The query as it goes over TCP: two octets of length, then RD, one question and EDNS with 1232 octets (RFC 6891), padded to
 * 128 octets (RFC 8467 section 4.1), which the length prefix does not count in. Returns its length.
 */
#define DNS_QUERY_BYTES (2 + 384)
size_t dns_question_write(const struct dns_question *question, uint8_t bytes[DNS_QUERY_BYTES]);

#endif
