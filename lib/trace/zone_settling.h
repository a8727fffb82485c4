/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZONE_SETTLING_H
#define ZONE_SETTLING_H

#include "trace/resolver.h"

/*
 * Of which zone the name really is at the end of a walk. A server of the zone above may serve the zone below too, and then never refers
 * to it; who has the start of the zone is in the SOA of the last reply, or of one more that the same server is asked for.
 * Puts the cut in the place of *cut, which stays if that cannot be known. Returns false while an answer is pending.
 */
bool zone_settling_done(struct resolver *resolver, const struct resolution *resolution,
	const struct dns_name *name, const struct zone_cut **cut);

#endif
