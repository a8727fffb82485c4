/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "status_line.h"

/* Erase the line; and no line wraps meanwhile, as one that did could not be written over. */
#define TERMINAL_BEGIN "\r\033[K\033[?7l"
#define TERMINAL_END   "\033[?7h"

void
status_line_init(
	struct status_line *line, uint64_t interval_ns, const struct scan_status_sample *first)
{
	*line = (struct status_line){
		.is_terminal = isatty(STDERR_FILENO) == 1,
		.interval_ns = interval_ns,
	};
	scan_status_init(&line->status, first);
}

static bool
is_due(const struct status_line *line, const struct scan_status_sample *sample)
{
	const bool has_changed = line->phase == NULL || strcmp(line->phase, sample->phase) != 0 ||
				 (!line->has_shown_loss && sample->lost > 0);

	return has_changed ||
	       (line->is_terminal && sample->now_ns - line->shown_ns >= line->interval_ns);
}

void
status_line_show(struct status_line *line, const struct scan_status_sample *sample)
{
	char text[SCAN_STATUS_SIZE];

	if (!is_due(line, sample))
		return;
	scan_status_format(&line->status, sample, text);
	(void)fprintf(stderr, line->is_terminal ? TERMINAL_BEGIN "%s" TERMINAL_END : "%s\n", text);
	(void)fflush(stderr);
	line->has_open_line = line->is_terminal;
	line->shown_ns = sample->now_ns;
	line->phase = sample->phase;
	line->has_shown_loss = sample->lost > 0;
}

void
status_line_finish(struct status_line *line)
{
	if (line->has_open_line)
		(void)fputc('\n', stderr);
	line->has_open_line = false;
}
