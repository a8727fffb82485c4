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
#include "targets/target_file.h"

/* Writes what it is given as "line:entry;" so that a whole reading is one text to compare. */
struct transcript {
	char text[1024];
	size_t length;
};

static int
write_down(void *context, const char *entry, const struct target_place *place, struct fault *fault)
{
	struct transcript *transcript = context;

	if (strcmp(entry, "bad") == 0)
		return target_place_fault(fault, ERROR_INPUT, place, entry, "is bad");
	transcript->length += (size_t)snprintf(&transcript->text[transcript->length],
		sizeof(transcript->text) - transcript->length, "%zu:%s;", place->number, entry);
	assert_true(transcript->length < sizeof(transcript->text));
	return 0;
}

static int
parse(const char *text, size_t length, struct transcript *transcript, struct fault *fault)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");

	assert_non_null(file);
	*transcript = (struct transcript){ 0 };
	*fault = (struct fault){ { 0 } };
	int error = target_file_parse(file, "list.txt", write_down, transcript, fault);
	assert_int_equal(fclose(file), 0);
	return error;
}

static void
assert_read_as(const char *text, const char *expected)
{
	struct transcript transcript;
	struct fault fault;

	assert_int_equal(parse(text, strlen(text), &transcript, &fault), 0);
	assert_string_equal(transcript.text, expected);
	assert_string_equal(fault.text, "");
}

static void
reads_an_entry_a_line(void **state)
{
	assert_read_as("192.0.2.1\n192.0.2.0/24\n192.0.2.1-192.0.2.9\n",
		"1:192.0.2.1;2:192.0.2.0/24;3:192.0.2.1-192.0.2.9;");
	assert_read_as("192.0.2.1", "1:192.0.2.1;");
	assert_read_as("\n", "");
	assert_read_as("a\r\nb\r\n\r\nc", "1:a;2:b;4:c;");
	assert_read_as("\xef\xbb\xbf"
		       "a\n\xef\xbb\xbf"
		       "b\n",
		"1:a;2:\xef\xbb\xbf"
		"b;");
	assert_read_as("  a  \n\t b\t\n   \n", "1:a;2:b;");
}

static void
drops_comments(void **state)
{
	assert_read_as("# a list\n10.0.0.0/8  # RFC1918: Private-Use\n#\n\n 1.2.3.4#x\n",
		"2:10.0.0.0/8;5:1.2.3.4;");
}

static void
reads_zmap_output(void **state)
{
	assert_read_as("saddr\n1.2.3.4\n5.6.7.8\n", "2:1.2.3.4;3:5.6.7.8;");
	assert_read_as("saddr,daddr,ttl\n1.2.3.4,192.0.2.1,55\n", "2:1.2.3.4;");
	assert_read_as("\"saddr\",\"ttl\"\n\"1.2.3.4\",\"55\"\n", "2:1.2.3.4;");
	assert_read_as(
		"timestamp_str,saddr,sport\r\n\"May 1, 12:00\",1.2.3.4,853\r\n", "2:1.2.3.4;");
	assert_read_as("1.2.3.4,synack,1\n 5.6.7.8 ,synack,1\n", "1:1.2.3.4;2:5.6.7.8;");
	assert_read_as("saddr\n1.2.3.4\nttl,saddr\n1,5.6.7.8\n", "2:1.2.3.4;4:5.6.7.8;");
}

static void
shows_odd_fields_to_the_visitor_rather_than_guess(void **state)
{
	assert_read_as("\"1.2.3.4\"x\n", "1:;");
	assert_read_as("\"1.2.3.4\n", "1:\"1.2.3.4;");
	assert_read_as(",1.2.3.4\n", "1:;");
	assert_read_as("ttl,saddr\n55\n", "2:;");
	assert_read_as("1.2.3.4 5.6.7.8\n", "1:1.2.3.4 5.6.7.8;");
	assert_read_as("\"\"\n", "1:;");
	assert_read_as("\" 1.2.3.4\" \n", "1: 1.2.3.4;");
}

