/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAME_TREE_H
#define NAME_TREE_H

#include "dns/dns_name.h"

/* Where names stand to each other in the tree of RFC 1034 section 3.1. Case never counts. */

extern const struct dns_name name_tree_root;

/* Labels without the root's. */
unsigned int name_tree_labels(const struct dns_name *name);

/* Whether name is zone or below it. */
bool name_tree_is_within(const struct dns_name *name, const struct dns_name *zone);

/* Whether name is below zone and not zone itself. */
bool name_tree_is_below(const struct dns_name *name, const struct dns_name *zone);

/*
 * Puts target where suffix ends name, as DNAME does (RFC 6672 section 2.2). name must be below suffix. Returns false if the new
 * name is too long.
 */
bool name_tree_substitute(const struct dns_name *name, const struct dns_name *suffix,
	const struct dns_name *target, struct dns_name *name_out);

#endif
