/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "command_line.h"

#define OPTIONS_OVERRIDES 64

enum options_action { OPTIONS_SCAN, OPTIONS_CHECK, OPTIONS_PRINT_CONFIG };

/* The command line. Texts are borrowed from argv, or from the struct itself. */
struct options {
	enum options_action action;
	const char *config_path;
	const char *overrides[OPTIONS_OVERRIDES];
	size_t override_count;
	char shard_overrides[2][64];
	bool is_resumed;
	bool is_quiet;
	bool is_verbose;
};

enum command_line_result options_read(struct options *options, int argc, char **argv);

#endif
