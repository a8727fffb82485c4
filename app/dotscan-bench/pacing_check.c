/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "base/number.h"
#include "pacing_check.h"

#define BILLION 1e9

void
pacing_check_begin(struct pacing_check *check, uint64_t now_ns)
{
	check->first = check->next;
	check->in_window = 0;
	check->span_start_ns = 0;
	check->last_ns = 0;
	check->pending = 0;
	check->in_hand = 0;
	check->seen_ns = now_ns;
}

/* What the pacer will forget: credit beyond its burst. */
static double
credit_beyond_burst(const struct pacer *pacer, uint64_t now_ns)
{
	const double earned = (double)pacer->rate_pps * (double)(now_ns - pacer->last_ns) / BILLION;
	const double credit = (double)pacer->credit / BILLION + earned;

	return credit > (double)pacer->burst ? credit - (double)pacer->burst : 0;
}

void
pacing_check_round(struct pacing_check *check, const struct pacer *pacer, uint64_t now_ns)
{
	const uint64_t gap_ns = now_ns - check->seen_ns;

	check->seen_ns = now_ns;
	if (gap_ns < PACING_AWAY_NS)
		return;
	check->away_ns += gap_ns;
	/* Before the first send nothing is counted, so nothing is missed. */
	if (check->span_start_ns != 0 && check->rate_pps != RATE_LINE)
		check->pending += credit_beyond_burst(pacer, now_ns);
}

static void
slide(struct pacing_check *check, uint64_t count, uint64_t at_ns)
{
	while (check->first != check->next &&
		check->sends[check->first % PACING_SENDS].at_ns + PACING_WINDOW_NS < at_ns)
		check->in_window -= check->sends[check->first++ % PACING_SENDS].count;
	assert(check->next - check->first < PACING_SENDS);
	check->sends[check->next++ % PACING_SENDS] = (struct pacing_send){ at_ns, count };
	check->in_window += count;
	const uint64_t allowed = check->rate_pps * PACING_WINDOW_NS / 1000000000ULL;
	if (check->in_window > allowed && check->in_window - allowed > check->most_beyond)
		check->most_beyond = check->in_window - allowed;
}

void
pacing_check_send(
	struct pacing_check *check, const struct pacer *pacer, uint64_t count, uint64_t at_ns)
{
	check->in_hand = (double)pacer->credit / BILLION;
	if (check->span_start_ns == 0) {
		/* What was in hand at the start is sent later, though the span has not earned it. */
		check->span_start_ns = check->seen_ns;
		check->lost -= check->in_hand;
	} else {
		check->sent += count;
	}
	check->last_ns = check->seen_ns;
	check->lost += check->pending;
	check->pending = 0;
	if (check->rate_pps != RATE_LINE)
		slide(check, count, at_ns);
}

void
pacing_check_end(struct pacing_check *check)
{
	check->lost += check->in_hand;
	check->span_ns += check->last_ns - check->span_start_ns;
}

double
pacing_check_error(const struct pacing_check *check)
{
	const double asked =
		(double)check->rate_pps * (double)check->span_ns / BILLION - check->lost;

	return asked > 0 ? ((double)check->sent - asked) / asked : 0;
}
