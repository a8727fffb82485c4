/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/siphash.h"

uint64_t
siphash(const struct siphash_key *key, const void *bytes, size_t length)
{
	const uint8_t *cursor = bytes;
	uint64_t v0 = key->k0 ^ 0x736f6d6570736575ULL;
	uint64_t v1 = key->k1 ^ 0x646f72616e646f6dULL;
	uint64_t v2 = key->k0 ^ 0x6c7967656e657261ULL;
	uint64_t v3 = key->k1 ^ 0x7465646279746573ULL;
	uint64_t word = 0;

	for (size_t left = length; left >= 8; left -= 8, cursor += 8) {
		memcpy(&word, cursor, 8);
		v3 ^= word;
		SIPHASH_ROUND(v0, v1, v2, v3);
		SIPHASH_ROUND(v0, v1, v2, v3);
		v0 ^= word;
	}
	word = 0;
	if (length % 8 > 0)
		memcpy(&word, cursor, length % 8);
	word |= (uint64_t)length << 56;
	v3 ^= word;
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	v0 ^= word;
	v2 ^= 0xff;
	for (int round = 0; round < 4; round++)
		SIPHASH_ROUND(v0, v1, v2, v3);
	return v0 ^ v1 ^ v2 ^ v3;
}
