/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROGRESS_LINE_H
#define PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "stats/progress.h"

/*
 * Tells on stderr what the program is at, how much of it is done and how long the rest will take: a
 * line that moves on a terminal, a line each 10 seconds elsewhere, and one at the end of each stage.
 */
struct progress_line {
	struct progress progress;
	const char *stage;
	uint64_t next_ns;
	bool is_quiet;
	bool is_terminal;
};

void progress_line_init(struct progress_line *line, bool is_quiet);

/* A stage begins, of so much work. */
void progress_line_begin(struct progress_line *line, const char *stage, uint64_t total);
void progress_line_update(struct progress_line *line, uint64_t done);

/* It is done; result may be empty. */
void progress_line_end(struct progress_line *line, const char *result);

#endif
