/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"
#include "stats/scan_status.h"

void
scan_status_init(struct scan_status *status, const struct scan_status_sample *first)
{
	progress_init(&status->probes, first->planned_probes, first->probed, first->now_ns);
	rate_meter_init(&status->syn_sent, first->syn_sent, first->now_ns);
	rate_meter_init(&status->synack, first->synack, first->now_ns);
}

void
scan_status_format(struct scan_status *status, const struct scan_status_sample *sample, char *text)
{
	const struct progress_view view =
		progress_update(&status->probes, sample->probed, sample->now_ns);
	const bool has_left = sample->is_sending && sample->probed < sample->planned_probes &&
			      view.left_ns != PROGRESS_UNKNOWN;
	char elapsed[32];
	char left[32];
	char now[32];
	char average[32];
	char answers[32];

	rate_meter_sample(&status->syn_sent, sample->syn_sent, sample->now_ns);
	rate_meter_sample(&status->synack, sample->synack, sample->now_ns);
	(void)snprintf(text, SCAN_STATUS_SIZE,
		"%s %5.1f%% (%s%s); send %spps (%s avg); SYN-ACK %s/s; hits %" PRIu64
		", verified %" PRIu64 ", open resolvers %" PRIu64 "; alive %" PRIu64
		", waiting %" PRIu64 "; lost %" PRIu64,
		progress_format_time(view.elapsed_ns, elapsed), view.percent,
		has_left ? progress_format_time(view.left_ns, left) : sample->phase,
		has_left ? " left" : "", count_format(rate_meter_now(&status->syn_sent), now),
		count_format(rate_meter_average(&status->syn_sent), average),
		count_format(rate_meter_now(&status->synack), answers), sample->hits,
		sample->verified, sample->right, sample->sessions, sample->parked, sample->lost);
}
