/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood, 2014): a small reproducible sequence. Not for secrets. */
struct random_sequence {
	uint64_t state;
};

static inline uint64_t
random_next(struct random_sequence *sequence)
{
	uint64_t z = sequence->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* 0 to bound - 1, bias below 2^-32 for bounds below 2^32; bound must not be 0. */
static inline uint64_t
random_below(struct random_sequence *sequence, uint64_t bound)
{
	return (uint64_t)((unsigned __int128)random_next(sequence) * bound >> 64);
}

/* Fills bytes with secrets from the kernel (getrandom). Returns 0 or ERROR_LIBRARY. */
int random_secret(void *bytes, size_t length);

#endif
