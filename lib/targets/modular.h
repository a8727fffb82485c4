/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODULAR_H
#define MODULAR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Arithmetic modulo numbers below 2^63, exact, for the start of a scan: none of it belongs in a
 * packet loop.
 */

/* factor * other mod modulus */
uint64_t modular_multiply(uint64_t factor, uint64_t other, uint64_t modulus);

/* base ^ exponent mod modulus; 1 mod modulus for the exponent 0. */
uint64_t modular_power(uint64_t base, uint64_t exponent, uint64_t modulus);

/* Is the number prime? A proof, not a probability, for every number below 2^40. */
bool modular_is_prime(uint64_t number);

/* The smallest prime above number, which must be below 2^39. */
uint64_t modular_next_prime(uint64_t number);

/*
 * The smallest generator of the multiplicative group modulo an odd prime below 2^40. Takes at most
 * some milliseconds.
 */
uint64_t modular_primitive_root(uint64_t prime);

/* The greatest common divisor. */
uint64_t modular_common_divisor(uint64_t left, uint64_t right);

#endif
