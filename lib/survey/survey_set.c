/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/host_order.h"
#include "survey/reply_signs.h"
#include "survey/survey_set.h"

#define FIRST_SLOTS 1024
#define MOST_HOSTS  (1U << 31)

int
survey_set_init(struct survey_set *set)
{
	*set = (struct survey_set){ .certificate_slot_count = FIRST_SLOTS };
	const int error = text_pool_init(&set->texts);

	if (error != 0)
		return error;
	set->certificate_slots = calloc(FIRST_SLOTS, sizeof(*set->certificate_slots));
	if (set->certificate_slots == NULL) {
		survey_set_clear(set);
		return ERROR_MEMORY;
	}
	return 0;
}

void
survey_set_clear(struct survey_set *set)
{
	if (set == NULL)
		return;
	text_pool_clear(&set->texts);
	free(set->hosts);
	free(set->certificates);
	free(set->certificate_slots);
	free(set->names);
	*set = (struct survey_set){ 0 };
}

/* Half as much again, which wastes less than doubling where there are millions. */
static int
make_room(void **items, uint32_t count, uint32_t *capacity, size_t size)
{
	if (count < *capacity)
		return 0;
	if (count >= MOST_HOSTS)
		return ERROR_FULL;
	const uint32_t grown = *capacity + *capacity / 2 + 1024;
	void *bytes = reallocarray(*items, grown, size);
	if (bytes == NULL)
		return ERROR_MEMORY;
	*items = bytes;
	*capacity = grown;
	return 0;
}

struct survey_host *
survey_set_new_host(struct survey_set *set)
{
	if (make_room((void **)&set->hosts, set->host_count, &set->host_capacity,
		    sizeof(*set->hosts)) != 0)
		return NULL;
	struct survey_host *host = &set->hosts[set->host_count++];
	*host = (struct survey_host){
		.certificate = SURVEY_NONE,
		.rtt_us = SURVEY_NONE,
		.tls_us = SURVEY_NONE,
		.dns_us = SURVEY_NONE,
		.total_us = SURVEY_NONE,
		.status = CERTIFICATE_STATUS_COUNT,
	};
	return host;
}

static int
add_text(struct survey_set *set, const struct line_text *text, uint32_t *number_out)
{
	char plain[8192];

	*number_out = TEXT_NONE;
	if (text->bytes == NULL)
		return 0;
	if (!text->is_escaped)
		return text_pool_add(&set->texts, text->bytes, text->length, number_out);
	if (text->length > sizeof(plain))
		return ERROR_FULL;
	const size_t length = line_text_copy(text, plain);
	return text_pool_add(&set->texts, plain, length, number_out);
}

static uint32_t
slot_of(const struct survey_certificate *certificate, uint32_t slot_count)
{
	return (uint32_t)(certificate->details_hash >> 16) & (slot_count - 1);
}

static int
grow_slots(struct survey_set *set)
{
	const uint32_t slot_count = set->certificate_slot_count * 2;
	uint32_t *slots = calloc(slot_count, sizeof(*slots));

	if (slots == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < set->certificate_count; i++) {
		uint32_t at = slot_of(&set->certificates[i], slot_count);
		while (slots[at] != 0)
			at = (at + 1) & (slot_count - 1);
		slots[at] = i + 1;
	}
	free(set->certificate_slots);
	set->certificate_slots = slots;
	set->certificate_slot_count = slot_count;
	return 0;
}

int
survey_set_intern(
	struct survey_set *set, const struct survey_certificate *given, uint32_t *index_out)
{
	int error = make_room((void **)&set->certificates, set->certificate_count,
		&set->certificate_capacity, sizeof(*set->certificates));

	if (error == 0 && set->certificate_count >= set->certificate_slot_count / 2)
		error = grow_slots(set);
	if (error != 0)
		return error;
	uint32_t at = slot_of(given, set->certificate_slot_count);
	for (; set->certificate_slots[at] != 0; at = (at + 1) & (set->certificate_slot_count - 1)) {
		const struct survey_certificate *known =
			&set->certificates[set->certificate_slots[at] - 1];
		if (known->details_hash == given->details_hash &&
			memcmp(known->sha256, given->sha256, sizeof(given->sha256)) == 0) {
			*index_out = set->certificate_slots[at] - 1;
			return 0;
		}
	}
	set->certificates[set->certificate_count] = *given;
	*index_out = set->certificate_count++;
	set->certificate_slots[at] = set->certificate_count;
	return 0;
}

/* The names of a new certificate. */
static int
add_names(struct survey_set *set, const struct survey_line *line, uint32_t index)
{
	set->certificates[index].first_name = set->name_count;
	for (uint32_t i = 0; i < line->names.count; i++) {
		int error = make_room((void **)&set->names, set->name_count, &set->name_capacity,
			sizeof(*set->names));
		if (error == 0)
			error = add_text(set, &line->names.texts[i], &set->names[set->name_count]);
		if (error != 0)
			return error;
		set->name_count++;
		set->certificates[index].name_count++;
	}
	return 0;
}

