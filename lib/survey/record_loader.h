/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_LOADER_H
#define RECORD_LOADER_H

#include <stdint.h>

#include "base/fault.h"
#include "survey/survey_set.h"
#include "survey/warning_list.h"

/* Told from time to time how many bytes of the file are read; false: stop. */
typedef bool (*loader_progress)(void *context, uint64_t bytes);

struct loader_settings {
	struct warning_list *warnings;
	loader_progress progress; /* NULL: nobody asks */
	void *context;
};

/*
 * Add all records of a file. Lines that are not records are counted and located in the warnings; a
 * file without any record but with other lines is an error. Returns 0; 1 where progress said stop;
 * ERROR_INPUT or ERROR_FILE with the fault set; ERROR_MEMORY, ERROR_FULL.
 */
int record_loader_read(struct survey_set *set, const char *path,
	const struct loader_settings *settings, struct fault *fault);

/*
 * Add one line. Returns 0, 1 where it is no record (the fault says why), ERROR_MEMORY or
 * ERROR_FULL.
 */
int record_loader_add_line(struct survey_set *set, const char *line, size_t length,
	const char *path, uint64_t number, struct fault *fault);

#endif
