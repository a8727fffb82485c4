/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include "survey/findings.h"
#include "survey/geo_lookup.h"
#include "survey/warning_list.h"

/* Clusters whose drawings are within the report; all are in the folder graphs. */
#define REPORT_GRAPHS 4

struct report_settings {
	const char *version;   /* of the program */
	const char *inputs;    /* names of the files, for people */
	const char *baseline;  /* NULL: none */
	const char *directory; /* where the drawings are */
	uint32_t graph_count;  /* clusters that were drawn */
	struct geo_epochs epochs;
	const struct warning_list *warnings;
};

/*
 * DIRECTORY/report.html: everything in one file, which needs no network. What is said depends on
 * the findings alone, so the same input gives the same file. Returns 0, ERROR_FILE with the fault
 * set, or ERROR_MEMORY.
 */
int report_write(const struct findings *findings, const struct report_settings *settings,
	struct fault *fault);

#endif
