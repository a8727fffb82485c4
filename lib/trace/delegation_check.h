/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DELEGATION_CHECK_H
#define DELEGATION_CHECK_H

#include "trace/agreement.h"

/* The zone above against the zone itself, and the servers of the zone above against each other. */
void delegation_check(const struct comparison *comparison, struct finding_list *findings);

/* Whether the servers are several, and not all in one place (RFC 2182 section 5). asn may be NULL. */
void delegation_check_spread(const struct comparison *comparison, agreement_asn asn,
	void *asn_context, struct finding_list *findings);

#endif
