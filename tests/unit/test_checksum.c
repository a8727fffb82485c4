/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "base/random.h"
#include "packet/checksum.h"

/* Word by word, as RFC 1071 section 1 says it. */
static uint16_t
slow_checksum(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i += 2) {
		sum += (uint32_t)bytes[i] << 8 | (i + 1 < length ? bytes[i + 1] : 0);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static uint16_t
fast_checksum(const uint8_t *bytes, size_t length)
{
	const uint16_t stored = checksum_finish(checksum_add(0, bytes, length));
	uint8_t wire[2];

	memcpy(wire, &stored, sizeof(wire));
	return load_be16(wire);
}

static void
example_of_rfc_1071(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	/* Section 3: the sum is ddf2. */
	assert_int_equal(fast_checksum(bytes, sizeof(bytes)), (uint16_t)~0xddf2);
}

static void
known_ipv4_header(void **state)
{
	/* A header whose checksum, b861, stands in many textbooks. */
	uint8_t header[20] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8,
		0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };

	assert_int_equal(checksum_finish(checksum_add(0, header, 20)), 0);
	header[10] = header[11] = 0;
	assert_int_equal(fast_checksum(header, 20), 0xb861);
}

static void
every_length_and_alignment_agrees_with_the_slow_way(void **state)
{
	struct random_sequence random = { .state = 3 };
	uint8_t bytes[300];

	for (int round = 0; round < 3000; round++) {
		const bool is_extreme = round % 3 == 0;
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = is_extreme ? 0xff : (uint8_t)random_next(&random);
		const size_t from = random_below(&random, 8);
		const size_t length = random_below(&random, 290);
		assert_int_equal(
			fast_checksum(bytes + from, length), slow_checksum(bytes + from, length));
		/* In two pieces, the first even. */
		const size_t cut = random_below(&random, length + 1) & ~(size_t)1;
		const uint64_t sum = checksum_add(0, bytes + from, cut);
		assert_int_equal(
			checksum_finish(checksum_add(sum, bytes + from + cut, length - cut)),
			checksum_finish(checksum_add(0, bytes + from, length)));
	}
}

static void
largest_sums_are_folded(void **state)
{
	static uint8_t bytes[65535];

	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(fast_checksum(bytes, sizeof(bytes)), slow_checksum(bytes, sizeof(bytes)));
	/* Each fold carries again. */
	assert_int_equal(checksum_finish(0xffffffffffffffffULL), 0);
	assert_int_equal(checksum_finish(0x00000001ffff0000ULL), 0xfffe);
}

static void
tcp_covers_the_pseudo_header(void **state)
{
	uint8_t ip[20] = { 0x45, [9] = 6, [12] = 10, 0, 0, 1, 10, 0, 0, 2 };
	uint8_t tcp[25] = { 0x12, 0x34, 0x03, 0x55, [12] = 0x50, [24] = 'x' };
	uint8_t pseudo[12 + sizeof(tcp)] = { 10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, sizeof(tcp) };

	memcpy(pseudo + 12, tcp, sizeof(tcp));
	const uint16_t checksum = checksum_tcp(ip, tcp, sizeof(tcp));
	uint8_t wire[2];
	memcpy(wire, &checksum, 2);
	assert_int_equal(load_be16(wire), slow_checksum(pseudo, sizeof(pseudo)));
	memcpy(tcp + 16, &checksum, 2);
	assert_int_equal(checksum_tcp(ip, tcp, sizeof(tcp)), 0);
	ip[15]++;
	assert_int_not_equal(checksum_tcp(ip, tcp, sizeof(tcp)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_rfc_1071),
		cmocka_unit_test(known_ipv4_header),
		cmocka_unit_test(every_length_and_alignment_agrees_with_the_slow_way),
		cmocka_unit_test(largest_sums_are_folded),
		cmocka_unit_test(tcp_covers_the_pseudo_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
