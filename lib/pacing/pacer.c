/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "pacing/pacer.h"

#define CREDIT_PER_PACKET 1000000000ULL

void
pacer_init(struct pacer *pacer, uint64_t rate_pps, uint64_t burst, uint64_t now_ns)
{
	assert(rate_pps > 0 && rate_pps <= CREDIT_PER_PACKET);
	assert(burst > 0 && burst <= CREDIT_PER_PACKET);
	*pacer = (struct pacer){ .rate_pps = rate_pps, .burst = burst, .last_ns = now_ns };
}

static void
earn(struct pacer *pacer, uint64_t now_ns)
{
	const uint64_t full = pacer->burst * CREDIT_PER_PACKET;
	const uint64_t missing = full - pacer->credit;
	const uint64_t elapsed_ns = now_ns - pacer->last_ns;

	/* Compare by division: after a long pause the product would overflow. */
	if (elapsed_ns > missing / pacer->rate_pps)
		pacer->credit = full;
	else
		pacer->credit += elapsed_ns * pacer->rate_pps;
	pacer->last_ns = now_ns;
}

uint64_t
pacer_take(struct pacer *pacer, uint64_t want, uint64_t now_ns)
{
	assert(now_ns >= pacer->last_ns);
	earn(pacer, now_ns);

	uint64_t granted = pacer->credit / CREDIT_PER_PACKET;
	if (granted > want)
		granted = want;
	pacer->credit -= granted * CREDIT_PER_PACKET;
	return granted;
}

void
pacer_give_back(struct pacer *pacer, uint64_t count)
{
	pacer->credit += count * CREDIT_PER_PACKET;
	assert(pacer->credit <= pacer->burst * CREDIT_PER_PACKET);
}
