/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/dns_fixture.h"
#include "trace/name_tree.h"

static void
knows_what_is_below_what(void **state)
{
	static const struct {
		const char *name;
		const char *zone;
		bool is_within;
		bool is_below;
	} cases[] = {
		{ "www.example.com.", "example.com.", true, true },
		{ "example.com.", "example.com.", true, false },
		{ "com.", "example.com.", false, false },
		{ "badexample.com.", "example.com.", false, false },
		{ "example.com.evil.", "example.com.", false, false },
		{ "a.b.c.", ".", true, true },
		{ ".", ".", true, false },
		{ "a\\.com.", "com.", false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dns_name name = dns_fixture_name(cases[i].name);
		const struct dns_name zone = dns_fixture_name(cases[i].zone);
		name.bytes[1] = (uint8_t)(name.bytes[1] & ~0x20); /* case does not count */
		assert_int_equal(name_tree_is_within(&name, &zone), cases[i].is_within);
		assert_int_equal(name_tree_is_below(&name, &zone), cases[i].is_below);
	}
}

static void
puts_one_suffix_in_place_of_another(void **state)
{
	const struct dns_name name = dns_fixture_name("a.b.old.test.");
	const struct dns_name old = dns_fixture_name("old.test.");
	const struct dns_name wanted = dns_fixture_name("a.b.new.example.");
	struct dns_name target = dns_fixture_name("new.example.");
	struct dns_name got = { .length = 0 };

	assert_true(name_tree_substitute(&name, &old, &target, &got));
	assert_true(dns_name_equal(&got, &wanted));
	/* 252 octets and "a.b." are too many; what there was stays. */
	target.length = DNS_NAME_BYTES - 3;
	assert_false(name_tree_substitute(&name, &old, &target, &got));
	assert_true(dns_name_equal(&got, &wanted));
	target.length = DNS_NAME_BYTES - 4;
	assert_true(name_tree_substitute(&name, &old, &target, &got));
	assert_int_equal(got.length, DNS_NAME_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_is_below_what),
		cmocka_unit_test(puts_one_suffix_in_place_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
