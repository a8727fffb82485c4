/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESERVED_RANGES_H
#define RESERVED_RANGES_H

#include <stddef.h>

#include "base/ipv4.h"
#include "targets/range_list.h"

/*
 * Addresses that no scan of the public network may probe. They are compiled in, so that no missing
 * or edited file can open them: only a lab's allow_reserved does.
 *
 * The list follows the IANA IPv4 Special-Purpose Address Registry (RFC 6890) as it stood on
 * RESERVED_RANGES_DATE: every block that is not globally reachable, plus multicast (RFC 5771).
 * Blocks are taken whole where the registry makes exceptions inside them (192.0.0.0/24), and where
 * it no longer says (192.88.99.0/24). Not in the list are the three blocks that the registry calls
 * globally reachable: 192.31.196.0/24 and 192.175.48.0/24 (AS112) and 192.52.193.0/24 (AMT) are
 * public anycast services, name servers among them, which a survey of resolvers may ask like any
 * other host.
 */
#define RESERVED_RANGES_DATE "2020-09-04"

struct reserved_range {
	struct ipv4_range range;
	const char *name; /* what the registry calls it, and the RFC */
};

/*
 * The table, sorted by address; the last block, 255.255.255.255/32, lies inside the one before it.
 */
const struct reserved_range *reserved_ranges(size_t *count_out);

/* The first block that holds the address, or NULL where the address is an ordinary one. */
const struct reserved_range *reserved_ranges_find(uint32_t address);

/* Make list_out the reserved ranges, normal. Returns 0 or ERROR_MEMORY; the caller clears it. */
int reserved_ranges_list(struct range_list *list_out);

#endif
