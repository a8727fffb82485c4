/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/sha256.h"
#include "dot/chain_cache.h"

#define CACHE_ENTRIES 4096 /* 256 KiB a worker; big surveys see a few thousand chains that repeat */

struct chain_cache_entry {
	uint8_t key[32];
	bool is_set;
	struct chain_verdict verdict;
};

struct chain_cache {
	const struct ca_store *store;
	struct chain_cache_entry entries[CACHE_ENTRIES];
};

struct chain_cache *
chain_cache_create(const struct ca_store *store)
{
	struct chain_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL)
		cache->store = store;
	return cache;
}

void
chain_cache_destroy(struct chain_cache *cache)
{
	free(cache);
}

static void
hash_chain(const struct peer_der *chain, size_t count, uint8_t key[32])
{
	struct sha256 hash;

	sha256_init(&hash);
	for (size_t i = 0; i < count; i++)
		sha256_add(&hash, chain[i].sha256, sizeof(chain[i].sha256));
	sha256_finish(&hash, key);
}

void
chain_cache_judge(struct chain_cache *cache, const struct peer_der *chain, size_t count,
	int64_t now_s, struct chain_verdict *verdict_out)
{
	uint8_t key[32];

	hash_chain(chain, count, key);
	struct chain_cache_entry *entry = &cache->entries[load_be32(key) % CACHE_ENTRIES];
	const bool is_known = entry->is_set && memcmp(entry->key, key, sizeof(key)) == 0 &&
			      entry->verdict.stands_from <= now_s &&
			      now_s < entry->verdict.stands_until;
	if (!is_known) {
		chain_status_judge(cache->store, chain, count, now_s, &entry->verdict);
		memcpy(entry->key, key, sizeof(key));
		entry->is_set = true;
	}
	*verdict_out = entry->verdict;
}
