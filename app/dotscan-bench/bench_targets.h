/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_TARGETS_H
#define BENCH_TARGETS_H

#include "base/fault.h"
#include "bench_options.h"
#include "targets/target_list.h"

/*
 * Targets like a scan's: a block of 2^bits addresses of the public network less random opt-outs of /24 to /32. Where the
 * device is not private, as many of 198.18.0.0/15 (RFC 2544), whatever bits says. Returns 0, or an error with a fault.
 */
int bench_targets_init(
	struct target_list *targets, const struct bench_options *options, struct fault *fault);

#endif
