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
#include "survey/out_file.h"

static char folder[] = "/tmp/dotscan-out-XXXXXX";
static char path[64];
static char unfinished[72];

static int
make_folder(void **state)
{
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(unfinished, sizeof(unfinished), "%s.new", path);
	return 0;
}

static int
remove_folder(void **state)
{
	return rmdir(folder);
}

/* What the file holds, which is removed. */
static void
assert_holds(const char *expected)
{
	char text[512] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) < sizeof(text) - 1);
	fclose(file);
	unlink(path);
	assert_string_equal(text, expected);
}

static void
writes_each_form(void **state)
{
	const uint8_t bytes[] = { 0x00, 0xab, 0xff };
	struct out_file out;
	struct fault fault = { "" };

	assert_int_equal(out_open(&out, path, &fault), 0);
	out_format(&out, "%s %d|", "a", 7);
	out_json(&out, "say \"\\x41\" \xc3\xbc");
	out_text(&out, "|");
	out_html(&out, "<a href=\"x\">&'");
	out_text(&out, "|");
	out_hexadecimal(&out, bytes, sizeof(bytes));
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(out_close(&out, &fault), 0);
	assert_int_equal(access(unfinished, F_OK), -1);
	assert_holds(
		"a 7|\"say \\\"\\\\x41\\\" \xc3\xbc\"|&lt;a href=&quot;x&quot;&gt;&amp;'|00abff");
}

static void
quotes_in_csv_what_needs_it(void **state)
{
	static const char *const words[] = { "plain", "a b", "a,b", "say \"x\"", "two\nlines", "" };
	struct out_file out;
	struct fault fault = { "" };

	assert_int_equal(out_open(&out, path, &fault), 0);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		out_text(&out, i > 0 ? "|" : "");
		out_csv(&out, words[i]);
	}
	assert_int_equal(out_close(&out, &fault), 0);
	assert_holds("plain|a b|\"a,b\"|\"say \"\"x\"\"\"|\"two\nlines\"|");
}

/* Larger than any buffer within. */
static void
writes_as_it_comes(void **state)
{
	struct out_file out;
	struct fault fault = { "" };
	char chunk[1000];
	size_t total = 0;

	memset(chunk, 'x', sizeof(chunk));
	assert_int_equal(out_open(&out, path, &fault), 0);
	for (int i = 0; i < 3000; i++)
		out_bytes(&out, chunk, sizeof(chunk));
	assert_int_equal(out.written, 3000000);
	assert_int_equal(out_close(&out, &fault), 0);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	for (int byte; (byte = getc(file)) != EOF; total++)
		assert_int_equal(byte, 'x');
	fclose(file);
	unlink(path);
	assert_int_equal(total, 3000000);
}

static void
leaves_nothing_behind(void **state)
{
	struct out_file out;
	struct fault fault = { "" };

	assert_int_equal(out_open(&out, path, &fault), 0);
	out_text(&out, "half");
	out_abandon(&out);
	out_abandon(&out);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(unfinished, F_OK), -1);
	assert_int_equal(out_open(&out, "/nonexistent/file", &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "/nonexistent/file"));
}

/* Where the disk is full the first error is kept, told once, and no file is left. */
static void
tells_of_a_full_disk(void **state)
{
	struct out_file out;
	struct fault fault = { "" };
	char chunk[4096] = { 0 };

	assert_int_equal(symlink("/dev/full", unfinished), 0);
	assert_int_equal(out_open(&out, path, &fault), 0);
	for (int i = 0; i < 100; i++)
		out_bytes(&out, chunk, sizeof(chunk));
	assert_int_equal(out_close(&out, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "No space left"));
	assert_int_equal(access(path, F_OK), -1);
	unlink(unfinished);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_each_form),
		cmocka_unit_test(quotes_in_csv_what_needs_it),
		cmocka_unit_test(writes_as_it_comes),
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(tells_of_a_full_disk),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
