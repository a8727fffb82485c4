/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"
#include "base/random.h"

#define SECOND_NS 1000000000ULL

static void
test_plain_numbers(void **state)
{
	uint64_t value = 7;

	assert_true(number_parse("0", 0, 0, &value));
	assert_int_equal(value, 0);
	assert_true(number_parse("18446744073709551615", 0, UINT64_MAX, &value));
	assert_int_equal(value, UINT64_MAX);
	assert_true(number_parse("853", 1, 65535, &value));
	assert_int_equal(value, 853);
	static const char *const bad[] = { "", " 1", "1 ", "-1", "+1", "1.0", "0x10", "1e3",
		"65536", "0", "18446744073709551616", "99999999999999999999999" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (number_parse(bad[i], 1, 65535, &value) || value != 853)
			fail_msg("'%s' was taken", bad[i]);
	assert_false(number_parse("18446744073709551616", 0, UINT64_MAX, &value));
}

struct unit_case {
	const char *text;
	uint64_t value;
};

static void
assert_cases(bool (*parse)(const char *, uint64_t *), const struct unit_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0;

		if (!parse(cases[i].text, &value) || value != cases[i].value)
			fail_msg("'%s' is %lu, not %lu", cases[i].text, value, cases[i].value);
	}
}

static void
assert_refused(bool (*parse)(const char *, uint64_t *), const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 7;

		if (parse(texts[i], &value) || value != 7)
			fail_msg("'%s' was taken", texts[i]);
	}
}

static void
test_durations(void **state)
{
	static const struct unit_case cases[] = { { "0", 0 }, { "0s", 0 }, { "1ns", 1 },
		{ "250us", 250000 }, { "500ms", SECOND_NS / 2 }, { "2s", 2 * SECOND_NS },
		{ "1.5s", 3 * SECOND_NS / 2 }, { "0.000000001s", 1 }, { "3m", 180 * SECOND_NS },
		{ "1h", 3600 * SECOND_NS }, { "7d", 7 * 86400 * SECOND_NS },
		{ "0.5d", 43200 * SECOND_NS }, { "1.123456789s", 1123456789 },
		{ "4611686018427387903ns", UINT64_MAX / 4 } };
	static const char *const bad[] = { "", "1", "s", "1 s", " 1s", "1s ", "1S", "-1s", ".5s",
		"1.s", "1.0000000000s", "1e3s", "1sec", "1min", "99999999999s", "99999999d",
		"4611686018427387904ns", "18446744073709551616ns", "18446744073709551615d",
		"1.5.5s" };

	assert_cases(duration_parse, cases, sizeof(cases) / sizeof(cases[0]));
	assert_refused(duration_parse, bad, sizeof(bad) / sizeof(bad[0]));
}

/* 60 bytes, FCS, preamble and gap: 84 bytes, 672 bits a SYN, so 1 GbE is 1.488 million of them. */
static void
test_rates(void **state)
{
	static const struct unit_case cases[] = { { "1pps", 1 }, { "5pps", 5 }, { "50kpps", 50000 },
		{ "1.2Mpps", 1200000 }, { "0.5kpps", 500 }, { "1Gpps", 1000000000 },
		{ "672bps", 1 }, { "1Mbps", 1488 }, { "1Gbps", 1488095 }, { "10Gbps", 14880952 },
		{ "100Gbps", 148809523 }, { "1.344kbps", 2 }, { "line", RATE_LINE } };
	static const char *const bad[] = { "", "0pps", "0", "5", "pps", "5 pps", "-5pps", "671bps",
		"0.4pps", "1.1Gpps", "1000.001Mpps", "1001Gpps", "673Gbps", "99999999999999bps",
		"Line", "1gbps", "1Kpps" };

	assert_int_equal(SYN_WIRE_BITS, 672);
	assert_cases(rate_parse, cases, sizeof(cases) / sizeof(cases[0]));
	assert_refused(rate_parse, bad, sizeof(bad) / sizeof(bad[0]));
}

static uint64_t
draw(struct random_sequence *random, uint64_t bound)
{
	static const uint64_t units[] = { 1, 1000, 1000000, SECOND_NS, 60 * SECOND_NS };
	const uint64_t unit = units[random_below(random, 5)];

	return (1 + random_below(random, bound / unit)) * unit;
}

static void
test_format_parses_back(void **state)
{
	struct random_sequence random = { .state = 11 };
	char text[32];

	for (int i = 0; i < 50000; i++) {
		const uint64_t duration = draw(&random, 10000 * SECOND_NS);
		const uint64_t rate = 1 + random_below(&random, 1000000000);
		uint64_t parsed = 0;

		assert_ptr_equal(duration_format(duration, text), text);
		if (!duration_parse(text, &parsed) || parsed != duration)
			fail_msg("%lu ns became '%s'", duration, text);
		assert_ptr_equal(rate_format(rate, text), text);
		if (!rate_parse(text, &parsed) || parsed != rate)
			fail_msg("%lu pps became '%s'", rate, text);
	}
}

static void
test_format_is_the_shortest(void **state)
{
	char text[32];

	assert_string_equal(duration_format(0, text), "0");
	assert_string_equal(duration_format(SECOND_NS / 2, text), "500ms");
	assert_string_equal(duration_format(60 * SECOND_NS, text), "1m");
	assert_string_equal(duration_format(90 * SECOND_NS, text), "90s");
	assert_string_equal(duration_format(86400 * SECOND_NS, text), "1d");
	assert_string_equal(rate_format(RATE_LINE, text), "line");
	assert_string_equal(rate_format(50000, text), "50kpps");
	assert_string_equal(rate_format(1000000, text), "1Mpps");
	assert_string_equal(rate_format(1488095, text), "1488095pps");
}

static void
test_counts_for_people(void **state)
{
	static const struct {
		double count;
		const char *text;
	} cases[] = { { 0, "0" }, { 812, "812" }, { 999, "999" }, { 999.5, "1.00k" },
		{ 1000, "1.00k" }, { 9994, "9.99k" }, { 9995, "10.0k" }, { 14880, "14.9k" },
		{ 99940, "99.9k" }, { 99960, "100k" }, { 999499, "999k" }, { 999500, "1.00M" },
		{ 3560000, "3.56M" }, { 4294967296.0, "4.29G" }, { 5e12, "5.00T" },
		{ 5e15, "5000T" } };
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(count_format(cases[i].count, text), cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_numbers),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_format_parses_back),
		cmocka_unit_test(test_format_is_the_shortest),
		cmocka_unit_test(test_counts_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
