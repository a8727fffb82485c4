/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_TRUTH_H
#define DNS_TRUTH_H

#include "base/fault.h"
#include "dns/dns_rdata_set.h"

/*
 * What an honest answer may be: one or several variants, each a set of RDATA, for a zone whose own servers may disagree.
 * An answer is right if it is exactly one of them. Variants are only ever added: one thread may do so while others ask.
 */
struct dns_truth;

#define DNS_TRUTH_VARIANTS_MAX \
	64 /* a zone that changes each minute of an hour is none to judge by */

/* Without variants; NULL when out of memory. */
struct dns_truth *dns_truth_create(void);
void dns_truth_destroy(struct dns_truth *truth);

/*
 * Add the variant that these texts, count of them, in presentation format of that type, make, unless it is there. Returns 0,
 * ERROR_MEMORY, or ERROR_INPUT with *fault naming the text that is no such RDATA, or saying that there are too many variants.
 */
int dns_truth_add(struct dns_truth *truth, uint16_t type, const char *const *texts, size_t count,
	struct fault *fault);

/* How many different variants there are. */
size_t dns_truth_count(const struct dns_truth *truth);

/* Whether answer, canonical RDATA of that type, is one of the variants. */
bool dns_truth_holds(const struct dns_truth *truth, const struct dns_rdata_set *answer);

#endif
