/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STATUS_LINE_H
#define STATUS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "stats/scan_status.h"

/*
 * One line on stderr: rewritten in place each interval on a terminal, and cut at its edge; elsewhere written only when the phase changes
 * or a first loss occurs.
 */
struct status_line {
	struct scan_status status;
	bool is_terminal;
	uint64_t interval_ns;
	uint64_t shown_ns;
	const char *phase; /* last shown */
	bool has_shown_loss;
	bool has_open_line; /* the cursor stands behind an unfinished line */
};

/* first is the state before this run has sent anything. */
void status_line_init(
	struct status_line *line, uint64_t interval_ns, const struct scan_status_sample *first);
void status_line_show(struct status_line *line, const struct scan_status_sample *sample);

/* Leave what stands, and begin a new line for other output. */
void status_line_finish(struct status_line *line);

#endif
