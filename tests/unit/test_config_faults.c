/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every file in tests/config, and bench.yaml in tests/config/bench, whose first line is "# expect: MESSAGE" is broken, and must be refused
 * with exactly that message; every other one must load.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fault.h"
#include "config/bench_config.h"
#include "config/scan_config.h"

#define FOLDER       "tests/config"
#define BENCH_FOLDER "bench" /* in it */
#define MARK         "# expect: "

typedef int (*loader)(const char *path, bool looks_for_files, struct fault *fault);

/* The message that a file's first line promises; returns false if it promises none. */
static bool
read_expected(const char *path, char *expected, size_t size)
{
	FILE *file = fopen(path, "r");
	char line[1100] = "";

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, MARK, strlen(MARK)) != 0)
		return false;
	snprintf(expected, size, "%s", line + strlen(MARK));
	return true;
}

/* Files that good configurations name need not be here. */
static int
load_scan(const char *path, bool looks_for_files, struct fault *fault)
{
	struct scan_config *config = NULL;
	int error = scan_config_load(path, NULL, 0, &config, fault);

	if (error == 0 && looks_for_files)
		error = scan_config_check_files(config, fault);
	scan_config_free(config);
	return error;
}

static int
load_bench(const char *path, bool looks_for_files, struct fault *fault)
{
	struct bench_config *config = NULL;
	int error = bench_config_load(path, NULL, 0, &config, fault);

	bench_config_free(config);
	return error;
}

/*
 * Returns whether the file was a broken one, and counts it as wrong if the library says anything
 * but what it promises.
 */
static bool
check_file(const char *path, loader load, unsigned int *wrong)
{
	char expected[1100] = "";
	struct fault fault = { .text = "" };
	bool is_broken = read_expected(path, expected, sizeof(expected));
	int error = load(path, is_broken, &fault);

	if (is_broken != (error != 0) || strcmp(fault.text, expected) != 0) {
		print_error("%s\n  expected: %s\n  got:      %s\n", path, expected, fault.text);
		(*wrong)++;
	}
	/* One line, whose parts are the place, the field, what is wrong and what is accepted. */
	if (is_broken &&
		(strchr(fault.text, '\n') != NULL || strstr(fault.text, "; accepted: ") == NULL ||
			strncmp(fault.text, path, strlen(path)) != 0 ||
			fault.text[strlen(path)] != ':')) {
		print_error("%s: not the form of a message: %s\n", path, fault.text);
		(*wrong)++;
	}
	return is_broken;
}

static int
is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".yaml") == 0;
}

static void
check_folder(loader load, unsigned int least)
{
	struct dirent **entries = NULL;
	unsigned int broken = 0;
	unsigned int wrong = 0;
	int count = scandir(".", &entries, is_yaml, alphasort);

	for (int i = 0; i < count; i++) {
		broken += check_file(entries[i]->d_name, load, &wrong);
		free(entries[i]);
	}
	free(entries);
	print_message(
		"%u broken and %u good configurations\n", broken, (unsigned int)count - broken);
	assert_int_equal(wrong, 0);
	assert_true(broken >= least);
	assert_true((unsigned int)count - broken >= 2);
}

/* Messages name the file as it was given, so that the files can be moved. */
static void
test_every_file(void **state)
{
	assert_int_equal(chdir(FOLDER), 0);
	check_folder(load_scan, 40);
	assert_int_equal(chdir(BENCH_FOLDER), 0);
	check_folder(load_bench, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
