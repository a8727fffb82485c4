/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEO_SELECTION_H
#define GEO_SELECTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "targets/range_list.h"

/*
 * Which of a database's two countries counts: where the address is used, or where its holder is
 * registered.
 */
enum geo_country {
	GEO_COUNTRY_LOCATED,
	GEO_COUNTRY_REGISTERED,
};

/*
 * A scan by countries and networks. Texts and arrays are borrowed; an empty list chooses nothing.
 */
struct geo_settings {
	const char *country_db;       /* of a type Country, City or Enterprise */
	const char *asn_db;           /* of a type ASN, ISP or Enterprise */
	const char *const *countries; /* ISO 3166-1 codes of two letters, in either case */
	size_t country_count;
	const uint32_t *asns;
	size_t asn_count;
	enum geo_country country_meaning;
};

/*
 * Addresses chosen, and when the databases they come from were built (seconds since 1970; 0: not
 * used).
 */
struct geo_selection {
	struct range_list ranges; /* normal */
	uint64_t country_db_epoch;
	uint64_t asn_db_epoch;
};

/*
 * Collect the addresses that lie in one of the countries, or in one of the networks; where both are
 * given, in one of both. Reads each database once through, which takes about a second for a full
 * one. A code or number for which the database has no address is an error, for it is a mistake in
 * most cases. Returns 0; ERROR_INPUT (a bad code, no database named, a database of another type or
 * damaged), ERROR_FILE or ERROR_MEMORY, with the fault set.
 */
int geo_selection_init(
	struct geo_selection *selection, const struct geo_settings *settings, struct fault *fault);

/* Free the ranges. Accepts a zeroed selection. */
void geo_selection_clear(struct geo_selection *selection);

#endif
