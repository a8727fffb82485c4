/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_RUN_H
#define SCAN_RUN_H

#include "base/fault.h"
#include "config/scan_config.h"
#include "options.h"
#include "plan.h"

/*
 * One run of a scan from the opened folder to the written summary. Returns the exit code of the program; where that is a failure
 * or wrong usage the fault says why.
 */
int scan_run(const struct scan_config *config, const struct options *options, struct plan *plan,
	struct fault *fault);

/* What scan_run would do: checks the rest of the configuration and prints the plan. Sends and writes nothing. */
int scan_run_check(const struct scan_config *config, struct plan *plan, struct fault *fault);

#endif
