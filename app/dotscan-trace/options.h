/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_OPTIONS_H
#define TRACE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command_line.h"

#define OPTIONS_ANNOUNCED_MAX 64 /* no answer that a scan reads has more records */

/* The command line of dotscan-trace. */
struct options {
	const char *name;
	const char *type;
	const char *hints_path;
	const char *truth_path;
	const char *announced[OPTIONS_ANNOUNCED_MAX];
	size_t announced_count;
	const char *graph_path;
	const char *asn_path;
	bool is_json;
	bool all_levels;
	bool asks_special;
	bool only_ipv4;
	bool only_ipv6;
	bool is_quiet;
	uint64_t timeout_ns;
	uint64_t deadline_ns; /* from the start */
	uint64_t exchange_limit;
};

enum command_line_result options_read(struct options *options, int argc, char **argv);

#endif
