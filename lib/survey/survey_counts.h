/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_COUNTS_H
#define SURVEY_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "survey/survey_set.h"

/* How far a host came; each step is part of the one before. Its key, and words for people. */
#define FUNNEL_LIST(X)                                               \
	X(SYNACK, "synack", "answered our SYN", TCP_TIMEOUT)         \
	X(TCP, "tcp", "acknowledged our data", TLS_SILENT)           \
	X(TLS_BEGAN, "tls_began", "began to speak TLS", TLS_ALERT)   \
	X(TLS, "tls", "finished the TLS handshake", DNS_SILENT)      \
	X(REPLY, "dns_reply", "gave a valid DNS reply", DNS_FORMERR) \
	X(ANSWER, "answer", "gave an answer", ANSWER_WRONG)          \
	X(RIGHT, "right", "gave the right answer", ANSWER_RIGHT)

enum funnel_step {
#define X(name, key, words, outcome) FUNNEL_##name,
	FUNNEL_LIST(X)
#undef X
		FUNNEL_COUNT
};

const char *funnel_key(enum funnel_step step);
const char *funnel_words(enum funnel_step step);

/* Status of those without a certificate in the arrays below. */
#define STATUS_NONE  CERTIFICATE_STATUS_COUNT
#define STATUS_COUNT (CERTIFICATE_STATUS_COUNT + 1)

/* What is counted of any group of hosts. */
struct survey_counts {
	uint64_t steps[FUNNEL_COUNT];
	uint64_t statuses_tls[STATUS_COUNT];   /* of those that finished TLS */
	uint64_t statuses_reply[STATUS_COUNT]; /* of open resolvers as 2019 counts them */
	uint64_t statuses_right[STATUS_COUNT]; /* of open resolvers as we count them */
};

void survey_counts_add(struct survey_counts *counts, const struct survey_host *host);

/* Certificates that the study of 2019 calls invalid: expired, self-signed, or an incomplete chain. */
uint64_t survey_counts_invalid(const uint64_t statuses[STATUS_COUNT]);

/* Whether a status is one of those. */
bool survey_is_invalid(unsigned int status);

struct survey_group {
	uint64_t key;
	struct survey_counts counts;
};

/* Counts by any number: a country, a network, the number of a text. An open hash table. */
struct survey_groups {
	struct survey_group *groups;
	uint32_t *slots; /* index + 1; 0: free */
	uint32_t slot_count;
	uint32_t count;
	uint32_t capacity;
};

/* The counts of a key, zero at first; NULL: no memory. Borrowed until the next call. */
struct survey_counts *survey_groups_at(struct survey_groups *groups, uint64_t key);

/* NULL where the key was never counted. */
const struct survey_counts *survey_groups_find(const struct survey_groups *groups, uint64_t key);
void survey_groups_clear(struct survey_groups *groups);

/* Put the groups in descending order of a step, and of ascending keys where that is equal. */
void survey_groups_sort(struct survey_groups *groups, enum funnel_step step);

#endif
