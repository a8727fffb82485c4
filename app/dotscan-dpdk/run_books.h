/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_BOOKS_H
#define RUN_BOOKS_H

#include "scan_state.h"

/* What a run tells of itself. */
enum run_phase { RUN_PHASE_SENDING, RUN_PHASE_WAITING, RUN_PHASE_FINISHING };

/* For the status line. */
void run_books_status(const struct scan_state *state, enum run_phase phase,
	struct scan_status_sample *sample_out);

/* Workers must have ended. */
void run_books_summary(const struct scan_state *state, struct summary *summary_out);

#endif
