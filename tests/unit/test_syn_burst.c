/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "scan/syn_burst.h"

/* The same source once more, for processors without wide registers, whatever this one has. */
#undef VECTOR_CLONES_H
#define VECTOR_CLONES_H
#undef VECTOR_CLONES
#define VECTOR_CLONES
#define syn_burst_write syn_burst_write_narrow
void syn_burst_write_narrow(const struct syn_source *source, const uint32_t *addresses,
	size_t count, uint64_t now_ns, uint8_t *const *frames);
#include "../../lib/scan/syn_burst.c"
#undef syn_burst_write

#define SEED       20260102
#define ROUNDS     20000
#define GUARD_BYTE 0xa5

typedef void write_burst(const struct syn_source *source, const uint32_t *addresses, size_t count,
	uint64_t now_ns, uint8_t *const *frames);

struct burst {
	uint32_t addresses[SYN_BURST_MAXIMUM];
	uint8_t bytes[SYN_BURST_MAXIMUM + 1][SYN_TEMPLATE_SIZE];
	uint8_t *frames[SYN_BURST_MAXIMUM];
};

static void
expect_same(write_burst *write, const struct syn_source *source, struct burst *burst, size_t count,
	uint64_t now_ns)
{
	uint8_t expected[SYN_TEMPLATE_SIZE];

	memset(burst->bytes, GUARD_BYTE, sizeof(burst->bytes));
	for (size_t i = 0; i < SYN_BURST_MAXIMUM; i++)
		burst->frames[i] = burst->bytes[i];
	write(source, burst->addresses, count, now_ns, burst->frames);
	for (size_t i = 0; i < count; i++) {
		syn_source_write(source, burst->addresses[i], now_ns, expected);
		assert_memory_equal(burst->bytes[i], expected, sizeof(expected));
	}
	memset(expected, GUARD_BYTE, sizeof(expected));
	assert_memory_equal(burst->bytes[count], expected, sizeof(expected));
}

static void
draw_source(struct random_sequence *random, struct syn_cookie *cookie, uint32_t locals[4],
	struct syn_source *source)
{
	const uint64_t secret[4] = { random_next(random), random_next(random), random_next(random),
		random_next(random) };
	const uint32_t ports = 1U << random_below(random, 16);
	struct link_endpoints link = { .vlan = (uint16_t)random_below(random, 3) };

	for (int i = 0; i < 4; i++)
		locals[i] = (uint32_t)random_next(random);
	syn_cookie_init(
		cookie, secret, (uint16_t)(ports * random_below(random, 65536 / ports)), ports);
	*source = (struct syn_source){
		.cookie = cookie,
		.local_addresses = locals,
		.local_address_count = 1 + (uint32_t)random_below(random, 4),
	};
	syn_template_init(&source->syn, &link, (uint16_t)(1 + random_below(random, 65535)));
}

/* Random sources, addresses, times and numbers of frames. */
static void
test_same_as_one_by_one(void **state)
{
	write_burst *const writers[] = { syn_burst_write, syn_burst_write_narrow };
	struct random_sequence random = { .state = SEED };
	struct syn_cookie cookie;
	struct syn_source source;
	uint32_t locals[4];
	struct burst burst;

	print_message("seed %d\n", SEED);
	for (int round = 0; round < ROUNDS; round++) {
		if (round % 100 == 0)
			draw_source(&random, &cookie, locals, &source);
		const size_t count = random_below(&random, SYN_BURST_MAXIMUM + 1);
		for (size_t i = 0; i < count; i++)
			burst.addresses[i] = (uint32_t)random_next(&random);
		const uint64_t now_ns = random_next(&random);
		for (size_t w = 0; w < 2; w++)
			expect_same(writers[w], &source, &burst, count, now_ns);
	}
}

/* Addresses whose halves carry, or add nothing to the sums. */
static void
test_extreme_addresses(void **state)
{
	static const uint32_t extremes[] = { 0, 1, 0xffff, 0x10000, 0xffff0000, 0xffffffff,
		0xfffffffe, 0x80008000, 0x7fffffff };
	write_burst *const writers[] = { syn_burst_write, syn_burst_write_narrow };
	const size_t count = sizeof(extremes) / sizeof(extremes[0]);
	struct random_sequence random = { .state = SEED };
	struct syn_cookie cookie;
	struct syn_source source;
	uint32_t locals[4];
	struct burst burst;

	draw_source(&random, &cookie, locals, &source);
	memcpy(burst.addresses, extremes, sizeof(extremes));
	for (size_t i = 0; i < count; i++) {
		for (int j = 0; j < 4; j++)
			locals[j] = extremes[i];
		for (size_t w = 0; w < 2; w++)
			expect_same(writers[w], &source, &burst, count, i * 1000003);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_one_by_one),
		cmocka_unit_test(test_extreme_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
