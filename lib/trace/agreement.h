/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include "trace/comparison.h"
#include "trace/finding.h"

/* The autonomous system of an address, or 0 where that is not known. */
typedef uint32_t (*agreement_asn)(void *context, const struct trace_address *address);

/*
 * Judge a comparison that is complete: one finding for each server and thing that is wrong with it. asn may be NULL. Returns 0 or
 * ERROR_MEMORY.
 */
int agreement_judge(const struct comparison *comparison, agreement_asn asn, void *asn_context,
	struct finding_list *findings);

/* The serial of the zone at that server; false where it gives none. */
bool agreement_serial(
	const struct comparison *comparison, const struct probe *probe, uint32_t *serial_out);

/* Serial number arithmetic (RFC 1982 section 3.2): whether a is before b. */
bool agreement_serial_before(uint32_t a, uint32_t b);

#endif
