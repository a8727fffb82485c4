/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "dns/dns_truth.h"

#define RDATA_MAX 65535

struct dns_truth {
	struct dns_rdata_set *variants;
	size_t count;
};

struct dns_truth *
dns_truth_create(void)
{
	return calloc(1, sizeof(struct dns_truth));
}

void
dns_truth_destroy(struct dns_truth *truth)
{
	if (truth == NULL)
		return;
	for (size_t i = 0; i < truth->count; i++)
		dns_rdata_set_clear(&truth->variants[i]);
	free(truth->variants);
	free(truth);
}

static int
parse_variant(uint16_t type, const char *const *texts, size_t count, uint8_t *rdata,
	struct dns_rdata_set *variant, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		const size_t length = dns_rdata_parse(type, texts[i], rdata, RDATA_MAX);
		if (length == 0)
			return fault_set(fault, ERROR_INPUT,
				"\"%.300s\" is no data of the type asked for; accepted is what a zone file would hold, such as 192.0.2.53 for A",
				texts[i]);
		dns_rdata_fold(type, rdata, length);
		if (dns_rdata_set_add(variant, rdata, length) != 0)
			return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	}
	return 0;
}

int
dns_truth_add(struct dns_truth *truth, uint16_t type, const char *const *texts, size_t count,
	struct fault *fault)
{
	struct dns_rdata_set variant = { .values = NULL };
	uint8_t *rdata = malloc(RDATA_MAX);
	struct dns_rdata_set *grown =
		realloc(truth->variants, (truth->count + 1) * sizeof(*truth->variants));
	int error;

	if (grown != NULL)
		truth->variants = grown;
	if (rdata == NULL || grown == NULL)
		error = fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	else
		error = parse_variant(type, texts, count, rdata, &variant, fault);
	free(rdata);
	if (error != 0) {
		dns_rdata_set_clear(&variant);
		return error;
	}
	truth->variants[truth->count++] = variant;
	return 0;
}

bool
dns_truth_holds(const struct dns_truth *truth, const struct dns_rdata_set *answer)
{
	for (size_t i = 0; i < truth->count; i++) {
		if (dns_rdata_set_equal(&truth->variants[i], answer))
			return true;
	}
	return false;
}
