/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PERMUTATION_H
#define PERMUTATION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Every number of 0 .. count-1 exactly once, in an order that only the seed's owner knows, without
 * memory.
 *
 * The powers of a generator modulo a prime p run through 1 .. p-1 before they repeat. p is the
 * smallest prime above count (2^32 + 15 for the whole address space), the generator and the place
 * to begin come from the seed. The element at exponent e stands for the number element - 1; the few
 * elements above count, fewer than 400 for any count up to 2^32, stand for nothing.
 *
 * All arithmetic is exact 64 and 128 bit; unlike a walk with products cut to 64 bits it needs no
 * small generator.
 */
struct permutation {
	uint64_t count;
	uint64_t prime;
	uint64_t generator;
	uint64_t quotient; /* generator * 2^64 / prime, rounded down; spares divisions */
	uint64_t first;    /* the element at exponent 0 */
};

/*
 * Prepare for count numbers, 0 to 2^32. The same count and seed give the same order. Takes about a
 * millisecond.
 */
void permutation_init(struct permutation *permutation, uint64_t count, uint64_t seed);

/* How many exponents there are: prime - 1. */
uint64_t permutation_length(const struct permutation *permutation);

/* The element at an exponent below the length; O(log exponent). */
uint64_t permutation_element(const struct permutation *permutation, uint64_t exponent);

/* The element that follows. */
static inline uint64_t
permutation_next(const struct permutation *permutation, uint64_t element)
{
	/*
	 * Shoup's multiplication by a constant: the estimated quotient is right or one too small.
	 */
	uint64_t estimate = (uint64_t)((unsigned __int128)element * permutation->quotient >> 64);
	uint64_t rest = element * permutation->generator - estimate * permutation->prime;

	return rest >= permutation->prime ? rest - permutation->prime : rest;
}

/* Does the element stand for a number? Then the number is element - 1. */
static inline bool
permutation_has_number(const struct permutation *permutation, uint64_t element)
{
	return element <= permutation->count;
}

#endif
