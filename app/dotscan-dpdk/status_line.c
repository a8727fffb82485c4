/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "status_line.h"

#define LINE_SIZE 320

void
status_line_init(struct status_line *line, uint64_t interval_ns, uint64_t now_ns)
{
	*line = (struct status_line){
		.is_terminal = isatty(STDERR_FILENO) == 1,
		.interval_ns = interval_ns,
		.started_ns = now_ns,
	};
	line->last.now_ns = now_ns;
}

static double
rate(uint64_t later, uint64_t earlier, uint64_t ns)
{
	return ns == 0 ? 0 : (double)(later - earlier) * 1e9 / (double)ns;
}

static void
format_clock(uint64_t ns, char *text, size_t size)
{
	const uint64_t seconds = ns / 1000000000ULL;

	if (seconds >= 3600)
		(void)snprintf(text, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600,
			seconds / 60 % 60, seconds % 60);
	else
		(void)snprintf(text, size, "%" PRIu64 ":%02" PRIu64, seconds / 60, seconds % 60);
}

/* At the average so far; nothing is said before there is one. */
static void
format_left(
	const struct status_line *line, const struct status_sample *sample, char *text, size_t size)
{
	char left[32];
	const double average = rate(sample->probed, 0, sample->now_ns - line->started_ns);

	if (sample->probed >= sample->planned_probes || average <= 0) {
		(void)snprintf(text, size, "%s", sample->phase);
		return;
	}
	format_clock((uint64_t)((double)(sample->planned_probes - sample->probed) / average * 1e9),
		left, sizeof(left));
	(void)snprintf(text, size, "%s left", left);
}

static void
format_line(const struct status_line *line, const struct status_sample *sample, char *text)
{
	const uint64_t since_ns = sample->now_ns - line->last.now_ns;
	char elapsed[32];
	char left[48];
	char now[32];
	char average[32];
	char answers[32];

	format_clock(sample->now_ns - line->started_ns, elapsed, sizeof(elapsed));
	format_left(line, sample, left, sizeof(left));
	(void)snprintf(text, LINE_SIZE,
		"%s %5.1f%% (%s); send %spps (%s avg); SYN-ACK %s/s; hits %" PRIu64
		", verified %" PRIu64 ", open resolvers %" PRIu64 "; alive %" PRIu64
		", waiting %" PRIu64 "; lost %" PRIu64,
		elapsed,
		sample->planned_probes == 0
			? 100.0
			: (double)sample->probed * 100 / (double)sample->planned_probes,
		left, count_format(rate(sample->syn_sent, line->last.syn_sent, since_ns), now),
		count_format(rate(sample->syn_sent, 0, sample->now_ns - line->started_ns), average),
		count_format(rate(sample->synack, line->last.synack, since_ns), answers),
		sample->hits, sample->verified, sample->right, sample->sessions, sample->parked,
		sample->lost);
}

static bool
is_due(const struct status_line *line, const struct status_sample *sample)
{
	const bool has_changed = line->last.phase == NULL ||
				 strcmp(line->last.phase, sample->phase) != 0 ||
				 (line->last.lost == 0 && sample->lost > 0);

	return has_changed ||
	       (line->is_terminal && sample->now_ns - line->shown_ns >= line->interval_ns);
}

void
status_line_show(struct status_line *line, const struct status_sample *sample)
{
	char text[LINE_SIZE];

	if (!is_due(line, sample))
		return;
	format_line(line, sample, text);
	if (line->is_terminal)
		(void)fprintf(stderr, "\r\033[K%s", text);
	else
		(void)fprintf(stderr, "%s\n", text);
	(void)fflush(stderr);
	line->has_open_line = line->is_terminal;
	line->shown_ns = sample->now_ns;
	line->last = *sample;
}

void
status_line_finish(struct status_line *line)
{
	if (line->has_open_line)
		(void)fputc('\n', stderr);
	line->has_open_line = false;
}
