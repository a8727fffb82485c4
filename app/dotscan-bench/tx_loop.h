/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TX_LOOP_H
#define TX_LOOP_H

#include <stdint.h>

#include "bench_scanner.h"

/* The loop of an I/O worker with nothing to receive, round after round. options and scanner are borrowed. */
struct tx_loop {
	const struct bench_options *options;
	struct bench_scanner *scanner;
	uint64_t seed;    /* of the last walk */
	uint64_t refused; /* by the device, and sent later */
};

/* What one round came to. */
struct tx_round {
	uint64_t sent;
	uint64_t cycles; /* of the time-stamp counter */
	uint64_t cpu_ns; /* of the thread */
};

/*
 * Send for options->round_ns. Where targets run out, the walk begins again with another seed, which is not part of the time.
 * Returns 0 or ERROR_MEMORY.
 */
int tx_loop_round(struct tx_loop *loop, struct tx_round *round_out);

#endif
