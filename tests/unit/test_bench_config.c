/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/bench_config.h"
#include "config/config_value.h"

/* meson runs tests in the project's root. */
#define FULL    "tests/config/bench/full.yaml"
#define EXAMPLE "config/bench.yaml"
#define MANUAL  "docs/man/dotscan-bench.1"

static struct bench_config *
load(const char *path, const char *const overrides[], size_t count)
{
	struct bench_config *config = NULL;
	struct fault fault = { .text = "" };

	if (bench_config_load(path, overrides, count, &config, &fault) != 0)
		fail_msg("%s", fault.text);
	return config;
}

static void
assert_defaults(const struct bench_config *config)
{
	assert_int_equal(config->rounds, 5);
	assert_true(config->round_ns == 1000000000);
	assert_string_equal(config->device, "net_null0,no-rx=1");
	assert_true(config->rate_pps == 1000000000);
	assert_int_equal(config->exclusions, 20000);
	assert_int_equal(config->bits, 32);
	assert_int_equal(config->shards, 1);
	assert_int_equal(config->connections, 256);
	assert_int_equal(config->workers, 1);
	assert_int_equal(config->cpu, CONFIG_CPU_LAST);
	assert_int_equal(config->other_cpu, 0);
}

static void
test_no_file_is_all_defaults(void **state)
{
	struct bench_config *config = load(NULL, NULL, 0);

	assert_defaults(config);
	bench_config_free(config);
}

/* What is shipped measures what no file would. */
static void
test_example_is_all_defaults(void **state)
{
	struct bench_config *config = load(EXAMPLE, NULL, 0);

	assert_defaults(config);
	bench_config_free(config);
}

static void
test_every_field_is_read(void **state)
{
	struct bench_config *config = load(FULL, NULL, 0);

	assert_int_equal(config->rounds, 7);
	assert_true(config->round_ns == 250000000);
	assert_string_equal(config->device, "net_null1,no-rx=1");
	assert_true(config->rate_pps == 1200000);
	assert_int_equal(config->exclusions, 0);
	assert_int_equal(config->bits, 24);
	assert_int_equal(config->shards, 4);
	assert_int_equal(config->connections, 100);
	assert_int_equal(config->workers, 2);
	assert_int_equal(config->cpu, 0);
	assert_int_equal(config->other_cpu, CONFIG_CPU_LAST);
	bench_config_free(config);
}

static void
test_command_line_wins(void **state)
{
	static const char *const overrides[] = { "rounds=2", "other-cpu=3", "seconds=.5",
		"rounds=9", "rate=line" };
	struct bench_config *config = NULL;
	struct fault fault = { .text = "" };

	assert_int_equal(bench_config_load(FULL, overrides, 5, &config, &fault), ERROR_INPUT);
	assert_string_equal(fault.text,
		"--seconds=.5: seconds: \".5\" is not a number of seconds; accepted: 1ms to 1h, without the unit");
	config = load(FULL, overrides, 2);
	assert_int_equal(config->rounds, 2);
	assert_int_equal(config->other_cpu, 3);
	assert_int_equal(config->bits, 24);
	bench_config_free(config);
	config = load(FULL, overrides + 3, 2);
	assert_int_equal(config->rounds, 9);
	assert_true(config->rate_pps == 0);
	bench_config_free(config);
}

static void
test_mistakes_name_the_option(void **state)
{
	static const struct {
		const char *override;
		const char *expected;
	} cases[] = {
		{ "other-cpu=x",
			"--other-cpu=x: other_cpu: \"x\" is not a CPU number; accepted: 0 to 1023, or last" },
		{ "bits=7", "--bits=7: bits: \"7\" is out of range; accepted: 8 to 32" },
		{ "device=",
			"--device=: device: is empty; accepted: a PCI address, or a DPDK vdev such as net_null0,no-rx=1" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench_config *config = NULL;
		struct fault fault = { .text = "" };

		assert_int_equal(bench_config_load(NULL, &cases[i].override, 1, &config, &fault),
			ERROR_INPUT);
		assert_null(config);
		assert_string_equal(fault.text, cases[i].expected);
	}
}

static void
test_missing_file(void **state)
{
	struct bench_config *config = NULL;
	struct fault fault = { .text = "" };

	assert_int_equal(
		bench_config_load("tests/config/bench/none.yaml", NULL, 0, &config, &fault),
		ERROR_FILE);
	assert_null(config);
	assert_non_null(strstr(fault.text, "none.yaml"));
}

static void
assert_tells(const char *path, const char *format, const char *key)
{
	static char text[65536];
	char needle[96];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	snprintf(needle, sizeof(needle), format, key);
	if (strstr(text, needle) == NULL)
		fail_msg("%s does not tell of %s", path, key);
}

static void
test_example_and_manual_are_complete(void **state)
{
	for (const struct config_field *field = bench_config_section.fields; field->key != NULL;
		field++) {
		assert_tells(EXAMPLE, "\n%s:", field->key);
		/* The option of the same name; a hyphen is written \- there. */
		if (strcmp(field->key, "other_cpu") == 0)
			assert_tells(MANUAL, "\\-\\-%s", "other\\-cpu");
		else
			assert_tells(MANUAL, "\\-\\-%s", field->key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_file_is_all_defaults),
		cmocka_unit_test(test_example_is_all_defaults),
		cmocka_unit_test(test_every_field_is_read),
		cmocka_unit_test(test_command_line_wins),
		cmocka_unit_test(test_mistakes_name_the_option),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_example_and_manual_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
