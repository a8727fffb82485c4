/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STATUS_LINE_H
#define STATUS_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* What the line shows; totals since the start of this run. */
struct status_sample {
	uint64_t now_ns;
	uint64_t planned_probes;
	uint64_t probed; /* probes sent or found unneeded, of an earlier run too */
	uint64_t syn_sent;
	uint64_t synack;
	uint64_t hits;
	uint64_t verified;
	uint64_t right;
	uint64_t sessions;
	uint64_t parked;
	uint64_t lost;
	const char *phase; /* "sending", "cooling down", "finishing" */
};

/*
 * One line on stderr: rewritten in place each interval on a terminal; elsewhere written only when the phase changes or a first loss occurs.
 */
struct status_line {
	bool is_terminal;
	uint64_t interval_ns;
	uint64_t started_ns;
	uint64_t shown_ns;
	struct status_sample last;
	bool has_open_line; /* the cursor stands behind an unfinished line */
};

void status_line_init(struct status_line *line, uint64_t interval_ns, uint64_t now_ns);
void status_line_show(struct status_line *line, const struct status_sample *sample);

/* Leave what stands, and begin a new line for other output. */
void status_line_finish(struct status_line *line);

#endif
