/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <cyaml/cyaml.h>

#include "base/random.h"
#include "config/scan_config_fields.h"
#include "support/config_fixture.h"

static struct scan_config *
parse(const char *text)
{
	const struct scan_config_source source = {
		.name = "printed", .bytes = (const uint8_t *)text, .length = strlen(text)
	};
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };

	if (scan_config_parse(&source, &config, &fault) != 0)
		fail_msg("%s\n%s", fault.text, text);
	return config;
}

/* libcyaml's own view of the whole struct: it knows nothing of our printer. */
static char *
dump(const struct scan_config *config)
{
	const cyaml_config_t settings = { .mem_fn = cyaml_mem };
	char *text = NULL;
	size_t length = 0;

	assert_int_equal(cyaml_save_data(&text, &length, &settings, &scan_config_schema, config, 0),
		CYAML_OK);
	text = realloc(text, length + 1);
	assert_non_null(text);
	text[length] = '\0';
	return text;
}

static void
assert_survives_print(const struct scan_config *config)
{
	char *text = config_fixture_print(config, scan_config_print);
	struct scan_config *again = parse(text);
	char *text_again = config_fixture_print(again, scan_config_print);
	char *data = dump(config);
	char *data_again = dump(again);

	assert_string_equal(text, text_again);
	assert_string_equal(data, data_again);
	free(text);
	free(text_again);
	free(data);
	free(data_again);
	scan_config_free(again);
}

static void
test_good_files(void **state)
{
	static const char *const paths[] = { FOLDER "/minimal.yaml", FOLDER "/full.yaml",
		FOLDER "/truth.yaml", "config/scan.yaml" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct scan_config *config = config_fixture_load(paths[i], NULL, 0);

		assert_survives_print(config);
		scan_config_free(config);
	}
}

/* What one line of a print says, without its name and indentation. */
static const char *
value_of(const char *line)
{
	return line + strcspn(line, ":");
}

/* full.yaml is only worth its name if it changes every field that can be changed. */
static void
test_full_file_changes_everything(void **state)
{
	struct scan_config *minimal = config_fixture_load(FOLDER "/minimal.yaml", NULL, 0);
	struct scan_config *full = config_fixture_load(FOLDER "/full.yaml", NULL, 0);
	char *text = config_fixture_print(minimal, scan_config_print);
	char *other = config_fixture_print(full, scan_config_print);
	char *at = NULL;
	unsigned int compared = 0;

	for (char *line = strtok_r(text, "\n", &at); line != NULL;
		line = strtok_r(NULL, "\n", &at)) {
		const char *name = line + strspn(line, " ");
		bool is_section = *value_of(line) != '\0' && value_of(line)[1] == '\0';

		if (is_section || strncmp(name, "version:", 8) == 0 ||
			strncmp(name, "truth:", 6) == 0)
			continue;
		char whole[256];
		snprintf(whole, sizeof(whole), "%s\n", line);
		if (strstr(other, whole) != NULL)
			fail_msg("full.yaml leaves \"%s\" as it is", name);
		compared++;
	}
	assert_int_equal(compared, 52);
	free(text);
	free(other);
	scan_config_free(minimal);
	scan_config_free(full);
}

static const char *const rates[] = { "line", "1pps", "999999pps", "14.88Mpps", "10Gbps" };
static const char *const types[] = { "A", "NS", "SVCB" };
static const char *const texts[] = { "a b", "it's \\ \"x\"", "# no comment", "- 1", "ünï", "~x",
	"a: b", "null ", "{}", "'" };

/* A random good value for a field, as --set takes it. */
static void
write_random_value(
	struct random_sequence *sequence, const struct config_field *field, char *text, size_t size)
{
	uint64_t random = random_next(sequence);
	uint64_t span = field->maximum - field->minimum;
	uint64_t bounded = field->minimum + (span == UINT64_MAX ? random : random % (span + 1));
	unsigned int byte = (unsigned int)(random % 200) + 1;

