/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "scan/responder_set.h"

#define ADDRESSES 200000U
#define MEBIBYTE  (1024ULL * 1024)

static const struct siphash_key key = { 0x1111, 0x2222 };

/* Spread like scan results: some blocks are full, others hold single hosts. Never 0. */
static uint32_t
address_of(uint32_t number)
{
	return number % 3 == 0 ? 0xc6120000U + number : 1 + number * 2654435761U % 0xfffffffe;
}

/* The reference remembers by number what the set was told; the numbers' addresses are distinct. */
static void
test_like_a_plain_table(void **state)
{
	struct random_sequence random = { .state = 8 };
	static uint8_t reference[ADDRESSES];
	struct responder_set set;

	memset(reference, RESPONDER_UNKNOWN, sizeof(reference));
	assert_int_equal(responder_set_init(&set, &key), 0);
	for (uint32_t i = 0; i < 3 * ADDRESSES; i++) {
		const uint32_t number = (uint32_t)random_below(&random, ADDRESSES);
		const uint32_t address = 0xc6120000U + number;

		assert_int_equal(responder_set_find(&set, address), reference[number]);
		if (random_below(&random, 2) == 0) {
			assert_int_equal(responder_set_add(&set, address), 0);
			if (reference[number] == RESPONDER_UNKNOWN)
				reference[number] = RESPONDER_PENDING;
		} else {
			assert_int_equal(responder_set_settle(&set, address), 0);
			reference[number] = RESPONDER_SETTLED;
		}
		assert_int_equal(responder_set_find(&set, address), reference[number]);
	}
	for (uint32_t number = 0; number < ADDRESSES; number++)
		assert_int_equal(responder_set_find(&set, 0xc6120000U + number), reference[number]);
	for (uint32_t i = 0; i < ADDRESSES; i++)
		assert_int_equal(responder_set_find(&set, 0x0a000000U + i), RESPONDER_UNKNOWN);
	responder_set_clear(&set);
}

static void
test_scattered_addresses(void **state)
{
	struct responder_set set;

	assert_int_equal(responder_set_init(&set, &key), 0);
	for (uint32_t i = 0; i < ADDRESSES; i++)
		assert_int_equal(responder_set_add(&set, address_of(i)), 0);
	for (uint32_t i = 0; i < ADDRESSES; i++)
		assert_int_equal(responder_set_find(&set, address_of(i)), RESPONDER_PENDING);
	responder_set_clear(&set);
}

static uint64_t
entries(const struct responder_set *set)
{
	uint64_t total = 0;

	for (int i = 0; i < RESPONDER_TABLES; i++)
		total += set->tables[i].count;
	return total;
}

static void
test_twice_changes_nothing(void **state)
{
	struct responder_set set;

	assert_int_equal(responder_set_init(&set, &key), 0);
	assert_int_equal(responder_set_settle(&set, 5), 0);
	assert_int_equal(responder_set_settle(&set, 5), 0);
	/* A settled one never becomes pending again. */
	assert_int_equal(responder_set_add(&set, 5), 0);
	assert_int_equal(responder_set_find(&set, 5), RESPONDER_SETTLED);
	assert_int_equal(entries(&set), 1);
	responder_set_clear(&set);
}

static void
test_a_million_fit_in_32_mebibytes(void **state)
{
	struct responder_set set;

	assert_int_equal(responder_set_init(&set, &key), 0);
	assert_true(responder_set_bytes(&set) < 64 * 1024);
	for (uint32_t i = 0; i < 1000000; i++)
		assert_int_equal(responder_set_add(&set, 0x0b000000U + i * 13), 0);
	assert_int_equal(entries(&set), 1000000);
	assert_true(responder_set_bytes(&set) <= 32 * MEBIBYTE);
	/* At most half full, or lookups get long. */
	for (int i = 0; i < RESPONDER_TABLES; i++)
		assert_true(set.tables[i].count <= set.tables[i].mask / 2 + 1);
	responder_set_clear(&set);
}

static void
test_clear_accepts_zeroed(void **state)
{
	struct responder_set set = { .key = key };

	responder_set_clear(&set);
	assert_null(set.tables[0].addresses);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_a_plain_table),
		cmocka_unit_test(test_scattered_addresses),
		cmocka_unit_test(test_twice_changes_nothing),
		cmocka_unit_test(test_a_million_fit_in_32_mebibytes),
		cmocka_unit_test(test_clear_accepts_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
