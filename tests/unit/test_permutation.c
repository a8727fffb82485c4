/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "targets/modular.h"
#include "targets/permutation.h"

#define SMALL_MAXIMUM 3000

static void
knows_primes(void **state)
{
	/*
	 * The smallest composites that pass for the witnesses {2}, {2,3}, {2,3,5} and {2,3,5,7},
	 * and a Carmichael number.
	 */
	static const uint64_t composites[] = { 0, 1, 4, 2047, 1373653, 25326001, 3215031751, 561,
		4294967297, 9 };
	static const uint64_t primes[] = { 2, 3, 5, 7, 11, 13, 65537, 2147483647, 4294967291,
		4294967311 };

	for (size_t i = 0; i < sizeof(composites) / sizeof(composites[0]); i++)
		assert_false(modular_is_prime(composites[i]));
	for (size_t i = 0; i < sizeof(primes) / sizeof(primes[0]); i++)
		assert_true(modular_is_prime(primes[i]));
	assert_true(modular_next_prime(1ULL << 32) == (1ULL << 32) + 15);
	assert_int_equal(modular_next_prime(7), 11);
}

static void
agrees_with_a_sieve(void **state)
{
	uint8_t is_composite[100000] = { 1, 1 };

	for (uint64_t i = 2; i < sizeof(is_composite); i++) {
		assert_int_equal(modular_is_prime(i), !is_composite[i]);
		for (uint64_t j = i * i; j < sizeof(is_composite); j += i)
			is_composite[j] = 1;
	}
}

static void
finds_known_primitive_roots(void **state)
{
	/*
	 * From the tables of least primitive roots (OEIS A001918); 409 is the first prime whose
	 * least is 21.
	 */
	assert_int_equal(modular_primitive_root(3), 2);
	assert_int_equal(modular_primitive_root(7), 3);
	assert_int_equal(modular_primitive_root(41), 6);
	assert_int_equal(modular_primitive_root(409), 21);
	assert_int_equal(modular_primitive_root(65537), 3);
}

/*
 * Walks all exponents; the step function and the direct element must agree, and each number come
 * once.
 */
static void
assert_once_each(uint64_t count, uint64_t seed, uint8_t *seen)
{
	struct permutation permutation;
	uint64_t numbers = 0;

	permutation_init(&permutation, count, seed);
	memset(seen, 0, (size_t)count);
	uint64_t element = permutation_element(&permutation, 0);
	for (uint64_t i = 0; i < permutation_length(&permutation); i++) {
		if (permutation_has_number(&permutation, element)) {
			assert_int_equal(seen[element - 1], 0);
			seen[element - 1] = 1;
			numbers++;
		}
		element = permutation_next(&permutation, element);
		if (i % 97 == 0)
			assert_true(element == permutation_element(&permutation, i + 1));
	}
	assert_true(element == permutation_element(&permutation, 0));
	assert_int_equal(numbers, count);
}

static void
gives_every_small_count_once_each(void **state)
{
	uint8_t seen[SMALL_MAXIMUM + 1];

	for (uint64_t count = 0; count <= SMALL_MAXIMUM; count++)
		assert_once_each(count, count * 3 + 1, seen);
}

static void
gives_larger_counts_once_each(void **state)
{
	static const uint64_t counts[] = { 65535, 65536, 65537, 131072, 999983, 1u << 20 };
	uint8_t *seen = malloc(1u << 20);

	assert_non_null(seen);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		assert_once_each(counts[i], i, seen);
	free(seen);
}

/* At the sizes where 64-bit products overflow, each step is compared with 128-bit arithmetic. */
static void
steps_exactly_where_products_are_large(void **state)
{
	static const uint64_t counts[] = { 1ULL << 32, (1ULL << 32) - 1, 1ULL << 31, 3758096384 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (uint64_t seed = 0; seed < 20; seed++) {
			struct permutation permutation;

			permutation_init(&permutation, counts[i], seed);
			uint64_t element = permutation_element(&permutation, seed * 1000003);
			for (int step = 0; step < 2000; step++) {
				uint64_t expected = modular_multiply(
					element, permutation.generator, permutation.prime);

				element = permutation_next(&permutation, element);
				assert_true(element == expected);
			}
			uint64_t last = permutation.prime - 1;
			assert_true(permutation_next(&permutation, last) ==
				    permutation.prime - permutation.generator);
			assert_true(permutation_next(&permutation, 1) == permutation.generator);
		}
	}
}

/* The generator's order is the whole group's: no power by a proper divisor of prime - 1 is 1. */
static void
generator_of_the_whole_space_has_full_order(void **state)
{
	/* 2^32 + 14 = 2 * 3^2 * 5 * 131 * 364289 */
	static const uint64_t factors[] = { 2, 3, 5, 131, 364289 };
	const uint64_t order = (1ULL << 32) + 14;

	assert_true(order == 2ULL * 9 * 5 * 131 * 364289);
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct permutation permutation;

		permutation_init(&permutation, 1ULL << 32, seed);
		assert_true(permutation.prime == order + 1);
		for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
			assert_true(modular_power(permutation.generator, order / factors[i],
					    permutation.prime) != 1);
		assert_true(modular_power(permutation.generator, order, permutation.prime) == 1);
	}
}

static uint32_t
count_equal_places(uint64_t left_seed, uint64_t right_seed)
{
	struct permutation left;
	struct permutation right;
	uint32_t equal = 0;

	permutation_init(&left, 1u << 17, left_seed);
	permutation_init(&right, 1u << 17, right_seed);
	for (uint64_t i = 0; i < 1000; i++)
		equal += permutation_element(&left, i) == permutation_element(&right, i);
	return equal;
}

static void
order_follows_the_seed(void **state)
{
	assert_int_equal(count_equal_places(5, 5), 1000);
	for (uint64_t seed = 0; seed < 50; seed++)
		assert_true(count_equal_places(seed, seed + 1) < 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_primes),
		cmocka_unit_test(agrees_with_a_sieve),
		cmocka_unit_test(finds_known_primitive_roots),
		cmocka_unit_test(gives_every_small_count_once_each),
		cmocka_unit_test(gives_larger_counts_once_each),
		cmocka_unit_test(steps_exactly_where_products_are_large),
		cmocka_unit_test(generator_of_the_whole_space_has_full_order),
		cmocka_unit_test(order_follows_the_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
