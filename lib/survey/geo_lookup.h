/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEO_LOOKUP_H
#define GEO_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "survey/survey_set.h"

struct geo_lookup_settings {
	const char *country_db; /* of a type Country, City or Enterprise; NULL: none */
	const char *asn_db;     /* of a type ASN, ISP or Enterprise; NULL: none */
	bool is_registered;     /* the country of registration, not of location */
};

/* When the databases were built, in seconds since 1970; 0: not used. */
struct geo_epochs {
	uint64_t country;
	uint64_t asn;
};

/*
 * Set country, AS number and its organisation of each host, whose order must be that of the
 * addresses. A host that a database does not know keeps what it had. Returns 0; ERROR_FILE or
 * ERROR_INPUT with the fault set (no such database, another type, damaged); ERROR_MEMORY or
 * ERROR_FULL.
 */
int geo_lookup_assign(struct survey_set *set, const struct geo_lookup_settings *settings,
	struct geo_epochs *epochs_out, struct fault *fault);

/* "DE", or "unknown" for 0; text has 8 bytes; returns it. */
char *country_format(uint16_t country, char *text);

#endif
