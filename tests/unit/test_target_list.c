/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "targets/target_list.h"

#define RESERVED_COUNT 592708864ULL
#define TEXTS(...)                                                                    \
	{                                                                             \
		(const char *const[]){ __VA_ARGS__ },                                 \
			sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) \
	}

static void
init(struct target_list *list, const struct target_settings *settings)
{
	struct fault fault = { { 0 } };
	int error = target_list_init(list, settings, &fault);

	if (error != 0)
		fail_msg("%d: %s", error, fault.text);
	assert_string_equal(fault.text, "");
	assert_true(list->included == list->excluded + list->reserved + list->planned);
	assert_true(list->planned == list->set.count);
}

static bool
has(const struct target_list *list, const char *text)
{
	uint32_t address = 0;

	assert_true(ipv4_parse(text, &address));
	return address_set_contains(&list->set, address);
}

static void
assert_fault(const struct target_settings *settings, int error, const char *expected)
{
	struct target_list list = { 0 };
	struct fault fault = { { 0 } };

	assert_int_equal(target_list_init(&list, settings, &fault), error);
	if (strstr(fault.text, expected) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", expected, fault.text);
	assert_null(list.set.ranges);
}

static void
write_file(char *path, const char *text)
{
	int descriptor = mkstemp(path);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
	assert_int_equal(close(descriptor), 0);
}

static void
nothing_chosen_is_nothing_planned(void **state)
{
	const struct target_settings settings = { 0 };
	struct target_list list;

	init(&list, &settings);
	assert_int_equal(list.included, 0);
	assert_int_equal(list.planned, 0);
	assert_false(list.is_reserved_only);
	target_list_clear(&list);
}

static void
excludes_win(void **state)
{
	const struct target_settings settings = {
		.include = TEXTS("1.2.0.0/16", "1.2.3.4", "9.9.9.9"),
		.exclude = TEXTS("1.2.3.0/24", "9.9.9.9", "8.8.8.8"),
	};
	struct target_list list;

	init(&list, &settings);
	assert_int_equal(list.included, 65537);
	assert_int_equal(list.excluded, 257);
	assert_int_equal(list.reserved, 0);
	assert_int_equal(list.planned, 65280);
	assert_false(has(&list, "1.2.3.4"));
	assert_true(has(&list, "1.2.4.4"));
	assert_false(has(&list, "9.9.9.9"));
	assert_false(list.is_reserved_only);
	target_list_clear(&list);
}

static void
takes_reserved_space_out_of_wide_ranges(void **state)
{
	const struct target_settings everything = { .include = TEXTS("0.0.0.0/0") };
	const struct target_settings edge = {
		.include = TEXTS("9.255.255.0-10.0.0.255", "192.168.0.0/15"),
		.exclude = TEXTS("10.0.0.0/25", "9.255.255.255"),
	};
	struct target_list list;

	init(&list, &everything);
	assert_true(list.included == 1ULL << 32);
	assert_true(list.reserved == RESERVED_COUNT);
	assert_true(list.planned == (1ULL << 32) - RESERVED_COUNT);
	assert_false(has(&list, "198.18.0.1"));
	assert_true(has(&list, "1.1.1.1"));
	target_list_clear(&list);
	init(&list, &edge);
	assert_int_equal(list.included, 512 + 131072);
	assert_int_equal(list.excluded, 129);
	assert_int_equal(list.reserved, 128 + 65536);
	assert_false(has(&list, "10.0.0.200"));
	target_list_clear(&list);
}

static void
refuses_reserved_targets_that_are_meant(void **state)
{
	const struct target_settings private = { .include = TEXTS("1.1.1.1", "10.1.0.0/16") };
	const struct target_settings lab = { .include = TEXTS("198.18.0.0/15") };
	const struct target_settings top = { .include = TEXTS("230.0.0.0-250.0.0.0") };
	const struct target_settings excluded = {
		.include = TEXTS("127.0.0.1"),
		.exclude = TEXTS("127.0.0.0/8"),
	};

	assert_fault(&private, ERROR_INPUT,
		"scan.targets.include[1]: \"10.1.0.0/16\" lies wholly in reserved address space (private use, RFC 1918); accepted are");
	assert_fault(&lab, ERROR_INPUT, "(benchmarking, RFC 2544)");
	assert_fault(&lab, ERROR_INPUT, "allow_reserved: true");
	assert_fault(&top, ERROR_INPUT, "(multicast, RFC 5771)");
	assert_fault(&excluded, ERROR_INPUT, "(loopback, RFC 1122)");
}

static void
a_lab_may_use_reserved_space(void **state)
{
	struct target_settings settings = {
		.include = TEXTS("198.18.0.0/15"),
		.exclude = TEXTS("198.18.0.0/32"),
		.allow_reserved = true,
	};
	const struct target_settings mixed = {
		.include = TEXTS("198.18.0.0/15", "1.1.1.1"),
		.allow_reserved = true,
	};
	struct target_list list;

	init(&list, &settings);
	assert_int_equal(list.planned, 131071);
	assert_int_equal(list.reserved, 0);
	assert_true(list.is_reserved_only);
	assert_true(has(&list, "198.19.255.255"));
	target_list_clear(&list);
	init(&list, &mixed);
	assert_int_equal(list.planned, 131073);
	assert_false(list.is_reserved_only);
	target_list_clear(&list);
}

static void
a_selection_alone_chooses_and_otherwise_narrows(void **state)
{
	struct ipv4_range ranges[] = { { 0x01010000, 0x0101ffff }, { 0x0a000000, 0x0a0000ff } };
	const struct range_list selection = { ranges, 2, 2 };
	const struct range_list nothing = { 0 };
	struct target_settings settings = { .selection = &selection };
	struct target_list list;

	init(&list, &settings);
	assert_int_equal(list.included, 65536 + 256);
	assert_int_equal(list.reserved, 256);
	assert_int_equal(list.planned, 65536);
	target_list_clear(&list);

	settings.include = (struct target_texts)TEXTS("1.1.255.0-1.2.255.255");
	settings.exclude = (struct target_texts)TEXTS("1.1.255.7");
	init(&list, &settings);
	assert_int_equal(list.included, 256);
	assert_int_equal(list.planned, 255);
	target_list_clear(&list);

	settings.selection = &nothing;
	init(&list, &settings);
	assert_int_equal(list.planned, 0);
	target_list_clear(&list);
}

static void
reads_files_and_names_their_lines(void **state)
{
	char included[] = "/tmp/test_target_list_i.XXXXXX";
	char excluded[] = "/tmp/test_target_list_e.XXXXXX";
	char bad[] = "/tmp/test_target_list_b.XXXXXX";
	char reserved[] = "/tmp/test_target_list_r.XXXXXX";
	char expected[128];
	struct target_list list;

	write_file(included, "saddr,ttl\n1.2.3.4,5\n1.2.3.5,6\n");
	write_file(excluded, "1.2.3.5 # asked us\n10.0.0.0/8\n");
	write_file(bad, "1.2.3.4\n\nexample.org\n");
	write_file(reserved, "1.2.3.4\n192.168.1.1\n");
	struct target_settings settings = {
		.include_files = TEXTS(included),
		.exclude_files = TEXTS(excluded),
	};
	init(&list, &settings);
	assert_int_equal(list.planned, 1);
	assert_true(has(&list, "1.2.3.4"));
	target_list_clear(&list);

	settings.include_files = (struct target_texts)TEXTS(included, bad);
	(void)snprintf(expected, sizeof(expected),
		"%s:3: \"example.org\" is not a target; accepted is an address (192.0.2.1), a CIDR block",
		bad);
	assert_fault(&settings, ERROR_INPUT, expected);
	settings.include_files = (struct target_texts)TEXTS(reserved);
	(void)snprintf(expected, sizeof(expected), "%s:2: \"192.168.1.1\" lies wholly in reserved",
		reserved);
	assert_fault(&settings, ERROR_INPUT, expected);
	settings.include_files = (struct target_texts)TEXTS(included);
	settings.exclude_files = (struct target_texts)TEXTS("/nonexistent/exclude.txt");
	assert_fault(&settings, ERROR_FILE, "/nonexistent/exclude.txt: cannot be opened");
	assert_int_equal(unlink(included) + unlink(excluded) + unlink(bad) + unlink(reserved), 0);
}

static void
refuses_what_is_no_target(void **state)
{
	static const char *const bad[] = { "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4/33",
		"1.2.3.4/", "1.2.3.9-1.2.3.1", "2001:db8::1", "example.org", "1.2.3.4 ", " 1.2.3.4",
		"01.2.3.4", "-1.2.3.4", "1.2.3.4-", "1.2.3.4/24-1.2.3.5", "1,2.3.4" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct target_settings included = { .include = { &bad[i], 1 } };
		const struct target_settings excluded = { .exclude = { &bad[i], 1 } };

		assert_fault(&included, ERROR_INPUT, "scan.targets.include[0]: \"");
		assert_fault(&excluded, ERROR_INPUT, "scan.targets.exclude[0]: \"");
		assert_fault(&excluded, ERROR_INPUT, "is not a target; accepted is an address");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_chosen_is_nothing_planned),
		cmocka_unit_test(excludes_win),
		cmocka_unit_test(takes_reserved_space_out_of_wide_ranges),
		cmocka_unit_test(refuses_reserved_targets_that_are_meant),
		cmocka_unit_test(a_lab_may_use_reserved_space),
		cmocka_unit_test(a_selection_alone_chooses_and_otherwise_narrows),
		cmocka_unit_test(reads_files_and_names_their_lines),
		cmocka_unit_test(refuses_what_is_no_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
