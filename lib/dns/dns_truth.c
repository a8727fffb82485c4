/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "dns/dns_truth.h"

/* A variant is written before it is counted, and not touched afterwards. */
struct dns_truth {
	struct dns_rdata_set variants[DNS_TRUTH_VARIANTS_MAX];
	_Atomic size_t count;
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
	free(truth);
}

int
dns_truth_add(struct dns_truth *truth, uint16_t type, const char *const *texts, size_t count,
	struct fault *fault)
{
	const size_t place = atomic_load_explicit(&truth->count, memory_order_relaxed);
	struct dns_rdata_set variant = { .values = NULL };
	int error = dns_rdata_set_parse(&variant, type, texts, count, fault);

	if (error == 0 && !dns_truth_holds(truth, &variant)) {
		if (place < DNS_TRUTH_VARIANTS_MAX) {
			truth->variants[place] = variant;
			atomic_store_explicit(&truth->count, place + 1, memory_order_release);
			return 0;
		}
		error = fault_set(fault, ERROR_INPUT, "more than %d different answers",
			DNS_TRUTH_VARIANTS_MAX);
	}
	dns_rdata_set_clear(&variant);
	return error;
}

size_t
dns_truth_count(const struct dns_truth *truth)
{
	return atomic_load_explicit(&truth->count, memory_order_acquire);
}

bool
dns_truth_holds(const struct dns_truth *truth, const struct dns_rdata_set *answer)
{
	const size_t count = dns_truth_count(truth);

	for (size_t i = 0; i < count; i++) {
		if (dns_rdata_set_equal(&truth->variants[i], answer))
			return true;
	}
	return false;
}
