/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASELINE_TABLE_H
#define BASELINE_TABLE_H

#include "survey/record_loader.h"

/*
 * The table that the authors of the IMC 2019 study published: a row for each resolver that gave a
 * valid reply, with tabs between resolver_ip, country, certinfo and verification; "-" stands for
 * nothing, the verification may stand in quotes, and the header line may come anywhere. Each row
 * becomes a host with the outcome answer-unchecked at port 853.
 */

/* Add all rows of a file; results as record_loader_read. */
int baseline_table_read(struct survey_set *set, const char *path,
	const struct loader_settings *settings, struct fault *fault);

/* Add one row. Returns 0, 1 where it is no row (the fault says why), ERROR_MEMORY or ERROR_FULL. */
int baseline_table_add_line(struct survey_set *set, const char *line, size_t length,
	const char *path, uint64_t number, struct fault *fault);

/*
 * Read an earlier scan in either form, told apart by the first character, and finish the set.
 * Results as record_loader_read.
 */
int baseline_read(struct survey_set *set, const char *path, const struct loader_settings *settings,
	struct fault *fault);

#endif
