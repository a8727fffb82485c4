/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_CHECKPOINT_H
#define RUN_CHECKPOINT_H

#include "scan_state.h"

/*
 * A checkpoint of now, to be owned by the caller, or NULL when nothing is known that the last one did not say, or out of memory. It
 * goes back to before the oldest hit without a record, and as far as late answers may come.
 */
struct checkpoint *run_checkpoint_make(const struct scan_state *state, uint64_t now_ns);

/* The checkpoint that the run begins with. NULL when out of memory. */
struct checkpoint *run_checkpoint_first(const struct scan_state *state);

#endif
