/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_FIXTURE_H
#define CONFIG_FIXTURE_H

/* Configurations for tests, by cmocka: what goes wrong fails the test. Include it after cmocka.h. */
#include "base/fault.h"
#include "config/scan_config.h"

/* meson runs tests in the project's root. */
#define FOLDER "tests/config"

/* The caller frees it. */
static inline struct scan_config *
config_fixture_load(const char *path, const char *const overrides[], size_t count)
{
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };

	if (scan_config_load(path, overrides, count, &config, &fault) != 0)
		fail_msg("%s", fault.text);
	return config;
}

/* What scan_config_print or scan_config_print_identity writes. The caller frees it. */
static inline char *
config_fixture_print(
	const struct scan_config *config, int (*print)(const struct scan_config *, FILE *))
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	assert_int_equal(print(config, file), 0);
	assert_int_equal(fclose(file), 0);
	return text;
}

#endif
