/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHAIN_CACHE_H
#define CHAIN_CACHE_H

#include "dot/chain_status.h"

/*
 * One worker's memory of verdicts: two million hosts share few certificates, and a signature check costs as much as a handshake.
 * Of fixed size; a new chain takes the place of an older one.
 */
struct chain_cache;

/* NULL when out of memory. */
struct chain_cache *chain_cache_create(const struct ca_store *store);
void chain_cache_destroy(struct chain_cache *cache);

/* As chain_status_judge; the sha256 of each certificate must be set. */
void chain_cache_judge(struct chain_cache *cache, const struct peer_der *chain, size_t count,
	int64_t now_s, struct chain_verdict *verdict_out);

#endif
