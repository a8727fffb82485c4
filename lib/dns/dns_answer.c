/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/text.h"
#include "dns/dns_answer.h"
#include "dns/dns_edns.h"
#include "dns/dns_rdata.h"
#include "dns/dns_truth.h"
#include "dns/dns_walk.h"

#define CLASS_IN    1
#define RDATA_BYTES DNS_RDATA_BYTES(DNS_MESSAGE_MAX)
#define OPCODE_MASK 0x7800
#define KNOWN_FLAGS                                                                          \
	(DNS_FLAG_QR | DNS_FLAG_AA | DNS_FLAG_TC | DNS_FLAG_RD | DNS_FLAG_RA | DNS_FLAG_AD | \
		DNS_FLAG_CD)

static bool
is_reply_to(
	const struct dns_walk *walk, const struct dns_question *question, const char **reason_out)
{
	if ((walk->flags & OPCODE_MASK) != 0)
		*reason_out = "another opcode";
	else if (walk->id != question->id)
		*reason_out = "another id";
	else if (!walk->has_question && walk->rcode == 0)
		*reason_out = "no question";
	else if (walk->has_question &&
		 (!dns_name_equal(&walk->question_name, &question->name) ||
			 walk->question_type != question->type || walk->question_class != CLASS_IN))
		*reason_out = "another question";
	return *reason_out == NULL;
}

static enum outcome
outcome_of_rcode(int rcode)
{
	static const enum outcome outcomes[] = { [1] = OUTCOME_DNS_FORMERR,
		[2] = OUTCOME_DNS_SERVFAIL,
		[3] = OUTCOME_DNS_NXDOMAIN,
		[4] = OUTCOME_DNS_NOTIMP,
		[5] = OUTCOME_DNS_REFUSED };

	return rcode <= 5 ? outcomes[rcode] : OUTCOME_DNS_OTHER_RCODE;
}

/* ldns makes its text anew each time. */
static bool
describe_type(uint16_t type, struct answer_observation *answer)
{
	const struct dns_rdata_shape *shape = dns_rdata_shape(type);

	if (shape != NULL) {
		text_copy(answer->type, sizeof(answer->type), shape->name);
		return true;
	}
	char *text = ldns_rr_type2str((ldns_rr_type)type);
	if (text == NULL)
		return false;
	text_copy(answer->type, sizeof(answer->type), text);
	free(text);
	return true;
}

static int
describe_record(const struct dns_walk *walk, const struct dns_record *record,
	struct answer_observation *answer)
{
	uint8_t rdata[RDATA_BYTES];
	struct dns_name owner = { .length = 0 };
	const size_t length = dns_walk_rdata(walk, record, rdata);
	int error = ERROR_MEMORY;

	dns_walk_owner(walk, record, &owner);
	_Static_assert(sizeof(answer->name) >= DNS_NAME_TEXT_BYTES, "every name has room");
	dns_name_format(&owner, answer->name);
	answer->ttl = record->ttl;
	char *data = dns_rdata_format(record->type, rdata, length);
	if (data != NULL && describe_type(record->type, answer))
		error = peer_text_set(&answer->data, data, strlen(data));
	free(data);
	return error;
}

static int
describe_answers(const struct dns_walk *walk, struct dns_observation *observation)
{
	size_t count = 0;

	while (count < walk->record_count && count < OBSERVATION_ANSWERS &&
		walk->records[count].section == DNS_SECTION_ANSWER)
		count++;
	if (count == 0)
		return 0;
	observation->answers = malloc(count * sizeof(*observation->answers));
	if (observation->answers == NULL)
		return ERROR_MEMORY;
	observation->answer_count = count;
	/* A kilobyte each, of which a few bytes are used: only what must be is zeroed. */
	for (size_t i = 0; i < count; i++) {
		observation->answers[i].name[0] = '\0';
		observation->answers[i].type[0] = '\0';
		observation->answers[i].data = (struct peer_text){ NULL, 0 };
	}
	for (size_t i = 0; i < count; i++) {
		int error = describe_record(walk, &walk->records[i], &observation->answers[i]);
		if (error != 0)
			return error;
	}
	return 0;
}

static bool
answers_for(const struct dns_walk *walk, size_t index, const struct dns_name *name, uint16_t type)
{
	const struct dns_record *record = &walk->records[index];
	struct dns_name owner = { .length = 0 };

	if (record->section != DNS_SECTION_ANSWER || record->type != type ||
		record->class != CLASS_IN)
		return false;
	dns_walk_owner(walk, record, &owner);
	return dns_name_equal(&owner, name);
}

