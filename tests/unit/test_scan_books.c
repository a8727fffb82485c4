/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "survey/scan_books.h"

/* Two folders of scans, each with room for a summary. */
struct folders {
	char root[64];
	char records[2][128];
	char summaries[2][128];
};

static int
make_folders(void **state)
{
	struct folders *folders = calloc(1, sizeof(*folders));

	assert_non_null(folders);
	strcpy(folders->root, "/tmp/dotscan-books-XXXXXX");
	assert_non_null(mkdtemp(folders->root));
	for (int i = 0; i < 2; i++) {
		char path[100];

		snprintf(path, sizeof(path), "%s/%d", folders->root, i);
		assert_int_equal(mkdir(path, 0700), 0);
		snprintf(
			folders->records[i], sizeof(folders->records[i]), "%s/records.jsonl", path);
		snprintf(folders->summaries[i], sizeof(folders->summaries[i]), "%s/summary.json",
			path);
	}
	*state = folders;
	return 0;
}

static int
remove_folders(void **state)
{
	struct folders *folders = *state;

	for (int i = 0; i < 2; i++) {
		unlink(folders->summaries[i]);
		*strrchr(folders->summaries[i], '/') = '\0';
		assert_int_equal(rmdir(folders->summaries[i]), 0);
	}
	assert_int_equal(rmdir(folders->root), 0);
	free(folders);
	return 0;
}

static void
store(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* A summary of 1000 targets, 2 SYNs each, of which 5 answered. */
static const char *
summary(const char *scan, int seed, int shard)
{
	static char text[1024];

	snprintf(text, sizeof(text),
		"{\"schema\":1,\"scan\":\"%s\",\"seed\":%d,\"shard\":{\"index\":%d,\"count\":2},"
		"\"probes\":2,\"targets\":{\"planned\":1000,\"visited\":2000},"
		"\"sent\":{\"syn\":1995,\"retries\":995,\"reprobes\":3},"
		"\"received\":{\"synack\":5,\"rst\":7,\"icmp\":1,\"duplicate\":2,\"invalid\":4},"
		"\"losses\":{\"nic_missed\":1,\"no_mbuf\":2},\"books\":{\"records\":5}}",
		scan, seed, shard);
	return text;
}

/* Books of inputs that hold so many records each; returns the warnings. */
static struct warning_list
read_books(const struct folders *folders, uint64_t first, uint64_t second, struct scan_books *books)
{
	const struct scan_books_input inputs[] = { { folders->records[0], first },
		{ folders->records[1], second } };
	struct warning_list warnings = { 0 };

	assert_int_equal(scan_books_read(books, inputs, second > 0 ? 2 : 1, &warnings), 0);
	return warnings;
}

static void
reads_the_summary_of_a_scan(void **state)
{
	const struct folders *folders = *state;
	struct scan_books books;

	store(folders->summaries[0], summary("lab", 7, 0));
	assert_int_equal(read_books(folders, 5, 0, &books).count, 0);
	assert_true(books.is_known);
	assert_int_equal(books.shards, 1);
	assert_int_equal(books.planned, 1000);
	assert_int_equal(books.probed, 1000);
	assert_int_equal(books.syn, 1998);
	assert_int_equal(books.synack, 5);
	assert_int_equal(books.duplicate, 2);
	assert_int_equal(books.rst, 7);
	assert_int_equal(books.icmp, 1);
	assert_int_equal(books.invalid, 4);
	assert_int_equal(books.lost, 3);
}

static void
adds_up_the_shards_of_a_scan(void **state)
{
	const struct folders *folders = *state;
	struct scan_books books;

	store(folders->summaries[0], summary("lab", 7, 0));
	store(folders->summaries[1], summary("lab", 7, 1));
	assert_int_equal(read_books(folders, 5, 5, &books).count, 0);
	assert_int_equal(books.shards, 2);
	assert_int_equal(books.planned, 2000);
	assert_int_equal(books.synack, 10);
}

static void
takes_files_of_one_folder_together(void **state)
{
	const struct folders *folders = *state;
	char other[128];
	struct warning_list warnings = { 0 };
	struct scan_books books;

	store(folders->summaries[0], summary("lab", 7, 0));
	snprintf(other, sizeof(other), "%s/0/more.jsonl", folders->root);
	const struct scan_books_input inputs[] = { { folders->records[0], 3 }, { other, 2 } };
	assert_int_equal(scan_books_read(&books, inputs, 2, &warnings), 0);
	assert_int_equal(warnings.count, 0);
	assert_int_equal(books.planned, 1000);
}

static void
assert_unknown(const struct folders *folders, uint64_t first, uint64_t second, const char *why)
{
	struct scan_books books = { .is_known = true, .planned = 9 };
	const struct warning_list warnings = read_books(folders, first, second, &books);

	assert_int_equal(warnings.count, 1);
	if (strstr(warnings.texts[0], why) == NULL)
		fail_msg("%s lacks %s", warnings.texts[0], why);
	assert_non_null(strstr(warnings.texts[0], "the funnel begins at the SYN-ACK"));
	assert_false(books.is_known);
	assert_int_equal(books.planned, 0);
}

static void
uses_no_figure_that_does_not_fit(void **state)
{
	const struct folders *folders = *state;

	unlink(folders->summaries[0]);
	assert_unknown(folders, 5, 0, "cannot be read");
	store(folders->summaries[0], summary("lab", 7, 0));
	assert_unknown(folders, 4, 0, "tells of 5 records and there are 4");
	store(folders->summaries[1], summary("lab", 8, 1));
	assert_unknown(folders, 5, 5, "not of the same scan");
	store(folders->summaries[1], summary("other", 7, 1));
	assert_unknown(folders, 5, 5, "not of the same scan");
	store(folders->summaries[1], summary("lab", 7, 0));
	assert_unknown(folders, 5, 5, "not of the same scan");
	store(folders->summaries[0], "{\"schema\":1,");
	assert_unknown(folders, 5, 0, "not JSON");
	store(folders->summaries[0], "{\"schema\":2}");
	assert_unknown(folders, 5, 0, "field schema: expected 1");
	store(folders->summaries[0], "{\"schema\":1,\"scan\":\"lab\",\"seed\":-1}");
	assert_unknown(folders, 5, 0, "field seed");
	store(folders->summaries[0], "[]");
	assert_unknown(folders, 5, 0, "field schema: is missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			reads_the_summary_of_a_scan, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
			adds_up_the_shards_of_a_scan, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
			takes_files_of_one_folder_together, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
			uses_no_figure_that_does_not_fit, make_folders, remove_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
