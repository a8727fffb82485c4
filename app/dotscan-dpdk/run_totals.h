/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_TOTALS_H
#define RUN_TOTALS_H

#include <stdio.h>

#include "scan_state.h"
#include "tcp/tcp_counters.h"

/* What the counters of all threads add up to, and where it says so those of earlier runs. Any thread may ask at any time. */

/* Of this run. */
uint64_t run_totals_io(const struct scan_state *state, enum io_counter counter);
uint64_t run_totals_reception(const struct scan_state *state, enum reception reception);
uint64_t run_totals_invalid(const struct scan_state *state);
uint64_t run_totals_verify(const struct scan_state *state, enum verify_counter counter);
uint64_t run_totals_worker(const struct scan_state *state, enum verify_worker_counter counter);
uint64_t run_totals_tcp(const struct scan_state *state, enum tcp_counter counter);
uint64_t run_totals_repeated(const struct scan_state *state);

/* What the checkpoint that the run began with says of a counter; 0 where there was none. */
uint64_t run_totals_carried(const struct scan_state *state, const char *name);

/* SYNs of the scan, and visits of targets that needed none. SYNs behind the checkpoint are sent again, and counted anew. */
uint64_t run_totals_syn(const struct scan_state *state);
uint64_t run_totals_skipped(const struct scan_state *state);

/* Visits of targets of this scan: planned times probes when all is done. */
uint64_t run_totals_visited(const struct scan_state *state);

/* The same by the streams' own account: what the SYN counters must agree with. */
uint64_t run_totals_taken(const struct scan_state *state);

/* Hits of this run that have no record with the writer yet. */
uint64_t run_totals_in_flight(const struct scan_state *state);

/* Hits of the scan: every record there was, and those of this run. */
uint64_t run_totals_hits(const struct scan_state *state);

/* What may be dropped on our side. Of an earlier run too: what it lost is lost to the scan. */
#define RUN_LOSS_LIST(X)            \
	X(NIC_MISSED, "nic_missed") \
	X(NO_MBUF, "no_mbuf")       \
	X(RING_FULL, "ring_full")   \
	X(TX_REFUSED, "tx_refused") \
	X(PARK_FULL, "park_full")   \
	X(NO_CHUNK, "no_chunk")     \
	X(NOT_WRITTEN, "not_written")

enum run_loss {
#define X(name, key) RUN_LOSS_##name,
	RUN_LOSS_LIST(X)
#undef X
		RUN_LOSS_COUNT
};

extern const char *const run_loss_names[RUN_LOSS_COUNT];

uint64_t run_totals_loss(const struct scan_state *state, enum run_loss loss);

/* All of them. */
uint64_t run_totals_lost(const struct scan_state *state);

/* Every counter of every part, a line each. */
void run_totals_print(const struct scan_state *state, FILE *file);

#endif
