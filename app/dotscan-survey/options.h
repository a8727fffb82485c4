/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum options_action { OPTIONS_SURVEY, OPTIONS_DONE, OPTIONS_WRONG };

/* What the command line says. Texts are those of argv. */
struct options {
	enum options_action action;
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

/* Read them; prints what is asked for or what is wrong, and then there is nothing left to do. */
void options_read(struct options *options, int argc, char **argv);

#endif
