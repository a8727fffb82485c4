/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "trace/name_tree.h"

static struct dns_name
parse(const char *text)
{
	struct dns_name name = { .length = 0 };
	struct fault fault = { .text = "" };

	assert_int_equal(name_tree_parse(text, &name, &fault), 0);
	return name;
}

static void
reads_names_in_lower_case(void **state)
{
	const struct dns_name name = parse("WWW.Example.com");

	assert_int_equal(name.length, 17);
	assert_memory_equal(name.bytes, "\3www\7example\3com", 17);
	assert_int_equal(parse("www.example.com.").length, 17);
	assert_int_equal(parse("a\\.b.c.").bytes[0], 3);
	assert_true(dns_name_equal(&name_tree_root, &(struct dns_name){ .length = 1 }));
	assert_int_equal(parse(".").length, 1);
}

static void
refuses_what_is_no_name(void **state)
{
	static const char *const wrong[] = { "", "a..b", ".a", "\\2",
		"1234567890123456789012345678901234567890123456789012345678901234.x" };
	struct dns_name name = { .length = 0 };
	struct fault fault = { .text = "" };
	char text[300];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(name_tree_parse(wrong[i], &name, &fault), ERROR_INPUT);
	/* 127 labels of one letter are 255 octets, and one more is too long. */
	for (size_t i = 0; i < 128; i++)
		memcpy(text + 2 * i, "a.", 3);
	assert_int_equal(name_tree_parse(text, &name, &fault), ERROR_INPUT);
	text[2 * 127] = '\0';
	assert_int_equal(name_tree_parse(text, &name, &fault), 0);
	assert_int_equal(name.length, DNS_NAME_BYTES);
	assert_int_equal(name_tree_labels(&name), 127);
}

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
		struct dns_name name = parse(cases[i].name);
		const struct dns_name zone = parse(cases[i].zone);
		name.bytes[1] = (uint8_t)(name.bytes[1] & ~0x20); /* case does not count */
		assert_int_equal(name_tree_is_within(&name, &zone), cases[i].is_within);
		assert_int_equal(name_tree_is_below(&name, &zone), cases[i].is_below);
	}
}

static void
puts_one_suffix_in_place_of_another(void **state)
{
	const struct dns_name name = parse("a.b.old.test.");
	const struct dns_name old = parse("old.test.");
	const struct dns_name wanted = parse("a.b.new.example.");
	struct dns_name target = parse("new.example.");
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
		cmocka_unit_test(reads_names_in_lower_case),
		cmocka_unit_test(refuses_what_is_no_name),
		cmocka_unit_test(knows_what_is_below_what),
		cmocka_unit_test(puts_one_suffix_in_place_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
