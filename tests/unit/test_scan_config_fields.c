/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of fields agrees with itself, with docs/configuration.md and with the example. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config_value.h"
#include "config/scan_config_fields.h"

#define MANUAL_SIZE 65536

static char manual[MANUAL_SIZE];
static char example[MANUAL_SIZE];

typedef void (*visitor)(const struct config_field *field, const char *path);

static void
visit(const struct config_section *section, const char *prefix, visitor visit_field)
{
	size_t i = 0;

	for (; section->fields[i].key != NULL; i++) {
		char path[128];

		assert_string_equal(section->fields[i].key, section->schema[i].key);
		snprintf(path, sizeof(path), "%s%s", prefix, section->fields[i].key);
		if (section->fields[i].kind != CONFIG_SECTION) {
			visit_field(&section->fields[i], path);
			continue;
		}
		strcat(path, ".");
		visit(section->fields[i].section, path, visit_field);
	}
	assert_null(section->schema[i].key);
}

/* A default must be a value that the field itself accepts. */
static void
check_default(const struct config_field *field, const char *path)
{
	char text[64];
	FILE *sink = fmemopen(text, sizeof(text), "w");

	assert_non_null(sink);
	if ((field->flags & CONFIG_IS_REQUIRED) == 0 && !config_kind_is_list(field->kind) &&
		config_value_write(field, field->default_text, sink) != CONFIG_GOOD)
		fail_msg("%s does not accept its own default", path);
	fclose(sink);
}

/*
 * docs/configuration.md has a row "| `scan.rate` | ..." which ends with the default and whether
 * --resume allows a change.
 */
static void
check_manual(const struct config_field *field, const char *path)
{
	char needle[160];
	char row[1024];
	char tail[160];

	snprintf(needle, sizeof(needle), "\n| `%s` | ", path);
	const char *found = strstr(manual, needle);
	if (found == NULL)
		fail_msg("docs/configuration.md does not describe %s", path);
	snprintf(row, sizeof(row), "%.*s", (int)strcspn(found + 1, "\n"), found + 1);
	const char *kept = (field->flags & CONFIG_IS_IDENTITY) != 0 ? "no" : "yes";
	if ((field->flags & CONFIG_IS_REQUIRED) != 0)
		snprintf(tail, sizeof(tail), "| required | %s |", kept);
	else if (field->default_text[0] == '\0')
		snprintf(tail, sizeof(tail), "| none | %s |", kept);
	else
		snprintf(tail, sizeof(tail), "| `%s` | %s |", field->default_text, kept);
	size_t length = strlen(row);
	if (length < strlen(tail) || strcmp(row + length - strlen(tail), tail) != 0)
		fail_msg("docs/configuration.md: %s should end with %s", row, tail);
}

static void
check_example(const struct config_field *field, const char *path)
{
	char needle[64];

	snprintf(needle, sizeof(needle), "%s:", field->key);
	if (strstr(example, needle) == NULL)
		fail_msg("config/scan.yaml does not show %s", path);
}

static void
read_text(const char *path, char *text)
{
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	size_t length = fread(text, 1, MANUAL_SIZE - 1, file);
	assert_true(length > 0 && length < MANUAL_SIZE - 1);
	text[length] = '\0';
	fclose(file);
}

static void
test_defaults_are_accepted(void **state)
{
	visit(&scan_config_section, "", check_default);
}

static void
test_manual_is_complete(void **state)
{
	read_text("docs/configuration.md", manual);
	visit(&scan_config_section, "", check_manual);
}

static void
test_example_is_complete(void **state)
{
	read_text("config/scan.yaml", example);
	visit(&scan_config_section, "", check_example);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_are_accepted),
		cmocka_unit_test(test_manual_is_complete),
		cmocka_unit_test(test_example_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
