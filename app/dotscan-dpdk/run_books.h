/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_BOOKS_H
#define RUN_BOOKS_H

#include "scan_state.h"

/* The books of a run: what the counters of all threads and of earlier runs add up to. */

/* Visits of targets of this scan, earlier runs included: planned times probes when all is done. */
uint64_t run_books_visited(const struct scan_state *state);

/* Hits of this run that have no record with the writer yet. */
uint64_t run_books_in_flight(const struct scan_state *state);

/* Hits of the scan: every record there was, and those of this run. */
uint64_t run_books_hits(const struct scan_state *state);

/* Everything that was dropped on our side. */
uint64_t run_books_lost(const struct scan_state *state);

enum run_phase { RUN_PHASE_SENDING, RUN_PHASE_WAITING, RUN_PHASE_FINISHING };

/* What the status line shows. */
void run_books_status(const struct scan_state *state, enum run_phase phase,
	struct scan_status_sample *sample_out);

/* Workers must have ended. */
void run_books_summary(const struct scan_state *state, struct summary *summary_out);

/*
 * A checkpoint of now, to be owned by the caller, or NULL when nothing is known that the last one did not say, or out of memory. It
 * goes back to before the oldest hit without a record, and as far as late answers may come.
 */
struct checkpoint *run_books_checkpoint(const struct scan_state *state, uint64_t now_ns);

/* The checkpoint that the run begins with. NULL when out of memory. */
struct checkpoint *run_books_first_checkpoint(const struct scan_state *state);

/* Every counter of every part, a line each. */
void run_books_print_counters(const struct scan_state *state, FILE *file);

#endif
