/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STAGE_LOG_H
#define STAGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "options.h"

#define STAGE_LIST(X)           \
	X(NAMES, "names")       \
	X(KEYS, "keys")         \
	X(CLUSTERS, "clusters") \
	X(GRAPHS, "graphs")     \
	X(TABLES, "tables")     \
	X(REPORT, "report")

enum stage_name {
#define X(name, text) STAGE_NAME_##name,
	STAGE_LIST(X)
#undef X
		STAGE_NAME_COUNT
};

/*
 * Which stages are done for this input and these options: DIRECTORY/survey.state. Files count by
 * name, size and time of change; another input begins anew.
 */
struct stage_log {
	char path[4096];
	uint8_t input[32];
	bool is_done[STAGE_NAME_COUNT];
};

/* Returns 0, or ERROR_FILE with the fault set where an input cannot be read. */
int stage_log_open(struct stage_log *log, const struct options *options, struct fault *fault);

bool stage_log_is_complete(const struct stage_log *log);

/* A stage is done, and is remembered. Returns 0 or ERROR_FILE with the fault set. */
int stage_log_done(struct stage_log *log, enum stage_name stage, struct fault *fault);

#endif
