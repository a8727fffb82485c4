/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "survey/out_file.h"
#include "survey/report.h"

/* Pieces of the report, for report.c only. */

/* A number with thousands apart, as people write it; text has 40 bytes; returns it. */
char *report_number(uint64_t number, char *text);

/* "75.4 %", "<0.1 %" or "0 %"; text has 40 bytes; returns it. */
char *report_share(uint64_t part, uint64_t whole, char *text);

/* A table as HTML, folded away behind its title unless it is open. An empty or absent one is left out. */
void report_table(struct out_file *out, const struct table *table, bool is_open);

/* The rows alone, within a panel. */
void report_table_body(struct out_file *out, const struct table *table);

/* The numbers and sentences that come first. */
void report_summary(struct out_file *out, const struct findings *findings);

/* Charts of one finding each. */
void report_funnel(struct out_file *out, const struct findings *findings);
void report_bars(struct out_file *out, const struct table *table, size_t value_column,
	size_t share_column, const char *colour, size_t most);
void report_certificates(struct out_file *out, const struct findings *findings);
void report_latency(struct out_file *out, const struct findings *findings);
void report_growth(struct out_file *out, const struct findings *findings);

#endif
