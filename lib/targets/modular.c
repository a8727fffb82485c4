/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "targets/modular.h"

/*
 * 2 * 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29 * 31 * 37 exceeds 2^40, so no more distinct factors
 * are possible.
 */
#define MAXIMUM_FACTORS 12

uint64_t
modular_multiply(uint64_t factor, uint64_t other, uint64_t modulus)
{
	return (uint64_t)((unsigned __int128)factor * other % modulus);
}

uint64_t
modular_power(uint64_t base, uint64_t exponent, uint64_t modulus)
{
	uint64_t power = 1 % modulus;

	base %= modulus;
	for (; exponent > 0; exponent >>= 1) {
		if (exponent & 1)
			power = modular_multiply(power, base, modulus);
		base = modular_multiply(base, base, modulus);
	}
	return power;
}

/*
 * One round of Miller and Rabin: does the witness leave open that number is prime? number - 1 = odd
 * * 2^twos.
 */
static bool
passes_witness(uint64_t number, uint64_t witness, uint64_t odd, unsigned twos)
{
	uint64_t power = modular_power(witness, odd, number);

	if (power == 1 || power == number - 1)
		return true;
	for (unsigned i = 1; i < twos; i++) {
		power = modular_multiply(power, power, number);
		if (power == number - 1)
			return true;
	}
	return false;
}

bool
modular_is_prime(uint64_t number)
{
	/*
	 * These five witnesses decide every number below 2,152,302,898,747 (Pomerance, Selfridge,
	 * Wagstaff; Jaeschke 1993).
	 */
	static const uint64_t witnesses[] = { 2, 3, 5, 7, 11 };
	uint64_t odd = number - 1;
	unsigned twos = 0;

	if (number < 2)
		return false;
	for (size_t i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++) {
		if (number % witnesses[i] == 0)
			return number == witnesses[i];
	}
	for (; (odd & 1) == 0; odd >>= 1)
		twos++;
	for (size_t i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++) {
		if (!passes_witness(number, witnesses[i], odd, twos))
			return false;
	}
	return true;
}

uint64_t
modular_next_prime(uint64_t number)
{
	do
		number++;
	while (!modular_is_prime(number));
	return number;
}

/*
 * The distinct prime factors of number, by trial division: the square root of 2^40 is only a
 * million.
 */
static size_t
find_factors(uint64_t number, uint64_t factors[MAXIMUM_FACTORS])
{
	size_t count = 0;

	for (uint64_t divisor = 2; divisor * divisor <= number; divisor += 1 + (divisor & 1)) {
		if (number % divisor != 0)
			continue;
		factors[count++] = divisor;
		while (number % divisor == 0)
			number /= divisor;
	}
	if (number > 1)
		factors[count++] = number;
	return count;
}

uint64_t
modular_primitive_root(uint64_t prime)
{
	uint64_t factors[MAXIMUM_FACTORS];
	size_t count = find_factors(prime - 1, factors);

	for (uint64_t candidate = 2;; candidate++) {
		size_t passed = 0;

		/*
		 * It generates the whole group unless its order divides (prime - 1) / factor for
		 * some factor.
		 */
		while (passed < count &&
			modular_power(candidate, (prime - 1) / factors[passed], prime) != 1)
			passed++;
		if (passed == count)
			return candidate;
	}
}

uint64_t
modular_common_divisor(uint64_t left, uint64_t right)
{
	while (right != 0) {
		uint64_t rest = left % right;

		left = right;
		right = rest;
	}
	return left;
}
