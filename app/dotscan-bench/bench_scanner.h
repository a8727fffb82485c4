/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_SCANNER_H
#define BENCH_SCANNER_H

#include "base/fault.h"
#include "bench_options.h"
#include "bench_port.h"
#include "packet/link_endpoints.h"
#include "syn_sender.h"
#include "targets/target_list.h"

#define BENCH_REMOTE_PORT 853

/* The sending half of an I/O worker, as dotscan-dpdk puts it together, with a key that is the same in each run. */
struct bench_scanner {
	struct target_list targets;
	struct target_walk walk;
	struct link_endpoints link;
	struct syn_cookie cookie;
	uint32_t local_address;
	struct prober prober;
	struct syn_sender sender;
	uint16_t worker; /* of so many, that share the targets of the first */
	uint16_t worker_count;
};

/* What a scan probes and from where, for shard index of options->shards. Returns 0, or an error with a fault. Large: on the heap. */
int bench_scanner_init(struct bench_scanner *scanner, const struct bench_options *options,
	const struct bench_port *port, struct fault *fault);

/*
 * A further worker beside the first: it has its own lanes of the walk and its own queue, and borrows the targets. To be cleared before the
 * first. Returns as bench_scanner_init.
 */
int bench_scanner_join(struct bench_scanner *scanner, const struct bench_scanner *first,
	uint16_t worker, const struct bench_options *options, const struct bench_port *port,
	struct fault *fault);
void bench_scanner_clear(struct bench_scanner *scanner);

/* Begin anew with that seed and shard. Returns 0 or ERROR_MEMORY. */
int bench_scanner_restart(struct bench_scanner *scanner, const struct bench_options *options,
	uint64_t seed, uint32_t shard);

#endif
