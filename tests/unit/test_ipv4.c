/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/ipv4.h"
#include "base/random.h"

static void
test_addresses(void **state)
{
	static const struct {
		const char *text;
		uint32_t address;
	} good[] = { { "0.0.0.0", 0 }, { "255.255.255.255", UINT32_MAX },
		{ "198.18.7.9", 0xc6120709 }, { "1.2.3.4", 0x01020304 } };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint32_t address = 7;

		assert_true(ipv4_parse(good[i].text, &address));
		assert_int_equal(address, good[i].address);
	}
}

static void
test_bad_addresses_leave_the_output(void **state)
{
	static const char *const bad[] = { "", ".", "1", "1.2", "1.2.3", "1.2.3.", "1.2.3.4.",
		"1.2.3.4.5", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "256.1.1.1", "1.1.1.256",
		"1.1.1.999999999999", "01.2.3.4", "1.2.3.00", "1.2.3.-4", "+1.2.3.4", "1..2.3",
		"a.b.c.d", "0x1.2.3.4", "1.2.3.4/32", "1.2.3.4-1.2.3.5" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t address = 7;

		if (ipv4_parse(bad[i], &address) || address != 7)
			fail_msg("'%s' was taken", bad[i]);
	}
}

static void
test_ranges(void **state)
{
	static const struct {
		const char *text;
		uint32_t first;
		uint32_t last;
	} good[] = { { "0.0.0.0/0", 0, UINT32_MAX }, { "1.2.3.4/0", 0, UINT32_MAX },
		{ "128.0.0.0/1", 0x80000000, UINT32_MAX },
		{ "198.18.0.0/15", 0xc6120000, 0xc613ffff },
		{ "198.19.7.9/15", 0xc6120000, 0xc613ffff }, /* host bits cleared */
		{ "192.0.2.1/32", 0xc0000201, 0xc0000201 },
		{ "192.0.2.1/31", 0xc0000200, 0xc0000201 }, { "192.0.2.1", 0xc0000201, 0xc0000201 },
		{ "192.0.2.1-192.0.2.1", 0xc0000201, 0xc0000201 },
		{ "0.0.0.0-255.255.255.255", 0, UINT32_MAX },
		{ "192.0.2.250-192.0.3.5", 0xc00002fa, 0xc0000305 } };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct ipv4_range range;

		if (!ipv4_range_parse(good[i].text, &range))
			fail_msg("'%s' was refused", good[i].text);
		assert_int_equal(range.first, good[i].first);
		assert_int_equal(range.last, good[i].last);
	}
}

static void
test_bad_ranges_leave_the_output(void **state)
{
	static const char *const bad[] = { "", "/8", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/08",
		"1.2.3.4/-1", "1.2.3.4/8 ", "1.2.3.4/8/8", "1.2.3/24", "1.2.3.4-", "-1.2.3.4",
		"1.2.3.4-5", "1.2.3.5-1.2.3.4", "1.2.3.4 - 1.2.3.5", "1.2.3.4-1.2.3.5-1.2.3.6",
		"1.2.3.4-1.2.3.0/24", "1.2.3.4,1.2.3.5", "::/0", "1.2.3.4/4294967304" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ipv4_range range = { 7, 9 };

		if (ipv4_range_parse(bad[i], &range) || range.first != 7 || range.last != 9)
			fail_msg("'%s' was taken", bad[i]);
	}
}

static void
test_every_prefix_length(void **state)
{
	for (unsigned int length = 0; length <= 32; length++) {
		const uint32_t address = 0xa5c3f00f;
		const uint64_t size = 1ULL << (32 - length);
		struct ipv4_range range;
		char text[32];

		(void)snprintf(text, sizeof(text), "165.195.240.15/%u", length);
		assert_true(ipv4_range_parse(text, &range));
		assert_int_equal((uint64_t)range.last - range.first + 1, size);
		assert_int_equal(range.first % size, 0);
		assert_true(range.first <= address && address <= range.last);
	}
}

static void
test_format_parses_back(void **state)
{
	struct random_sequence random = { .state = 4 };

	for (int i = 0; i < 20000; i++) {
		const uint32_t address = (uint32_t)random_next(&random);
		uint32_t parsed = ~address;
		char text[IPV4_TEXT_SIZE];

		assert_ptr_equal(ipv4_format(address, text), text);
		assert_true(ipv4_parse(text, &parsed));
		assert_int_equal(parsed, address);
	}
	char text[IPV4_TEXT_SIZE];
	assert_string_equal(ipv4_format(0xfffefdfc, text), "255.254.253.252");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_bad_addresses_leave_the_output),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_bad_ranges_leave_the_output),
		cmocka_unit_test(test_every_prefix_length),
		cmocka_unit_test(test_format_parses_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
