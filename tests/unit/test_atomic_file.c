/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "record/atomic_file.h"
#include "record_fixture.h"

static void
the_new_replaces_the_old(void **state)
{
	struct fault fault = { "" };
	struct fixture_place place;

	fixture_enter(&place);
	assert_int_equal(atomic_file_write(place.path, "a long one", 10, &fault), 0);
	fixture_expect(&place, "a long one");
	assert_int_equal(atomic_file_write(place.path, "short", 5, &fault), 0);
	fixture_expect(&place, "short");
	fixture_remove(place.folder);
}

static void
what_fails_leaves_nothing(void **state)
{
	char temporary[140];
	struct fault fault = { "" };
	struct fixture_place place;
	struct stat status;

	fixture_enter(&place);
	assert_int_equal(mkdir(place.path, 0755), 0);
	assert_int_equal(atomic_file_write(place.path, "x", 1, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "lines: cannot write: Is a directory"));
	snprintf(temporary, sizeof(temporary), "%s.new", place.path);
	assert_int_not_equal(stat(temporary, &status), 0);
	assert_int_equal(rmdir(place.path), 0);
	fixture_remove(place.folder);
}

/* A user may say /dev/stdout, /dev/null or a pipe where a file is asked for. */
static void
a_device_stays_a_device(void **state)
{
	struct fault fault = { "" };
	struct fixture_place place;
	struct stat status;

	fixture_enter(&place);
	assert_int_equal(symlink("/dev/null", place.path), 0);
	assert_int_equal(atomic_file_write(place.path, "gone", 4, &fault), 0);
	assert_int_equal(lstat(place.path, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(unlink(place.path), 0);
	assert_int_equal(symlink("/dev/full", place.path), 0);
	assert_int_equal(atomic_file_write(place.path, "too much", 8, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "No space left on device"));
	fixture_remove(place.folder);
}

static void
a_pipe_is_written_into(void **state)
{
	struct fault fault = { "" };
	struct fixture_place place;
	char text[8] = "";

	fixture_enter(&place);
	assert_int_equal(mkfifo(place.path, 0600), 0);
	const int reader = open(place.path, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_int_equal(atomic_file_write(place.path, "through", 7, &fault), 0);
	assert_int_equal(read(reader, text, sizeof(text)), 7);
	assert_string_equal(text, "through");
	close(reader);
	fixture_remove(place.folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_new_replaces_the_old),
		cmocka_unit_test(what_fails_leaves_nothing),
		cmocka_unit_test(a_device_stays_a_device),
		cmocka_unit_test(a_pipe_is_written_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
