/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/sha256.h"

/* Clang before 15 cannot ask for the instructions at run time. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>
#define HAS_X86_BLOCKS 1
#else
#define HAS_X86_BLOCKS 0
#endif

#define LENGTH_OFFSET (SHA256_BLOCK_SIZE - 8)

/* FIPS 180-4, 4.2.2 */
static const uint32_t round_constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
	0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static uint32_t
rotate_right(uint32_t word, unsigned int bits)
{
	return word >> bits | word << (32 - bits);
}

/* FIPS 180-4, 6.2.2 step 1 */
static void
expand_block(const uint8_t *block, uint32_t schedule[64])
{
	for (size_t t = 0; t < 16; t++)
		schedule[t] = load_be32(block + 4 * t);
	for (size_t t = 16; t < 64; t++) {
		uint32_t w15 = schedule[t - 15];
		uint32_t w2 = schedule[t - 2];

		schedule[t] = schedule[t - 16] + schedule[t - 7] +
			      (rotate_right(w15, 7) ^ rotate_right(w15, 18) ^ w15 >> 3) +
			      (rotate_right(w2, 17) ^ rotate_right(w2, 19) ^ w2 >> 10);
	}
}

/* FIPS 180-4, 6.2.2 steps 2 to 4; the letters a to h are v[0] to v[7]. */
static void
hash_block_portably(uint32_t state[8], const uint8_t *block)
{
	uint32_t schedule[64];
	uint32_t v[8];

	expand_block(block, schedule);
	memcpy(v, state, sizeof(v));
	for (size_t t = 0; t < 64; t++) {
		uint32_t sum1 =
			rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
		uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t t1 = v[7] + sum1 + choose + round_constants[t] + schedule[t];
		uint32_t sum0 =
			rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + sum0 + majority;
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

#if HAS_X86_BLOCKS
/* Steps 1 to 4 by the instructions made for them: two rounds each, with the letters kept as a b e f and c d g h. */
__attribute__((target("sha,sse4.1"))) static void
hash_blocks_by_instructions(uint32_t state[8], const uint8_t *blocks, size_t count)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(low, high, 8);
	__m128i cdgh = _mm_blend_epi16(high, low, 0xf0);

	for (; count > 0; count--, blocks += SHA256_BLOCK_SIZE) {
		const __m128i abef_before = abef;
		const __m128i cdgh_before = cdgh;
		__m128i w[4];

		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i *)(blocks + 16 * i)), swap);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			const __m128i newest = w[(i + 3) & 3];
			__m128i sum = _mm_add_epi32(w[i & 3],
				_mm_loadu_si128((const __m128i *)(round_constants + 4 * i)));

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			sum = _mm_shuffle_epi32(sum, 0x0e);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, sum);
			/* The four words of the schedule that are needed in 16 rounds. */
			const __m128i part =
				_mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
					_mm_alignr_epi8(newest, w[(i + 2) & 3], 4));
			w[i & 3] = _mm_sha256msg2_epu32(part, newest);
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
	const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static bool
has_instructions(void)
{
	return __builtin_cpu_supports("sha");
}
#else
static void
hash_blocks_by_instructions(uint32_t state[8], const uint8_t *blocks, size_t count)
{
}

static bool
has_instructions(void)
{
	return false;
}
#endif

void
sha256_hash_portably(uint32_t state[8], const uint8_t *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		hash_block_portably(state, blocks + i * SHA256_BLOCK_SIZE);
}

static void
hash_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
	if (has_instructions())
		hash_blocks_by_instructions(state, blocks, count);
	else
		sha256_hash_portably(state, blocks, count);
}

void
sha256_init(struct sha256 *hash)
{
	/* FIPS 180-4, 5.3.3 */
	*hash = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void
sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;
	size_t held = hash->total_bytes % SHA256_BLOCK_SIZE;

	hash->total_bytes += length;
	if (held > 0) {
		const size_t room = SHA256_BLOCK_SIZE - held;
		const size_t count = length < room ? length : room;

		memcpy(hash->block + held, from, count);
		from += count;
		length -= count;
		if (count < room)
			return;
		hash_blocks(hash->state, hash->block, 1);
	}
	hash_blocks(hash->state, from, length / SHA256_BLOCK_SIZE);
	if (length % SHA256_BLOCK_SIZE > 0)
		memcpy(hash->block, from + length - length % SHA256_BLOCK_SIZE,
			length % SHA256_BLOCK_SIZE);
}

void
sha256_finish(struct sha256 *hash, uint8_t digest_out[SHA256_SIZE])
{
	size_t held = hash->total_bytes % SHA256_BLOCK_SIZE;
	uint64_t bits = hash->total_bytes * 8;

	hash->block[held++] = 0x80;
	if (held > LENGTH_OFFSET) {
		memset(hash->block + held, 0, SHA256_BLOCK_SIZE - held);
		hash_blocks(hash->state, hash->block, 1);
		held = 0;
	}
	memset(hash->block + held, 0, LENGTH_OFFSET - held);
	store_be32(hash->block + LENGTH_OFFSET, (uint32_t)(bits >> 32));
	store_be32(hash->block + LENGTH_OFFSET + 4, (uint32_t)bits);
	hash_blocks(hash->state, hash->block, 1);
	for (size_t i = 0; i < 8; i++)
		store_be32(digest_out + 4 * i, hash->state[i]);
}

void
sha256_digest(const void *bytes, size_t length, uint8_t digest_out[SHA256_SIZE])
{
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, bytes, length);
	sha256_finish(&hash, digest_out);
}
