/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PACER_H
#define PACER_H

#include <stdint.h>

/*
 * A pacer says how many packets may leave now so that the chosen rate is never exceeded.
 *
 * Promise: in any span of t seconds it grants at most rate_pps * t + burst packets.
 * It reads no clock; the caller passes now_ns, which must never go backwards.
 */
struct pacer {
	uint64_t rate_pps;
	uint64_t burst;
	uint64_t credit; /* in billionths of a packet, so no rate is rounded */
	uint64_t last_ns;
};

/* Begin with no credit. rate_pps must be 1 to 1e9 and burst 1 to 1e9. */
void pacer_init(struct pacer *pacer, uint64_t rate_pps, uint64_t burst, uint64_t now_ns);

/* Grant up to want packets at now_ns and spend the credit for them. Returns the number granted. */
uint64_t pacer_take(struct pacer *pacer, uint64_t want, uint64_t now_ns);

/* Return what was granted last and could not be used. */
void pacer_give_back(struct pacer *pacer, uint64_t count);

#endif