/* The names stand together in the line, so one hash goes over all of them. */
static uint64_t
hash_details(const struct survey_set *set, const struct survey_line *line)
{
	uint64_t hash = 0;

	if (line->names.count > 0) {
		const struct line_text *last = &line->names.texts[line->names.count - 1];
		hash = siphash(&set->texts.key, line->names.texts[0].bytes,
			(size_t)(last->bytes + last->length - line->names.texts[0].bytes));
	}
	const struct line_text *const texts[] = { &line->subject, &line->common_name, &line->issuer,
		&line->key, &line->signature };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		hash = hash * 0x9e3779b97f4a7c15ULL + texts[i]->length;
		if (texts[i]->bytes != NULL)
			hash ^= siphash(&set->texts.key, texts[i]->bytes, texts[i]->length);
	}
	const uint64_t rest[] = { hash, (uint64_t)line->not_before, (uint64_t)line->not_after,
		line->names.count, line->has_validity };
	hash = siphash(&set->texts.key, rest, sizeof(rest));
	if (line->spki_sha256.exists)
		hash ^= siphash(&set->texts.key, line->spki_sha256.bytes, 32);
	if (line->sha256.exists)
		hash ^= siphash(&set->texts.key, line->sha256.bytes, 32) * 3;
	return hash;
}

static int
add_certificate(struct survey_set *set, const struct survey_line *line, uint32_t *index_out)
{
	struct survey_certificate leaf = {
		.details_hash = hash_details(set, line),
		.not_before = line->not_before,
		.not_after = line->not_after,
		.has_sha256 = line->sha256.exists,
		.has_spki = line->spki_sha256.exists,
		.has_validity = line->has_validity,
	};
	const uint32_t before = set->certificate_count;

	if (line->sha256.exists)
		memcpy(leaf.sha256, line->sha256.bytes, sizeof(leaf.sha256));
	if (line->spki_sha256.exists)
		memcpy(leaf.spki_sha256, line->spki_sha256.bytes, sizeof(leaf.spki_sha256));
	int error = survey_set_intern(set, &leaf, index_out);
	if (error != 0 || set->certificate_count == before)
		return error;
	struct survey_certificate *added = &set->certificates[*index_out];
	error = add_text(set, &line->subject, &added->subject);
	if (error == 0)
		error = add_text(set, &line->common_name, &added->common_name);
	if (error == 0)
		error = add_text(set, &line->issuer, &added->issuer);
	if (error == 0)
		error = add_text(set, &line->key, &added->key);
	if (error == 0)
		error = add_text(set, &line->signature, &added->signature);
	return error != 0 ? error : add_names(set, line, *index_out);
}

/* 71 minutes are the most that 32 bits hold; no stage lasts that long. */
static uint32_t
narrow(int64_t duration_us)
{
	if (duration_us < 0)
		return SURVEY_NONE;
	return duration_us < SURVEY_NONE ? (uint32_t)duration_us : SURVEY_NONE - 1;
}

static int
add_host_texts(struct survey_set *set, struct survey_host *host, const struct survey_line *line)
{
	int error = add_text(set, &line->version, &host->version);

	if (error == 0)
		error = add_text(set, &line->cipher, &host->cipher);
	if (error == 0)
		error = add_text(set, &line->group, &host->group);
	if (error == 0)
		error = add_text(set, &line->alpn, &host->alpn);
	if (error == 0)
		error = add_text(set, &line->alert, &host->alert);
	if (error == 0)
		error = add_text(set, &line->reply.rcode, &host->rcode);
	if (error == 0 && line->outcome == OUTCOME_ANSWER_WRONG)
		error = add_text(set, &line->reply.answer, &host->answer);
	return error;
}

static int
add_sign(struct survey_set *set, const char *text, uint32_t *number_out)
{
	return text_pool_add(&set->texts, text, strlen(text), number_out);
}

/* Of hosts that gave a valid reply. */
static int
add_signs(struct survey_set *set, struct survey_host *host, const struct line_query *reply)
{
	char text[REPLY_SIGN_SIZE];
	int error = add_sign(set, reply_signs_flags(reply, text), &host->flags);

	if (error == 0)
		error = add_sign(set, reply_signs_edns(reply, text), &host->edns);
	if (error == 0)
		error = add_sign(set, reply_signs_padding(reply, text), &host->padding);
	if (error == 0)
		error = add_sign(set, reply_signs_options(reply, text), &host->options);
	return error;
}

int
survey_set_add(struct survey_set *set, const struct survey_line *line)
{
	struct survey_host *host = survey_set_new_host(set);

	if (host == NULL)
		return ERROR_MEMORY;
	host->timestamp_us = line->timestamp_us;
	host->address = line->address;
	host->port = (uint16_t)line->port;
	host->outcome = (uint8_t)line->outcome;
	host->attempts = (uint16_t)line->attempts;
	host->rtt_us = narrow((int64_t)line->rtt_us);
	host->tls_us = narrow(line->tls_us);
	host->dns_us = narrow(line->dns_us);
	host->total_us = narrow(line->total_us);
	host->ttl = (uint8_t)line->ttl;
	host->first_bytes = (uint8_t)first_bytes_classify(&line->first_bytes);
	if (line->has_certificate) {
		host->status = (uint8_t)line->status;
		host->certificate_flags = line->flags;
		host->has_address_in_names = line->has_address_in_names;
	}
	int error = add_host_texts(set, host, line);
	if (error == 0 && line->reply.rcode.bytes != NULL)
		error = add_signs(set, host, &line->reply);
	if (error == 0 && line->has_certificate)
		error = add_certificate(set, line, &host->certificate);
	return error;
}

int
survey_set_finish(struct survey_set *set)
{
	const uint32_t before = set->host_count;
	const int error = host_order_sort(set);

	set->repeated += before - set->host_count;
	return error;
}
