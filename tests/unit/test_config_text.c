/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config/config_text.h"

static void
test_quote(void **state)
{
	char buffer[CONFIG_QUOTE_SIZE];
	char text[1000];

	assert_string_equal(config_text_quote("fast", buffer), "\"fast\"");
	assert_string_equal(config_text_quote("", buffer), "\"\"");
	assert_string_equal(config_text_quote("a\nb\x7f\xc3", buffer), "\"a\\x0ab\\x7f\\xc3\"");
	memset(text, 'x', sizeof(text));
	text[64] = '\0';
	assert_int_equal(strlen(config_text_quote(text, buffer)), 66);
	text[64] = 'x';
	text[999] = '\0';
	config_text_quote(text, buffer);
	assert_int_equal(strlen(buffer), 66);
	assert_string_equal(buffer + 60, "xx...\"");
	/* The longest that anything can become. */
	memset(text, '\n', sizeof(text) - 1);
	assert_true(strlen(config_text_quote(text, buffer)) < CONFIG_QUOTE_SIZE);
	assert_true(strlen(config_text_visible(text, buffer)) < CONFIG_QUOTE_SIZE);
}

static void
test_visible(void **state)
{
	char buffer[CONFIG_QUOTE_SIZE];
	char text[1000];

	assert_string_equal(config_text_visible("a/b.yaml", buffer), "a/b.yaml");
	memset(text, 'x', sizeof(text));
	strcpy(text + 990, "/end.yaml");
	assert_string_equal(config_text_visible(text, buffer) + 120 + 3 - 9, "/end.yaml");
	assert_int_equal(strncmp(buffer, "...x", 4), 0);
}

static void
test_printable(void **state)
{
	static const char *const good[] = { "", "abc", "\xc3\xbc", "\xe2\x82\xac",
		"\xf0\x9f\x9a\x80", "\xef\xbf\xbd", "\xc2\xa0" };
	static const char *const bad[] = { "\n", "\x1b[31m", "\x7f", "\xc2\x85", "\xe2\x80\xa8",
		"\xef\xbb\xbf", "\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xef\xbf\xbf",
		"\xf4\x90\x80\x80", "\xe2\x82", "\x80" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(config_text_is_printable(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(config_text_is_printable(bad[i]));
}

static void
test_nearest(void **state)
{
	static const char *const words[] = { "rate", "probes", "probe_interval", "io", NULL };
	char text[100];

	assert_string_equal(config_text_nearest("rates", words), "rate");
	assert_string_equal(config_text_nearest("Probes", words), "probes");
	assert_string_equal(config_text_nearest("IO", words), "io");
	assert_string_equal(config_text_nearest("probeintervall", words), "probe_interval");
	assert_null(config_text_nearest("bandwidth", words));
	assert_null(config_text_nearest("x", words));
	assert_null(config_text_nearest("", words));
	memset(text, 'r', sizeof(text));
	text[99] = '\0';
	assert_null(config_text_nearest(text, words));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_visible),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
