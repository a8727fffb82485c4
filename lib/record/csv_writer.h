/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CSV_WRITER_H
#define CSV_WRITER_H

#include "record/line_buffer.h"
#include "record/record_brief.h"

/*
 * The table that a zmap run with a DNS script behind it gives: address, then one verdict a query. A
 * verdict is "DoT query answer" where a valid reply came, whatever its rcode; "DoT query timeout"
 * where the connection ended because something did not come in time; "DoT query error" in all other
 * cases.
 */

/*
 * Appends the row of one record, with query_count verdicts (1 to OBSERVATION_QUERIES). Returns 0 or
 * ERROR_MEMORY.
 */
int csv_write(
	struct line_buffer *buffer, const struct record_brief *brief, unsigned int query_count);

#endif
