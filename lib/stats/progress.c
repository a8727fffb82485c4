/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "stats/progress.h"

#define TIME_SIZE        32
#define FURTHEST_LEFT_NS 1e18 /* 31 years: longer ones say nothing, and would leave the range */

void
progress_init(struct progress *progress, uint64_t total, uint64_t done, uint64_t now_ns)
{
	progress->total = total;
	progress->started_ns = now_ns;
	rate_meter_init(&progress->meter, done, now_ns);
}

static uint64_t
time_left(const struct progress *progress, uint64_t done)
{
	const double rate = rate_meter_window(&progress->meter);

	if (done >= progress->total)
		return 0;
	if (rate <= 0)
		return PROGRESS_UNKNOWN;
	const double left_ns = (double)(progress->total - done) / rate * 1e9;
	return left_ns > FURTHEST_LEFT_NS ? PROGRESS_UNKNOWN : (uint64_t)left_ns;
}

struct progress_view
progress_update(struct progress *progress, uint64_t done, uint64_t now_ns)
{
	rate_meter_sample(&progress->meter, done, now_ns);
	return (struct progress_view){
		.elapsed_ns = now_ns - progress->started_ns,
		.percent = done >= progress->total ? 100
						   : 100.0 * (double)done / (double)progress->total,
		.rate_now = rate_meter_now(&progress->meter),
		.rate_average = rate_meter_average(&progress->meter),
		.left_ns = time_left(progress, done),
	};
}

char *
progress_format_time(uint64_t nanoseconds, char *text)
{
	const uint64_t seconds = nanoseconds / 1000000000;
	const uint64_t days = seconds / 86400;
	const int hours = (int)(seconds / 3600 % 24);
	const int minutes = (int)(seconds / 60 % 60);

	if (nanoseconds == PROGRESS_UNKNOWN)
		(void)snprintf(text, TIME_SIZE, "-");
	else if (days > 0)
		(void)snprintf(text, TIME_SIZE, "%" PRIu64 "d%02d:%02d:%02d", days, hours, minutes,
			(int)(seconds % 60));
	else
		(void)snprintf(
			text, TIME_SIZE, "%d:%02d:%02d", hours, minutes, (int)(seconds % 60));
	return text;
}
