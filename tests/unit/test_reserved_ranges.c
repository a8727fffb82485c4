/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "targets/reserved_ranges.h"

static bool
is_reserved(const char *text)
{
	uint32_t address = 0;

	assert_true(ipv4_parse(text, &address));
	return reserved_ranges_find(address) != NULL;
}

static void
knows_both_ends_of_each_block(void **state)
{
	static const char *const reserved[] = { "0.0.0.0", "0.255.255.255", "10.0.0.0",
		"10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0", "127.255.255.255",
		"169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0",
		"192.0.0.9", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0",
		"192.88.99.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
		"198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
		"239.255.255.255", "240.0.0.0", "255.255.255.254", "255.255.255.255" };
	static const char *const ordinary[] = { "1.0.0.0", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
		"192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
		"203.0.114.0", "223.255.255.255", "192.31.196.1", "192.52.193.1", "192.175.48.1" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		assert_true(is_reserved(reserved[i]));
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		assert_false(is_reserved(ordinary[i]));
}

static void
table_is_sorted_and_named(void **state)
{
	size_t count = 0;
	const struct reserved_range *table = reserved_ranges(&count);

	assert_int_equal(count, 16);
	for (size_t i = 0; i < count; i++) {
		assert_true(table[i].range.first <= table[i].range.last);
		assert_true(i == 0 || table[i].range.first > table[i - 1].range.first);
		assert_non_null(strstr(table[i].name, "RFC "));
	}
}

static void
list_has_the_known_size(void **state)
{
	struct range_list list = { 0 };

	/* Three /8, a /10, a /12, two /16, five /24, a /15 and the top 2^29. */
	const uint64_t expected = (3ULL << 24) + (1ULL << 22) + (1ULL << 20) + (2ULL << 16) +
				  (5ULL << 8) + (1ULL << 17) + (1ULL << 29);

	assert_int_equal(reserved_ranges_list(&list), 0);
	assert_true(range_list_address_count(&list) == expected);
	assert_int_equal(list.count, 14);
	range_list_clear(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_both_ends_of_each_block),
		cmocka_unit_test(table_is_sorted_and_named),
		cmocka_unit_test(list_has_the_known_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
