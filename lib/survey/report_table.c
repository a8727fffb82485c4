/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "survey/report_parts.h"

/* More rows make a page slow; the files have all. */
#define MOST_ROWS 300

/* As the style has it: paper does not unfold. */
#define ROWS_ON_PAPER 25

/* Longer texts may be broken anywhere, or one name would make a table as wide as it is. */
#define LONG_TEXT 16

char *
report_number(uint64_t number, char *text)
{
	char digits[24];
	const size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

char *
report_share(uint64_t part, uint64_t whole, char *text)
{
	const double percent = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;

	if (part == 0)
		(void)snprintf(text, 40, "0 %%");
	else if (percent < 0.1)
		(void)snprintf(text, 40, "<0.1 %%");
	else
		(void)snprintf(text, 40, "%.1f %%", percent);
	return text;
}

static void
format_cell(const struct table *table, size_t column, const struct table_cell *cell, char text[64])
{
	char digits[40];

	switch (table->columns[column].kind) {
	case COLUMN_COUNT:
		(void)snprintf(text, 64, "%s", report_number((uint64_t)cell->number, digits));
		break;
	case COLUMN_SHARE:
		(void)snprintf(text, 64, "%.1f %%", cell->number);
		break;
	case COLUMN_GROWTH:
		(void)snprintf(text, 64, "%+.0f %%", cell->number);
		break;
	case COLUMN_MILLISECONDS:
		(void)snprintf(text, 64, cell->number < 10 ? "%.2f ms" : "%.0f ms", cell->number);
		break;
	case COLUMN_TEXT:
		text[0] = '\0';
		break;
	}
}

static void
put_cell(struct out_file *out, const struct table *table, size_t row, size_t column)
{
	const struct table_cell *cell = table_at(table, row, column);
	char text[64];

	if (table->columns[column].kind == COLUMN_TEXT) {
		const char *words = cell->text == NULL ? "" : cell->text;

		out_text(out, strlen(words) > LONG_TEXT ? "<td class=\"long\">" : "<td>");
		out_html(out, words);
	} else if (cell->is_null) {
		out_text(out, "<td class=\"n\" data-v=\"\">&ndash;");
	} else {
		format_cell(table, column, cell, text);
		out_format(out, "<td class=\"n\" data-v=\"%.10g\">%s", cell->number, text);
	}
	out_text(out, "</td>");
}

void
report_table_body(struct out_file *out, const struct table *table)
{
	const size_t rows = table_rows(table);

	if (table->note != NULL) {
		out_text(out, "<p class=\"note\">");
		out_html(out, table->note);
		out_text(out, "</p>");
	}
	out_format(out, "<div class=\"scroll\"><table id=\"t-%s\"><thead><tr>", table->name);
	for (size_t column = 0; column < table->column_count; column++) {
		out_text(out,
			table->columns[column].kind == COLUMN_TEXT ? "<th>" : "<th class=\"n\">");
		out_html(out, table->columns[column].heading);
		out_text(out, "</th>");
	}
	out_text(out, "</tr></thead><tbody>\n");
	for (size_t row = 0; row < rows && row < MOST_ROWS; row++) {
		out_text(out, "<tr>");
		for (size_t column = 0; column < table->column_count; column++)
			put_cell(out, table, row, column);
		out_text(out, "</tr>\n");
	}
	out_text(out, "</tbody></table></div>");
	if (rows > ROWS_ON_PAPER)
		out_format(out,
			"<p class=\"note paper\">The first %d of %zu rows; all are in tables/%s.csv.</p>",
			ROWS_ON_PAPER, rows, table->name);
	if (rows > MOST_ROWS)
		out_format(out,
			"<p class=\"note screen\">The first %d of %zu rows; all are in tables/%s.csv.</p>",
			MOST_ROWS, rows, table->name);
}

void
report_table(struct out_file *out, const struct table *table, bool is_open)
{
	if (table == NULL || table_rows(table) == 0)
		return;
	out_text(out, is_open ? "<details open><summary>" : "<details><summary>");
	out_html(out, table->title);
	out_format(out, "<span>%zu row%s &middot; tables/%s.csv</span></summary>",
		table_rows(table), table_rows(table) == 1 ? "" : "s", table->name);
	report_table_body(out, table);
	out_text(out, "</details>\n");
}
