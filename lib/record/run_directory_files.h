/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_DIRECTORY_FILES_H
#define RUN_DIRECTORY_FILES_H

#include "record/certificate_log.h"
#include "record/line_file.h"
#include "record/run_directory.h"

/* The inside of a run directory: what run_directory.c and run_directory_open.c share. Nobody else includes it. */
struct run_directory {
	int lock;
	char *scan;
	unsigned int csv_queries;
	bool has_certificates;
	struct line_file records;
	struct line_file csv;
	struct certificate_log certificates;
	struct tally tally;

	/* Of the pending records, in their order: they count once they are in the file. */
	struct record_brief *pending;
	size_t pending_count;
	size_t pending_capacity;

	char *records_path;
	char *certificates_path;
	char *csv_path;
	char *checkpoint_path;
	char *summary_path;
};

#endif
