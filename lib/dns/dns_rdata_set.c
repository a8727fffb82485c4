/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "dns/dns_rdata_set.h"

#define RDATA_MAX 65535

static int
compare(const struct dns_rdata_value *value, const uint8_t *bytes, size_t length)
{
	const size_t shorter = value->length < length ? value->length : length;
	const int order = shorter > 0 ? memcmp(value->bytes, bytes, shorter) : 0;

	if (order != 0)
		return order;
	return value->length < length ? -1 : value->length > length;
}

int
dns_rdata_set_add(struct dns_rdata_set *set, const uint8_t *bytes, size_t length)
{
	size_t place = 0;

	while (place < set->count && compare(&set->values[place], bytes, length) < 0)
		place++;
	if (place < set->count && compare(&set->values[place], bytes, length) == 0)
		return 0;
	struct dns_rdata_value *grown = realloc(set->values, (set->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return ERROR_MEMORY;
	set->values = grown;
	uint8_t *copy = malloc(length > 0 ? length : 1);
	if (copy == NULL)
		return ERROR_MEMORY;
	if (length > 0)
		memcpy(copy, bytes, length);
	memmove(grown + place + 1, grown + place, (set->count - place) * sizeof(*grown));
	grown[place] = (struct dns_rdata_value){ copy, length };
	set->count++;
	return 0;
}

int
dns_rdata_set_parse(struct dns_rdata_set *set, uint16_t type, const char *const *texts,
	size_t count, struct fault *fault)
{
	uint8_t *rdata = malloc(RDATA_MAX);
	int error = rdata == NULL ? ERROR_MEMORY : 0;

	for (size_t i = 0; i < count && error == 0; i++) {
		const size_t length = dns_rdata_parse(type, texts[i], rdata, RDATA_MAX);
		if (length == 0) {
			error = fault_set(fault, ERROR_INPUT,
				"\"%.300s\" is no data of the type asked for; accepted is what a zone file would hold, such as 192.0.2.53 for A",
				texts[i]);
			break;
		}
		dns_rdata_fold(type, rdata, length);
		error = dns_rdata_set_add(set, rdata, length);
	}
	free(rdata);
	return error == ERROR_MEMORY ? fault_set(fault, error, "%s", error_text(error)) : error;
}

bool
dns_rdata_set_equal(const struct dns_rdata_set *a, const struct dns_rdata_set *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (compare(&a->values[i], b->values[i].bytes, b->values[i].length) != 0)
			return false;
	}
	return true;
}

void
dns_rdata_set_clear(struct dns_rdata_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->values[i].bytes);
	free(set->values);
	*set = (struct dns_rdata_set){ .values = NULL };
}
