/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "support/dns_fixture.h"

static void
reads_names_in_lower_case(void **state)
{
	const struct dns_name name = dns_fixture_name("WWW.Example.com");

	assert_int_equal(name.length, 17);
	assert_memory_equal(name.bytes, "\3www\7example\3com", 17);
	assert_int_equal(dns_fixture_name("www.example.com.").length, 17);
	assert_int_equal(dns_fixture_name("a\\.b.c.").bytes[0], 3);
	assert_int_equal(dns_fixture_name(".").length, 1);
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
		assert_int_equal(dns_name_parse(wrong[i], &name, &fault), ERROR_INPUT);
	/* 127 labels of one letter are 255 octets, and one more is too long. */
	for (size_t i = 0; i < 128; i++)
		memcpy(text + 2 * i, "a.", 3);
	assert_int_equal(dns_name_parse(text, &name, &fault), ERROR_INPUT);
	text[2 * 127] = '\0';
	assert_int_equal(dns_name_parse(text, &name, &fault), 0);
	assert_int_equal(name.length, DNS_NAME_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names_in_lower_case),
		cmocka_unit_test(refuses_what_is_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
