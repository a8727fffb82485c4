/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHAIN_PATH_H
#define CHAIN_PATH_H

#include "dot/chain_link.h"
#include "record/observation.h"

struct ca_store;

/* Roots lie one or two above what is presented. */
#define CHAIN_PATH_LINKS (OBSERVATION_CHAIN + 8)

/* From the leaf towards a root, as far as it goes. The first untrusted_count links were presented, the rest come from the store. */
struct chain_path {
	const struct chain_link *links[CHAIN_PATH_LINKS]; /* borrowed of both */
	size_t count;
	size_t untrusted_count;
	bool is_anchored; /* it ends in a root of the store */
};

/* The path that OpenSSL would build at this time from presented, whose first is the leaf: 1 to OBSERVATION_CHAIN of them. */
void chain_path_build(struct chain_path *path, const struct ca_store *store,
	const struct chain_link *presented, size_t presented_count, int64_t now_s);

#endif
