/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_RDATA_SET_H
#define DNS_RDATA_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* A set of RDATA, as canonical octets: sorted and without doubles, so that equal sets are equal memory. A zeroed one is empty. */
struct dns_rdata_value {
	uint8_t *bytes;
	size_t length;
};

struct dns_rdata_set {
	struct dns_rdata_value *values;
	size_t count;
};

/* Adds a copy. Returns 0 or ERROR_MEMORY. */
int dns_rdata_set_add(struct dns_rdata_set *set, const uint8_t *bytes, size_t length);

/*
 * Adds what these texts, count of them, in presentation format of that type, say; names in lower case. Returns 0, ERROR_MEMORY, or
 * ERROR_INPUT with *fault naming the text that is no such RDATA.
 */
int dns_rdata_set_parse(struct dns_rdata_set *set, uint16_t type, const char *const *texts,
	size_t count, struct fault *fault);

bool dns_rdata_set_equal(const struct dns_rdata_set *a, const struct dns_rdata_set *b);

/* Frees what it owns and leaves it empty. */
void dns_rdata_set_clear(struct dns_rdata_set *set);

#endif
