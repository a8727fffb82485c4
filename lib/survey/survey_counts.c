/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "survey/survey_counts.h"

static const struct {
	const char *key;
	const char *words;
	uint8_t first; /* outcome of those who came so far */
} funnel[] = {
#define X(name, key, words, outcome) { key, words, OUTCOME_##outcome },
	FUNNEL_LIST(X)
#undef X
};

const char *
funnel_key(enum funnel_step step)
{
	return funnel[step].key;
}

const char *
funnel_words(enum funnel_step step)
{
	return funnel[step].words;
}

/* The list of outcomes stands in the order of how far a server got. */
void
survey_counts_add(struct survey_counts *counts, const struct survey_host *host)
{
	for (unsigned int step = 0; step < FUNNEL_COUNT; step++)
		counts->steps[step] += host->outcome >= funnel[step].first;
	if (host->outcome >= OUTCOME_DNS_SILENT)
		counts->statuses_tls[host->status]++;
	if (survey_is_open_2019(host))
		counts->statuses_reply[host->status]++;
	if (survey_is_open(host))
		counts->statuses_right[host->status]++;
}

bool
survey_is_invalid(unsigned int status)
{
	return status == CERTIFICATE_STATUS_EXPIRED || status == CERTIFICATE_STATUS_SELF_SIGNED ||
	       status == CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN ||
	       status == CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST;
}

uint64_t
survey_counts_invalid(const uint64_t statuses[STATUS_COUNT])
{
	uint64_t sum = 0;

	for (unsigned int status = 0; status < STATUS_COUNT; status++)
		sum += survey_is_invalid(status) ? statuses[status] : 0;
	return sum;
}

static uint32_t
find_slot(const struct survey_groups *groups, uint64_t key)
{
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15ULL >> 32) & (groups->slot_count - 1);

	while (groups->slots[at] != 0 && groups->groups[groups->slots[at] - 1].key != key)
		at = (at + 1) & (groups->slot_count - 1);
	return at;
}

static bool
grow(struct survey_groups *groups)
{
	const uint32_t slot_count = groups->slot_count == 0 ? 512 : groups->slot_count * 2;
	struct survey_group *grown =
		reallocarray(groups->groups, slot_count / 2, sizeof(*groups->groups));
	uint32_t *slots = calloc(slot_count, sizeof(*slots));

	if (grown != NULL)
		groups->groups = grown;
	if (grown == NULL || slots == NULL) {
		free(slots);
		return false;
	}
	free(groups->slots);
	groups->slots = slots;
	groups->slot_count = slot_count;
	groups->capacity = slot_count / 2;
	for (uint32_t i = 0; i < groups->count; i++)
		groups->slots[find_slot(groups, groups->groups[i].key)] = i + 1;
	return true;
}

struct survey_counts *
survey_groups_at(struct survey_groups *groups, uint64_t key)
{
	if (groups->count == groups->capacity && !grow(groups))
		return NULL;
	const uint32_t slot = find_slot(groups, key);
	if (groups->slots[slot] == 0) {
		groups->groups[groups->count] = (struct survey_group){ .key = key };
		groups->slots[slot] = ++groups->count;
	}
	return &groups->groups[groups->slots[slot] - 1].counts;
}

const struct survey_counts *
survey_groups_find(const struct survey_groups *groups, uint64_t key)
{
	if (groups->slot_count == 0)
		return NULL;
	const uint32_t slot = find_slot(groups, key);
	return groups->slots[slot] == 0 ? NULL : &groups->groups[groups->slots[slot] - 1].counts;
}

void
survey_groups_clear(struct survey_groups *groups)
{
	if (groups == NULL)
		return;
	free(groups->groups);
	free(groups->slots);
	*groups = (struct survey_groups){ 0 };
}

static int
compare_groups(const void *left, const void *right, void *context)
{
	const struct survey_group *a = left;
	const struct survey_group *b = right;
	const enum funnel_step step = *(const enum funnel_step *)context;

	if (a->counts.steps[step] != b->counts.steps[step])
		return a->counts.steps[step] < b->counts.steps[step] ? 1 : -1;
	return (a->key > b->key) - (a->key < b->key);
}

void
survey_groups_sort(struct survey_groups *groups, enum funnel_step step)
{
	if (groups->count == 0)
		return;
	qsort_r(groups->groups, groups->count, sizeof(*groups->groups), compare_groups, &step);
	memset(groups->slots, 0, groups->slot_count * sizeof(*groups->slots));
	for (uint32_t i = 0; i < groups->count; i++)
		groups->slots[find_slot(groups, groups->groups[i].key)] = i + 1;
}
