/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVER_CHOICE_H
#define SERVER_CHOICE_H

#include "trace/resolver.h"

enum server_choice { SERVER_CHOICE_PENDING, SERVER_CHOICE_MADE, SERVER_CHOICE_NONE };

/*
 * Ask the servers of a cut, in an order that is random but the same throughout a run, one after the other; the next one also when the
 * one before has not replied to its first query. Those with glue first, then those without, and at last over TCP. All that were asked
 * until then become steps of the resolution, and the last of them is the choice. failure_out says why there is none.
 */
enum server_choice server_choice_make(struct resolver *resolver, const struct zone_cut *cut,
	const struct dns_name *name, uint16_t type, struct resolution *resolution,
	enum resolution_failure *failure_out);

#endif
