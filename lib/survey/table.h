/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

#define TABLE_COLUMNS 12

enum column_kind {
	COLUMN_TEXT,
	COLUMN_COUNT,        /* a whole number */
	COLUMN_SHARE,        /* percent, with two decimals in files and one for people */
	COLUMN_GROWTH,       /* percent, whole, cut towards zero as the study of 2019 cuts */
	COLUMN_MILLISECONDS, /* with three decimals */
};

struct table_column {
	const char *key;     /* in CSV and JSON; borrowed, as all texts here */
	const char *heading; /* for people */
	enum column_kind kind;
};

struct table_cell {
	char *text; /* owned; NULL in columns of numbers */
	double number;
	bool is_null;
};

/*
 * A finding as rows and columns, which becomes a CSV file, a JSON file and a part of the report.
 * Cells are put from left to right; a lack of memory is kept and told by table_finish.
 */
struct table {
	const char *name; /* of its files */
	const char *title;
	const char *note; /* how to read it; may be NULL */
	struct table_column columns[TABLE_COLUMNS];
	size_t column_count;
	struct table_cell *cells;
	size_t cell_count;
	size_t cell_capacity;
	int error;
};

void table_init(struct table *table, const char *name, const char *title, const char *note);
void table_clear(struct table *table);

void table_column(struct table *table, const char *key, const char *heading, enum column_kind kind);

void table_put_text(struct table *table, const char *text);
void table_put_number(struct table *table, double number);
void table_put_null(struct table *table);

/* part of whole in percent; null where the whole is nothing. */
void table_put_share(struct table *table, uint64_t part, uint64_t whole);

/* From before to now in percent, cut towards zero; null where there was nothing before. */
void table_put_growth(struct table *table, uint64_t before, uint64_t now);

size_t table_rows(const struct table *table);
const struct table_cell *table_at(const struct table *table, size_t row, size_t column);

/*
 * Sort by a column of numbers, the largest first, and where they are equal by the text of the
 * leftmost column of text. Returns 0 or ERROR_MEMORY, also of what came before.
 */
int table_sort(struct table *table, size_t column);

/* A cell as it stands in a CSV file; null is empty. text has 64 bytes for numbers. Returns it. */
const char *table_format(
	const struct table *table, size_t column, const struct table_cell *cell, char text[64]);

/* DIRECTORY/tables/NAME.csv and .json. Returns 0, ERROR_MEMORY, or ERROR_FILE with the fault set. */
int table_write_files(const struct table *table, const char *directory, struct fault *fault);

#endif
