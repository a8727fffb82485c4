/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "progress_line.h"

#define TERMINAL_STEP_NS 200000000ULL
#define FILE_STEP_NS     10000000000ULL

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void
progress_line_init(struct progress_line *line, bool is_quiet)
{
	*line = (struct progress_line){ .is_quiet = is_quiet,
		.is_terminal = isatty(STDERR_FILENO) != 0 };
}

void
progress_line_begin(struct progress_line *line, const char *stage, uint64_t total)
{
	const uint64_t now = now_ns();

	line->stage = stage;
	line->next_ns = now + (line->is_terminal ? 0 : FILE_STEP_NS);
	progress_init(&line->progress, total, 0, now);
}

void
progress_line_update(struct progress_line *line, uint64_t done)
{
	const uint64_t now = now_ns();
	char text[32];

	if (line->is_quiet || now < line->next_ns)
		return;
	line->next_ns = now + (line->is_terminal ? TERMINAL_STEP_NS : FILE_STEP_NS);
	const struct progress_view view = progress_update(&line->progress, done, now);
	const char *begin = line->is_terminal ? "\r" : "";
	const char *end = line->is_terminal ? "\033[K" : "\n";
	/* The size of what comes through a pipe is not known. */
	if (done > line->progress.total)
		(void)fprintf(stderr, "%s  %-28s %s done%s", begin, line->stage,
			count_format((double)done, text), end);
	else
		(void)fprintf(stderr, "%s  %-28s %5.1f %%  %s left%s", begin, line->stage,
			view.percent, progress_format_time(view.left_ns, text), end);
}

void
progress_line_end(struct progress_line *line, const char *result)
{
	if (line->is_quiet)
		return;
	(void)fprintf(stderr, "%s  %-28s %7.1f s  %s%s\n", line->is_terminal ? "\r" : "",
		line->stage, (double)(now_ns() - line->progress.started_ns) / 1e9, result,
		line->is_terminal ? "\033[K" : "");
}
