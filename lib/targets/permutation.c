/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "targets/permutation.h"
#include "base/random.h"
#include "targets/modular.h"

/* An odd prime, so that a count of 0 or 1 is no special case. */
static uint64_t
choose_prime(uint64_t count)
{
	return modular_next_prime(count < 2 ? 2 : count);
}

/*
 * Any power of a generator with an exponent coprime to the order is a generator, and all are
 * reached so.
 */
static uint64_t
choose_generator(uint64_t prime, struct random_sequence *random)
{
	uint64_t exponent = 0;

	do
		exponent = 1 + random_below(random, prime - 1);
	while (modular_common_divisor(exponent, prime - 1) != 1);
	return modular_power(modular_primitive_root(prime), exponent, prime);
}

void
permutation_init(struct permutation *permutation, uint64_t count, uint64_t seed)
{
	struct random_sequence random = { seed };

	permutation->count = count;
	permutation->prime = choose_prime(count);
	permutation->generator = choose_generator(permutation->prime, &random);
	permutation->quotient =
		(uint64_t)(((unsigned __int128)permutation->generator << 64) / permutation->prime);
	permutation->first = 1 + random_below(&random, permutation->prime - 1);
}

uint64_t
permutation_length(const struct permutation *permutation)
{
	return permutation->prime - 1;
}

uint64_t
permutation_element(const struct permutation *permutation, uint64_t exponent)
{
	uint64_t power = modular_power(permutation->generator, exponent, permutation->prime);

	return modular_multiply(permutation->first, power, permutation->prime);
}
