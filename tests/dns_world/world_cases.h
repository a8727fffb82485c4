/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_CASES_H
#define WORLD_CASES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Zones below "test.", each set up wrong in its own way, with what a run must find. In texts %z is the zone, %1 to %3 the addresses of its
 * three possible servers, and a line is "owner type data".
 */
struct world_case {
	const char *label;
	const char *query;      /* name and type asked for; NULL: "www.%z A" */
	const char *delegation; /* records of the zone above; NULL: ns1 and ns2 with glue */
	const char *zones[3];   /* of the servers; NULL: the usual one */
	uint32_t manners[3];
	unsigned int server_count; /* servers that there are; 0: 2 */
	unsigned int delay_ms;     /* round trip; 0: 10 */
	int exit_code;
	const char *
		findings; /* all of them, as "key@server", with a blank between; server without the zone */
};

extern const struct world_case world_cases[];
extern const size_t world_case_count;

#endif
