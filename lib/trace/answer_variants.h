/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANSWER_VARIANTS_H
#define ANSWER_VARIANTS_H

#include "dns/dns_rdata_set.h"
#include "trace/comparison.h"

/*
 * The different answers that the servers of a zone give with authority to one question, and who gives which. Order, case of names
 * and doubles do not count, nor do TTLs.
 */
#define ANSWER_VARIANTS_MAX 16 /* more than that is one answer a query, and told as too many */
#define ANSWER_HOLDERS_MAX  (2 * COMPARISON_PROBES_MAX)

struct answer_holder {
	size_t probe; /* index into comparison.probes */
	enum exchange_transport transport;
	uint32_t ttl; /* the lowest of its records; 0 without records */
};

struct answer_variant {
	enum reply_class class;
	uint16_t type; /* of the data: that asked for, or CNAME or DNAME */
	struct dns_rdata_set set;
	struct answer_holder holders[ANSWER_HOLDERS_MAX];
	size_t holder_count;
};

struct answer_variants {
	struct answer_variant variants[ANSWER_VARIANTS_MAX];
	size_t count;
	bool was_cut_off;
};

/* Returns 0 or ERROR_MEMORY. Clear it in either case. */
int answer_variants_make(const struct comparison *comparison, enum comparison_question question,
	struct answer_variants *variants_out);
void answer_variants_clear(struct answer_variants *variants);

/* The variant that most addresses hold, the first of several; NULL if there is none. */
const struct answer_variant *answer_variants_largest(const struct answer_variants *variants);

/* The variant that this probe gave over that transport, or NULL. */
const struct answer_variant *answer_variants_of(
	const struct answer_variants *variants, size_t probe, enum exchange_transport transport);

/* For people: "A 192.0.2.1, 192.0.2.2" or "nxdomain"; cut to size. */
void answer_variant_describe(const struct answer_variant *variant, char *text, size_t size);

/* "NS", "TYPE65280". text has ANSWER_TYPE_BYTES. */
#define ANSWER_TYPE_BYTES 16
const char *answer_type_name(uint16_t type, char *text);

#endif