static void
assert_fault(const char *text, size_t length, const char *expected)
{
	struct transcript transcript;
	struct fault fault;

	assert_int_equal(parse(text, length, &transcript, &fault), ERROR_INPUT);
	if (strstr(fault.text, expected) != fault.text)
		fail_msg("\"%s\" does not begin with \"%s\"", fault.text, expected);
}

static void
names_the_line_of_a_bad_one(void **state)
{
	char line[TARGET_FILE_LINE_MAXIMUM + 3];

	assert_fault("a\n\nbad\nc\n", 9, "list.txt:3: \"bad\" is bad");
	assert_fault("a\nb\0c\n", 6, "list.txt:2: not a text file; accepted is an address");
	memset(line, 'x', sizeof(line));
	line[0] = '\n';
	assert_fault(line, TARGET_FILE_LINE_MAXIMUM + 2,
		"list.txt:2: the line is longer than 4096 bytes; accepted is an address");
}

static void
takes_a_line_of_the_greatest_length(void **state)
{
	char line[TARGET_FILE_LINE_MAXIMUM + 2];

	memset(line, ' ', sizeof(line));
	memcpy(line, "1.2.3.4", 7);
	line[TARGET_FILE_LINE_MAXIMUM] = '\n';
	line[TARGET_FILE_LINE_MAXIMUM + 1] = '\0';
	assert_read_as(line, "1:1.2.3.4;");
}

static void
shows_strange_text_short_and_printable(void **state)
{
	const struct target_place in_file = { "f", 3, true };
	const struct target_place in_list = { "scan.targets.include", 0, false };
	struct fault fault = { { 0 } };
	struct fault other = { { 0 } };

	assert_int_equal(
		target_place_fault(&fault, ERROR_INPUT, &in_file,
			"\x1b[2J\xff"
			"12345678901234567890123456789012345678901234567890123456789012345",
			"is odd"),
		ERROR_INPUT);
	assert_string_equal(fault.text,
		"f:3: \"?[2J?1234567890123456789012345678901234567890123456789012345...\" is odd");
	(void)target_place_fault(&other, ERROR_INPUT, &in_list, "x", "is odd");
	assert_string_equal(other.text, "scan.targets.include[0]: \"x\" is odd");
}

static void
reports_files_that_cannot_be_read(void **state)
{
	struct transcript transcript = { 0 };
	struct fault missing = { { 0 } };
	struct fault folder = { { 0 } };

	assert_int_equal(
		target_file_read("/nonexistent/list.txt", write_down, &transcript, &missing),
		ERROR_FILE);
	assert_string_equal(
		missing.text, "/nonexistent/list.txt: cannot be opened: No such file or directory");
	assert_int_equal(target_file_read("/", write_down, &transcript, &folder), ERROR_FILE);
	assert_string_equal(folder.text, "/: cannot be read: Is a directory");
}

static void
reads_a_file_on_disk(void **state)
{
	char path[] = "/tmp/test_target_file.XXXXXX";
	struct transcript transcript = { 0 };
	struct fault fault = { { 0 } };
	int descriptor = mkstemp(path);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, "a\nb\n", 4), 4);
	assert_int_equal(close(descriptor), 0);
	assert_int_equal(target_file_read(path, write_down, &transcript, &fault), 0);
	assert_string_equal(transcript.text, "1:a;2:b;");
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_entry_a_line),
		cmocka_unit_test(drops_comments),
		cmocka_unit_test(reads_zmap_output),
		cmocka_unit_test(shows_odd_fields_to_the_visitor_rather_than_guess),
		cmocka_unit_test(names_the_line_of_a_bad_one),
		cmocka_unit_test(takes_a_line_of_the_greatest_length),
		cmocka_unit_test(shows_strange_text_short_and_printable),
		cmocka_unit_test(reports_files_that_cannot_be_read),
		cmocka_unit_test(reads_a_file_on_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