	switch (field->kind) {
	case CONFIG_SECTION:
	case CONFIG_SECONDS: /* of bench.yaml only, which is never printed */
	case CONFIG_CPU:
		break;
	case CONFIG_TEXT:
	case CONFIG_TEXTS:
		snprintf(text, size, "%s", texts[random % 10]);
		break;
	case CONFIG_IDENTIFIER:
		snprintf(text, size, "id-%u.x_", byte);
		break;
	case CONFIG_COUNT:
		snprintf(text, size, "%llu", (unsigned long long)bounded);
		break;
	case CONFIG_FLAG:
		snprintf(text, size, "%s", (random & 1) != 0 ? "true" : "false");
		break;
	case CONFIG_DURATION:
		snprintf(text, size, "%lluns", (unsigned long long)bounded);
		break;
	case CONFIG_RATE:
		snprintf(text, size, "%s", rates[random % 5]);
		break;
	case CONFIG_PORTS:
		snprintf(text, size, "%u-%u", byte * 256, byte * 256 + 255);
		break;
	case CONFIG_ADDRESS:
	case CONFIG_ADDRESSES:
		snprintf(text, size, "192.0.2.%u", byte);
		break;
	case CONFIG_MAC:
		snprintf(text, size, "02:00:00:00:00:%02x", byte);
		break;
	case CONFIG_RECORD_TYPE:
		snprintf(text, size, "%s", types[random % 3]);
		break;
	case CONFIG_COUNTRY_MEANING:
		snprintf(text, size, "%s", (random & 1) != 0 ? "located" : "registered");
		break;
	case CONFIG_RANGES:
		snprintf(
			text, size, "[198.18.%u.0/24, 10.0.0.1, 10.0.0.%u-10.0.0.255]", byte, byte);
		break;
	case CONFIG_COUNTRIES:
		snprintf(text, size, "[NO, %c%c]", 'A' + (char)(random % 26),
			'A' + (char)(byte % 26));
		break;
	case CONFIG_ASNS:
		snprintf(text, size, "[%u, AS4294967295]", byte);
		break;
	case CONFIG_CPUS:
		snprintf(text, size, "[%u, 201-%u]", byte, byte + 205 < 240 ? byte + 205 : 240);
		break;
	}
}

/*
 * One field changed at a time, at random: prints to what loads to the same, or is refused by a rule
 * between fields.
 */
static unsigned int
check_random_values(
	struct random_sequence *sequence, const struct config_section *section, const char *prefix)
{
	unsigned int loaded = 0;

	for (const struct config_field *field = section->fields; field->key != NULL; field++) {
		char path[128];
		char value[128] = "";
		char override[300];

		snprintf(path, sizeof(path), "%s%s", prefix, field->key);
		if (field->kind == CONFIG_SECTION) {
			strcat(path, ".");
			loaded += check_random_values(sequence, field->section, path);
			continue;
		}
		write_random_value(sequence, field, value, sizeof(value));
		snprintf(override, sizeof(override), "%s=%s", path, value);
		const char *const overrides[] = { "scan.shard.count=65535", override };
		struct scan_config *config = NULL;
		struct fault fault = { .text = "" };
		if (scan_config_load(FOLDER "/minimal.yaml", overrides, 2, &config, &fault) == 0) {
			assert_survives_print(config);
			loaded++;
		} else {
			assert_int_equal(strncmp(fault.text, "--set ", 6), 0);
		}
		scan_config_free(config);
	}
	return loaded;
}

static void
test_random_values(void **state)
{
	const uint64_t seed = 20260601;
	struct random_sequence sequence = { seed };
	unsigned int loaded = 0;

	for (int round = 0; round < 30; round++)
		loaded += check_random_values(&sequence, &scan_config_section, "");
	print_message("seed %llu: %u random configurations printed and loaded\n",
		(unsigned long long)seed, loaded);
	assert_true(loaded > 800);
}

static void
test_full_disk(void **state)
{
	struct scan_config *config = config_fixture_load(FOLDER "/minimal.yaml", NULL, 0);
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	assert_true(scan_config_print(config, full) < 0);
	fclose(full);
	scan_config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_full_file_changes_everything),
		cmocka_unit_test(test_random_values),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
