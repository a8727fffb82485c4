/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "dns/dns_answer.h"
#include "dns/dns_truth.h"

/* A reply to "a.example. A" whose id is always right. Whatever it holds, one outcome follows, and it agrees with what is kept. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dns_truth *
make_truth(void)
{
	const char *const texts[] = { "192.0.2.53" };
	struct fault fault = { .text = "" };
	struct dns_truth *truth = dns_truth_create();

	if (truth == NULL || dns_truth_add(truth, 1, texts, 1, &fault) != 0)
		abort();
	return truth;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dns_truth *truth;
	static const uint8_t name[] = "\001a\007example";
	struct dns_question question = { .name = { .length = sizeof(name) }, .type = 1 };
	struct observation seen;
	enum outcome outcome = OUTCOME_COUNT;
	const char *reason = NULL;

	if (truth == NULL)
		truth = make_truth();
	memcpy(question.name.bytes, name, sizeof(name));
	question.id = size >= 2 ? load_be16(data) : 0;
	observation_init(&seen);
	seen.dns_count = 1;
	if (dns_answer_judge(&question, truth, data, size, &seen.dns[0], &outcome, &reason) != 0)
		abort();
	const bool is_valid = outcome >= OUTCOME_DNS_FORMERR && outcome <= OUTCOME_ANSWER_RIGHT;
	const bool has_answer = outcome == OUTCOME_ANSWER_RIGHT || outcome == OUTCOME_ANSWER_WRONG;
	if (is_valid != (seen.dns[0].rcode != OBSERVATION_NONE) || is_valid != (reason == NULL) ||
		(has_answer && seen.dns[0].answer_count == 0))
		abort();
	const struct edns_observation *edns = &seen.dns[0].edns;
	if ((is_valid ? (size_t)seen.dns[0].octets != size
		      : seen.dns[0].octets != OBSERVATION_NONE) ||
		(edns->is_present && !is_valid) || edns->option_count > OBSERVATION_OPTIONS ||
		edns->padding > (int64_t)size)
		abort();
	for (size_t i = 0; i < seen.dns[0].answer_count; i++) {
		if (seen.dns[0].answers[i].data.bytes == NULL)
			abort();
	}
	observation_clear(&seen);
	return 0;
}
