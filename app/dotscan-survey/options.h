/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command_line.h"

/* What the command line says. Texts are those of argv. */
struct options {
	char **records;
	size_t record_count;
	const char *output;
	const char *country_db;
	const char *asn_db;
	const char *resolver;
	const char *baseline;
	uint64_t lookup_rate;
	uint64_t lookups_in_flight;
	uint64_t graphs;
	bool is_registered;
	bool is_again;
	bool is_quiet;
};

enum command_line_result options_read(struct options *options, int argc, char **argv);

#endif
