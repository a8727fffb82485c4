/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEO_DATABASE_H
#define GEO_DATABASE_H

#include <maxminddb.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/ipv4.h"

/*
 * Called for each block of addresses that has a record, in ascending order. Returns 0 or an error
 * to stop with.
 */
typedef int (*geo_database_visit)(void *context, struct ipv4_range range, MMDB_entry_s *entry);

/*
 * Open a MaxMind DB, whose type's name must contain one of the words (NULL-terminated list).
 * Returns 0; ERROR_FILE or ERROR_INPUT with the fault set to "path: what is wrong"; the caller
 * closes an opened one with MMDB_close().
 */
int geo_database_open(
	MMDB_s *database, const char *path, const char *const *type_words, struct fault *fault);

/*
 * Visit the IPv4 part of the tree. In an IPv6 database that is the subtree below ::/96, and only
 * it: databases repeat it as an alias under ::ffff:0:0/96, 2001::/32 and 2002::/16. The file is not
 * trusted: a tree that is deeper than 32 bits, or not a tree, ends with ERROR_INPUT and the fault
 * set. visit's error is returned as it is.
 */
int geo_database_walk(
	const MMDB_s *database, geo_database_visit visit, void *context, struct fault *fault);

#endif
