/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_JOB_H
#define SURVEY_JOB_H

#include "options.h"
#include "progress_line.h"
#include "stage_log.h"
#include "survey/findings.h"
#include "survey/geo_lookup.h"
#include "survey/host_keys.h"
#include "survey/name_book.h"
#include "survey/survey_set.h"
#include "survey/warning_list.h"

/* All that one run holds. */
struct survey_job {
	const struct options *options;
	struct progress_line line;
	struct stage_log stages;
	struct warning_list warnings;
	struct survey_set set;
	struct survey_set before; /* the baseline; empty without one */
	struct host_keys keys;
	struct name_book names;
	bool has_names;
	struct scan_books books;
	struct geo_epochs epochs;
	struct findings findings;
	uint32_t graph_count; /* clusters that are drawn */
};

/* False once the user has interrupted. */
bool survey_job_goes_on(void);

/* The stages that write. Returns 0, 1 where interrupted, or an error with the fault set. */
int survey_job_write(struct survey_job *job, struct fault *fault);

#endif
