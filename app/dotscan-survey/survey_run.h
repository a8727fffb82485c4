/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_RUN_H
#define SURVEY_RUN_H

#include "base/fault.h"
#include "options.h"

enum survey_exit {
	SURVEY_EXIT_DONE = 0,
	SURVEY_EXIT_FAILURE = 1,
	SURVEY_EXIT_USAGE = 2,
	SURVEY_EXIT_INTERRUPTED = 3,
};

/* Do all stages that are not done yet. Returns the exit code, with the fault set where there is one. */
int survey_run(const struct options *options, struct fault *fault);

#endif