/* All data of that name and type, canonical. */
static int
collect(const struct dns_walk *walk, const struct dns_name *name, uint16_t type,
	struct dns_rdata_set *set)
{
	uint8_t rdata[RDATA_BYTES];

	for (size_t i = 0; i < walk->record_count; i++) {
		if (!answers_for(walk, i, name, type))
			continue;
		const size_t length = dns_walk_rdata(walk, &walk->records[i], rdata);
		dns_rdata_fold(type, rdata, length);
		int error = dns_rdata_set_add(set, rdata, length);
		if (error != 0)
			return error;
	}
	return 0;
}

/* One step along the chain: the target of the name's CNAME. */
static bool
follow(const struct dns_walk *walk, struct dns_name *name)
{
	uint8_t rdata[RDATA_BYTES];

	for (size_t i = 0; i < walk->record_count; i++) {
		if (!answers_for(walk, i, name, DNS_TYPE_CNAME))
			continue;
		name->length = dns_walk_rdata(walk, &walk->records[i], rdata);
		memcpy(name->bytes, rdata, name->length);
		return true;
	}
	return false;
}

static int
collect_answer(
	const struct dns_walk *walk, const struct dns_question *question, struct dns_rdata_set *set)
{
	struct dns_name name = question->name;

	/* Each step uses up a record, or the chain is a loop. */
	for (size_t steps = 0; steps <= walk->record_count; steps++) {
		int error = collect(walk, &name, question->type, set);
		if (error != 0 || set->count > 0 || !follow(walk, &name))
			return error;
	}
	return 0;
}

static enum outcome
outcome_without_answer(const struct dns_walk *walk)
{
	bool has_ns = false;
	bool has_soa = false;

	for (size_t i = 0; i < walk->record_count; i++) {
		if (walk->records[i].section != DNS_SECTION_AUTHORITY)
			continue;
		has_ns = has_ns || walk->records[i].type == DNS_TYPE_NS;
		has_soa = has_soa || walk->records[i].type == DNS_TYPE_SOA;
	}
	return has_ns && !has_soa ? OUTCOME_DNS_REFERRAL : OUTCOME_DNS_NODATA;
}

static int
judge_answer(const struct dns_walk *walk, const struct dns_question *question,
	const struct dns_truth *truth, enum outcome *outcome_out)
{
	struct dns_rdata_set set = { .values = NULL };
	int error = collect_answer(walk, question, &set);

	if (error == 0) {
		if (set.count == 0)
			*outcome_out = outcome_without_answer(walk);
		else if (truth == NULL)
			*outcome_out = OUTCOME_ANSWER_UNCHECKED;
		else
			*outcome_out = dns_truth_holds(truth, &set) ? OUTCOME_ANSWER_RIGHT
								    : OUTCOME_ANSWER_WRONG;
	}
	dns_rdata_set_clear(&set);
	return error;
}

int
dns_answer_judge(const struct dns_question *question, const struct dns_truth *truth,
	const uint8_t *message, size_t length, struct dns_observation *observation,
	enum outcome *outcome_out, const char **reason_out)
{
	struct dns_record records[DNS_RECORDS_MAX];
	const struct dns_walk_room room = { DNS_MESSAGE_MAX, DNS_RECORDS_MAX, records };
	struct dns_walk walk;

	*reason_out = NULL;
	if (length < DNS_HEADER_BYTES || (load_be16(message + 2) & DNS_FLAG_QR) == 0) {
		*reason_out = length < DNS_HEADER_BYTES ? "shorter than a header" : "no response";
		*outcome_out = OUTCOME_NOT_DNS;
		return 0;
	}
	if (!dns_walk_message(message, length, &room, &walk, reason_out)) {
		*outcome_out = OUTCOME_DNS_MALFORMED;
		return 0;
	}
	if (!is_reply_to(&walk, question, reason_out)) {
		*outcome_out = OUTCOME_DNS_MISMATCH;
		return 0;
	}
	observation->rcode = walk.rcode;
	observation->flags = walk.flags & KNOWN_FLAGS;
	observation->octets = (int32_t)length;
	dns_edns_describe(&walk, &observation->edns);
	int error = describe_answers(&walk, observation);
	if (error != 0)
		return error;
	if (walk.rcode != 0) {
		*outcome_out = outcome_of_rcode(walk.rcode);
		return 0;
	}
	return judge_answer(&walk, question, truth, outcome_out);
}
