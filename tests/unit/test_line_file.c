/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/resource.h>

#include "base/error.h"
#include "record/line_file.h"
#include "record/line_reader.h"
#include "record_fixture.h"

static void
append(struct line_file *file, const char *line)
{
	assert_int_equal(line_buffer_append(&file->pending, line, strlen(line)), 0);
}

static void
lines_are_added(void **state)
{
	struct fixture_place place;
	struct line_file file;
	struct fault fault = { "" };
	uint64_t torn = 99;

	fixture_enter(&place);
	assert_int_equal(line_file_open(&file, place.path, &torn, &fault), 0);
	assert_int_equal(torn, 0);
	append(&file, "one\n");
	append(&file, "two\n");
	fixture_expect(&place, "");
	assert_int_equal(line_file_flush(&file, &fault), 0);
	assert_int_equal(file.line_count, 2);
	fixture_expect(&place, "one\ntwo\n");
	append(&file, "dropped\n");
	line_file_close(&file);
	line_file_close(&file);
	assert_int_equal(line_file_open(&file, place.path, &torn, &fault), 0);
	append(&file, "three\n");
	assert_int_equal(line_file_sync(&file, &fault), 0);
	fixture_expect(&place, "one\ntwo\nthree\n");
	assert_int_equal(file.size_bytes, 14);
	line_file_close(&file);
	fixture_remove(place.folder);
}

static void
a_torn_line_is_cut_off(void **state)
{
	static const struct {
		const char *bytes;
		uint64_t torn;
		const char *left;
	} rows[] = {
		{ "", 0, "" },
		{ "a\n", 0, "a\n" },
		{ "a\nb", 1, "a\n" },
		{ "no newline at all", 17, "" },
		{ "\n\nx", 1, "\n\n" },
	};
	struct fixture_place place;
	struct line_file file;
	struct fault fault = { "" };
	uint64_t torn;

	fixture_enter(&place);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture_store(place.folder, "lines", rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(line_file_open(&file, place.path, &torn, &fault), 0);
		assert_int_equal(torn, rows[i].torn);
		line_file_close(&file);
		fixture_expect(&place, rows[i].left);
	}
	fixture_remove(place.folder);
}

/* Longer than one block of the backward search. */
static void
a_long_torn_line_is_cut_off(void **state)
{
	const size_t length = 200000;
	char *bytes = malloc(length);
	struct fixture_place place;
	struct line_file file;
	struct fault fault = { "" };
	uint64_t torn;

	assert_non_null(bytes);
	memset(bytes, 'x', length);
	bytes[4] = '\n';
	fixture_enter(&place);
	fixture_store(place.folder, "lines", bytes, length);
	assert_int_equal(line_file_open(&file, place.path, &torn, &fault), 0);
	assert_int_equal(torn, length - 5);
	assert_int_equal(file.size_bytes, 5);
	line_file_close(&file);
	free(bytes);
	fixture_remove(place.folder);
}

/* A limit on the size of files stands for a disk that fills up within a line. */
static void
a_short_write_leaves_whole_lines(void **state)
{
	const struct rlimit tight = { .rlim_cur = 10, .rlim_max = RLIM_INFINITY };
	struct rlimit before;
	struct fixture_place place;
	struct line_file file;
	struct fault fault = { "" };
	struct fault again = { "" };
	uint64_t torn;

	fixture_enter(&place);
	assert_int_equal(line_file_open(&file, place.path, &torn, &fault), 0);
	append(&file, "1234\n");
	assert_int_equal(line_file_flush(&file, &fault), 0);
	append(&file, "abc\n");
	append(&file, "defg\n");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	const int error = line_file_flush(&file, &fault);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, ERROR_FILE);
	assert_non_null(strstr(fault.text, place.path));
	assert_non_null(strstr(fault.text, "File too large; it ends after its last whole record"));
	assert_int_equal(file.line_count, 2);
	fixture_expect(&place, "1234\nabc\n");

	/* There would be room again, but a gap in the file must not go unnoticed. */
	append(&file, "hij\n");
	assert_int_equal(line_file_flush(&file, &again), ERROR_FILE);
	assert_string_equal(again.text, fault.text);
	fixture_expect(&place, "1234\nabc\n");
	line_file_close(&file);
	fixture_remove(place.folder);
}

static void
a_full_disk_is_told(void **state)
{
	struct line_file file;
	struct fault fault = { "" };
	uint64_t torn;

	assert_int_equal(line_file_open(&file, "/dev/full", &torn, &fault), 0);
	append(&file, "x\n");
	assert_int_equal(line_file_flush(&file, &fault), ERROR_FILE);
	assert_string_equal(fault.text,
		"/dev/full: cannot write: No space left on device; it ends after its last whole record");
	assert_int_equal(file.line_count, 0);
	line_file_close(&file);
}

static void
what_cannot_be_opened_is_told(void **state)
{
	struct line_file file;
	struct fault fault = { "" };
	uint64_t torn;

	assert_int_equal(line_file_open(&file, "/nonexistent/lines", &torn, &fault), ERROR_FILE);
	assert_string_equal(fault.text,
		"/nonexistent/lines: cannot open for writing: No such file or directory");
}

static void
lines_are_read_in_bounded_memory(void **state)
{
	struct fixture_place place;
	struct line_reader reader;
	struct fault fault = { "" };
	const char *line;
	size_t length;
	const size_t size = 700000;
	char *bytes = malloc(size);

	assert_non_null(bytes);
	memset(bytes, 'y', size);
	memcpy(bytes, "a\n\nbc\n", 6);
	bytes[300000] = '\n';
	fixture_enter(&place);
	fixture_store(place.folder, "lines", bytes, size);
	assert_int_equal(line_reader_open(&reader, place.path, 300000, &fault), 0);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_int_equal(length, 2);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_int_equal(length, 1);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_memory_equal(line, "bc\n", 3);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_int_equal(length, 300001 - 6);
	assert_int_equal(reader.line, 4);
	/* The fifth is longer than the reader may become. */
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, ":5: a line longer than 300000 bytes"));
	line_reader_close(&reader);
	fixture_store(place.folder, "lines", "a\nb", 3);
	assert_int_equal(line_reader_open(&reader, place.path, 300000, &fault), 0);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 1);
	assert_int_equal(length, 1);
	assert_int_equal(line_reader_next(&reader, &line, &length, &fault), 0);
	line_reader_close(&reader);
	free(bytes);
	fixture_remove(place.folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_added),
		cmocka_unit_test(a_torn_line_is_cut_off),
		cmocka_unit_test(a_long_torn_line_is_cut_off),
		cmocka_unit_test(a_short_write_leaves_whole_lines),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(what_cannot_be_opened_is_told),
		cmocka_unit_test(lines_are_read_in_bounded_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
