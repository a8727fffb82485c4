/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/out_file.h"
#include "survey/table.h"

#define PATH_SIZE 4096

void
table_init(struct table *table, const char *name, const char *title, const char *note)
{
	*table = (struct table){ .name = name, .title = title, .note = note };
}

void
table_clear(struct table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	free(table->cells);
	*table = (struct table){ 0 };
}

void
table_column(struct table *table, const char *key, const char *heading, enum column_kind kind)
{
	if (table->column_count < TABLE_COLUMNS)
		table->columns[table->column_count++] = (struct table_column){ key, heading, kind };
}

static struct table_cell *
next_cell(struct table *table)
{
	if (table->cell_count == table->cell_capacity) {
		const size_t capacity = table->cell_capacity * 2 + 64;
		struct table_cell *cells = reallocarray(table->cells, capacity, sizeof(*cells));
		if (cells == NULL) {
			table->error = ERROR_MEMORY;
			return NULL;
		}
		table->cells = cells;
		table->cell_capacity = capacity;
	}
	table->cells[table->cell_count] = (struct table_cell){ 0 };
	return &table->cells[table->cell_count++];
}

void
table_put_text(struct table *table, const char *text)
{
	struct table_cell *cell = next_cell(table);

	if (cell == NULL)
		return;
	cell->text = strdup(text);
	if (cell->text == NULL)
		table->error = ERROR_MEMORY;
}

void
table_put_number(struct table *table, double number)
{
	struct table_cell *cell = next_cell(table);

	if (cell != NULL)
		cell->number = number;
}

void
table_put_null(struct table *table)
{
	struct table_cell *cell = next_cell(table);

	if (cell != NULL)
		cell->is_null = true;
}

void
table_put_share(struct table *table, uint64_t part, uint64_t whole)
{
	if (whole == 0)
		table_put_null(table);
	else
		table_put_number(table, 100.0 * (double)part / (double)whole);
}

void
table_put_growth(struct table *table, uint64_t before, uint64_t now)
{
	if (before == 0)
		table_put_null(table);
	else if (now >= before)
		table_put_number(table, (double)((now - before) * 100 / before));
	else
		/* As an integer, or a loss below one percent would be -0. */
		table_put_number(table, (double)-(int64_t)((before - now) * 100 / before));
}

size_t
table_rows(const struct table *table)
{
	return table->column_count == 0 ? 0 : table->cell_count / table->column_count;
}

const struct table_cell *
table_at(const struct table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

struct sort_row {
	const struct table_cell *cells;
	double number;
	const char *text;
};

static int
compare_rows(const void *left, const void *right)
{
	const struct sort_row *a = left;
	const struct sort_row *b = right;

	if (a->number < b->number || a->number > b->number)
		return a->number < b->number ? 1 : -1;
	const int order = strcmp(a->text, b->text);
	/* Else as they were put, which is the order of addresses. */
	return order != 0 ? order : (a->cells > b->cells) - (a->cells < b->cells);
}

static const char *
text_of(const struct table *table, size_t row)
{
	for (size_t column = 0; column < table->column_count; column++) {
		const struct table_cell *cell = table_at(table, row, column);
		if (table->columns[column].kind == COLUMN_TEXT && cell->text != NULL)
			return cell->text;
	}
	return "";
}

int
table_sort(struct table *table, size_t column)
{
	const size_t count = table_rows(table);

	if (table->error != 0 || count < 2)
		return table->error;
	struct sort_row *rows = calloc(count, sizeof(*rows));
	struct table_cell *sorted = calloc(table->cell_count, sizeof(*sorted));
	if (rows == NULL || sorted == NULL) {
		free(rows);
		free(sorted);
		return table->error = ERROR_MEMORY;
	}
	for (size_t i = 0; i < count; i++) {
		const struct table_cell *cell = table_at(table, i, column);
		rows[i] = (struct sort_row){ table_at(table, i, 0),
			cell->is_null ? -HUGE_VAL : cell->number, text_of(table, i) };
	}
	qsort(rows, count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < count; i++)
		memcpy(&sorted[i * table->column_count], rows[i].cells,
			table->column_count * sizeof(*sorted));
	free(rows);
	free(table->cells);
	table->cells = sorted;
	table->cell_capacity = table->cell_count;
	return 0;
}

const char *
table_format(const struct table *table, size_t column, const struct table_cell *cell, char text[64])
{
	if (cell->is_null)
		return "";
	switch (table->columns[column].kind) {
	case COLUMN_TEXT:
		return cell->text == NULL ? "" : cell->text;
	case COLUMN_COUNT:
	case COLUMN_GROWTH:
		(void)snprintf(text, 64, "%.0f", cell->number);
		break;
	case COLUMN_SHARE:
		(void)snprintf(text, 64, "%.2f", cell->number);
		break;
	case COLUMN_MILLISECONDS:
		(void)snprintf(text, 64, "%.3f", cell->number);
		break;
	}
	return text;
}

static int
open_table(const struct table *table, const char *directory, const char *suffix,
	struct out_file *out, struct fault *fault)
{
	char path[PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s/tables/%s.%s", directory, table->name, suffix) >=
		(int)sizeof(path))
		return fault_set(fault, ERROR_FILE, "%s: the path is too long", directory);
	return out_open(out, path, fault);
}

static int
write_csv(const struct table *table, const char *directory, struct fault *fault)
{
	struct out_file out;
	char text[64];
	const int error = open_table(table, directory, "csv", &out, fault);

	if (error != 0)
		return error;
	for (size_t column = 0; column < table->column_count; column++) {
		out_text(&out, column > 0 ? "," : "");
		out_csv(&out, table->columns[column].key);
	}
	out_text(&out, "\n");
	for (size_t row = 0; row < table_rows(table); row++) {
		for (size_t column = 0; column < table->column_count; column++) {
			out_text(&out, column > 0 ? "," : "");
			out_csv(&out,
				table_format(table, column, table_at(table, row, column), text));
		}
		out_text(&out, "\n");
	}
	return out_close(&out, fault);
}

static void
put_json_cell(const struct table *table, size_t column, const struct table_cell *cell,
	struct out_file *out)
{
	char text[64];
	const char *value = table_format(table, column, cell, text);

	if (cell->is_null)
		out_text(out, "null");
	else if (table->columns[column].kind == COLUMN_TEXT)
		out_json(out, value);
	else
		out_text(out, value);
}

static int
write_json(const struct table *table, const char *directory, struct fault *fault)
{
	struct out_file out;
	const int error = open_table(table, directory, "json", &out, fault);

	if (error != 0)
		return error;
	out_text(&out, "{\"schema\":1,\"table\":");
	out_json(&out, table->name);
	out_text(&out, ",\"title\":");
	out_json(&out, table->title);
	out_text(&out, ",\"rows\":[");
	for (size_t row = 0; row < table_rows(table); row++) {
		out_text(&out, row > 0 ? ",\n{" : "\n{");
		for (size_t column = 0; column < table->column_count; column++) {
			out_text(&out, column > 0 ? "," : "");
			out_json(&out, table->columns[column].key);
			out_text(&out, ":");
			put_json_cell(table, column, table_at(table, row, column), &out);
		}
		out_text(&out, "}");
	}
	out_text(&out, "\n]}\n");
	return out_close(&out, fault);
}

int
table_write_files(const struct table *table, const char *directory, struct fault *fault)
{
	if (table->error != 0)
		return table->error;
	const int error = write_csv(table, directory, fault);

	return error != 0 ? error : write_json(table, directory, fault);
}
