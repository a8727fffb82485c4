/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 (Aumasson, Bernstein, 2012): a keyed hash that peers cannot predict. */
struct siphash_key {
	uint64_t k0;
	uint64_t k1;
};

#define SIPHASH_ROUND(v0, v1, v2, v3)     \
	do {                              \
		v0 += v1;                 \
		v1 = v1 << 13 | v1 >> 51; \
		v1 ^= v0;                 \
		v0 = v0 << 32 | v0 >> 32; \
		v2 += v3;                 \
		v3 = v3 << 16 | v3 >> 48; \
		v3 ^= v2;                 \
		v0 += v3;                 \
		v3 = v3 << 21 | v3 >> 43; \
		v3 ^= v0;                 \
		v2 += v1;                 \
		v1 = v1 << 17 | v1 >> 47; \
		v1 ^= v2;                 \
		v2 = v2 << 32 | v2 >> 32; \
	} while (0)

/* The hash of one little-endian 8-byte message; the same as siphash() over its bytes. */
static inline uint64_t
siphash_u64(const struct siphash_key *key, uint64_t message)
{
	uint64_t v0 = key->k0 ^ 0x736f6d6570736575ULL;
	uint64_t v1 = key->k1 ^ 0x646f72616e646f6dULL;
	uint64_t v2 = key->k0 ^ 0x6c7967656e657261ULL;
	uint64_t v3 = key->k1 ^ 0x7465646279746573ULL;
	const uint64_t tail = 8ULL << 56;

	v3 ^= message;
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	v0 ^= message;
	v3 ^= tail;
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	v0 ^= tail;
	v2 ^= 0xff;
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	SIPHASH_ROUND(v0, v1, v2, v3);
	return v0 ^ v1 ^ v2 ^ v3;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t length);

#endif
