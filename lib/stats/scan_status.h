/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_STATUS_H
#define SCAN_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "stats/progress.h"

/* What a scan has come to at a moment. Counts do not go backwards. */
struct scan_status_sample {
	uint64_t now_ns;
	uint64_t planned_probes;
	uint64_t probed;   /* probes sent or found unneeded, of an earlier run too */
	uint64_t syn_sent; /* by this run, as SYN-ACKs are */
	uint64_t synack;
	uint64_t hits;
	uint64_t verified;
	uint64_t right;
	uint64_t sessions;
	uint64_t parked;
	uint64_t lost;
	const char *phase; /* what is being done, shown where no time left can be */
	bool is_sending;
};

/* One line about it for people: shares, rates and the time left by the samples so far. It reads no clock. */
struct scan_status {
	struct progress probes;
	struct rate_meter syn_sent;
	struct rate_meter synack;
};

/* Begin where this run begins: what an earlier one did is done, but says nothing about the time left. */
void scan_status_init(struct scan_status *status, const struct scan_status_sample *first);

/* Write the line, without a newline, into text of this size. */
#define SCAN_STATUS_SIZE 384
void scan_status_format(
	struct scan_status *status, const struct scan_status_sample *sample, char *text);

#endif
