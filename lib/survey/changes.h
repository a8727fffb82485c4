/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGES_H
#define CHANGES_H

#include "survey/findings.h"

/*
 * Compare with an earlier scan, whose providers are assigned and which is finished: adds the tables
 * growth, providers-change and changes to the findings, and counts in findings->change. Returns 0
 * or ERROR_MEMORY.
 */
int changes_add(struct findings *findings, const struct survey_set *before);

/*
 * DIRECTORY/tables/changed-addresses.csv: a line for each address that is new, gone or changed.
 * Returns 0, ERROR_FILE with the fault set, or ERROR_MEMORY.
 */
int changes_write_addresses(const struct survey_set *now, const struct survey_set *before,
	const char *directory, struct fault *fault);

#endif
