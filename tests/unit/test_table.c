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

#include "survey/table.h"

static void
begin(struct table *table)
{
	table_init(table, "fruit", "Fruit", NULL);
	table_column(table, "name", "name", COLUMN_TEXT);
	table_column(table, "count", "number", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	table_column(table, "growth", "growth", COLUMN_GROWTH);
}

static void
put(struct table *table, const char *name, uint64_t now, uint64_t all, uint64_t before)
{
	table_put_text(table, name);
	table_put_number(table, (double)now);
	table_put_share(table, now, all);
	table_put_growth(table, before, now);
}

static void
assert_row(const struct table *table, size_t row, const char *expected)
{
	char line[256] = "";

	for (size_t column = 0; column < table->column_count; column++) {
		char text[64];
		strcat(line, column > 0 ? "," : "");
		strcat(line, table_format(table, column, table_at(table, row, column), text));
	}
	assert_string_equal(line, expected);
}

static void
counts_and_cuts_as_the_study_does(void **state)
{
	struct table table;

	begin(&table);
	put(&table, "up", 951, 2069, 456);
	put(&table, "down", 40, 2069, 257);
	put(&table, "less by a little", 199, 2069, 200);
	put(&table, "new", 3, 0, 0);
	assert_int_equal(table_rows(&table), 4);
	assert_row(&table, 0, "up,951,45.96,108");
	assert_row(&table, 1, "down,40,1.93,-84");
	assert_row(&table, 2, "less by a little,199,9.62,0");
	assert_row(&table, 3, "new,3,,");
	table_clear(&table);
}

/* The largest first; names decide where numbers do not, in whatever order rows came. */
static void
sorts_by_number_then_by_name(void **state)
{
	for (int turn = 0; turn < 2; turn++) {
		struct table table;

		begin(&table);
		put(&table, turn == 0 ? "pear" : "apple", 5, 10, 5);
		put(&table, "plum", 9, 10, 9);
		put(&table, turn == 0 ? "apple" : "pear", 5, 10, 5);
		assert_int_equal(table_sort(&table, 1), 0);
		assert_row(&table, 0, "plum,9,90.00,0");
		assert_row(&table, 1, "apple,5,50.00,0");
		assert_row(&table, 2, "pear,5,50.00,0");
		table_clear(&table);
	}
}

static char *
load(const char *folder, const char *name)
{
	char path[128];
	char *text = calloc(1, 4096);

	assert_non_null(text);
	snprintf(path, sizeof(path), "%s/tables/%s", folder, name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, 4095, file) < 4095);
	fclose(file);
	unlink(path);
	return text;
}

static void
writes_csv_and_json(void **state)
{
	char folder[] = "/tmp/dotscan-table-XXXXXX";
	char tables[64];
	struct table table;
	struct fault fault = { "" };

	assert_non_null(mkdtemp(folder));
	snprintf(tables, sizeof(tables), "%s/tables", folder);
	assert_int_equal(mkdir(tables, 0700), 0);
	begin(&table);
	put(&table, "a, \"b\"", 1, 3, 0);
	assert_int_equal(table_write_files(&table, folder, &fault), 0);
	table_clear(&table);
	char *csv = load(folder, "fruit.csv");
	char *json = load(folder, "fruit.json");
	assert_string_equal(csv, "name,count,share,growth\n\"a, \"\"b\"\"\",1,33.33,\n");
	assert_non_null(strstr(json, "\"name\":\"a, \\\"b\\\"\""));
	assert_non_null(strstr(json, "\"count\":1"));
	assert_non_null(strstr(json, "\"growth\":null"));
	free(csv);
	free(json);
	assert_int_equal(rmdir(tables), 0);
	begin(&table);
	assert_true(table_write_files(&table, folder, &fault) < 0);
	assert_non_null(strstr(fault.text, "tables/fruit"));
	table_clear(&table);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_cuts_as_the_study_does),
		cmocka_unit_test(sorts_by_number_then_by_name),
		cmocka_unit_test(writes_csv_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
