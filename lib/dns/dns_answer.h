/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include "dns/dns_question.h"
#include "record/observation.h"

struct dns_truth;

/*
 * Judges one DNS message, without the length that went before it, as the reply to a question. The order of the verdicts:
 *
 * 1. not-dns: shorter than a header, or no response (QR clear);
 * 2. dns-malformed: the walk of dns_walk.h refuses it;
 * 3. dns-mismatch: another opcode, id or question (letters of either case are the same). A header alone is accepted with an rcode;
 * 4. the rcode, EDNS's part included;
 * 5. records of the type asked for, at the end of the chain of CNAMEs that begins at the name asked for: answer-right if they are
 *    exactly one variant of the truth, answer-unchecked without a truth, answer-wrong otherwise;
 * 6. dns-referral: no such record, but NS and no SOA in the authority section; dns-nodata: all else.
 *
 * From step 4 on, rcode, flags and the answer section (at most OBSERVATION_ANSWERS records) go into *observation. truth may be NULL.
 * *reason_out is a few words on steps 1 to 3, or NULL. Returns 0 or ERROR_MEMORY.
 */
int dns_answer_judge(const struct dns_question *question, const struct dns_truth *truth,
	const uint8_t *message, size_t length, struct dns_observation *observation,
	enum outcome *outcome_out, const char **reason_out);

#endif
