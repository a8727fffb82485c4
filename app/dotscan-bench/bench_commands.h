/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_COMMANDS_H
#define BENCH_COMMANDS_H

#include "base/fault.h"
#include "bench_options.h"
#include "bench_report.h"

/*
 * Each measures its stage and adds to the report. Returns 0; a negative error with a fault set; or BENCH_UNTRUE, with a fault that
 * says what did not do what it should.
 */
#define BENCH_UNTRUE 1

#define X(name, key)                                                                        \
	int key##_command(const struct bench_options *options, struct bench_report *report, \
		struct fault *fault);
BENCH_COMMAND_LIST(X)
#undef X

#endif
