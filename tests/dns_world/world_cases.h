/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_CASES_H
#define WORLD_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Zones below "test.", each set up wrong in its own way, with what a run must find. In texts %z is the zone, %1 to %4 the IPv4 and
 * %a to %d the IPv6 addresses of its four possible servers, and a line is "owner type data".
 */
#define WORLD_CASE_SERVERS 4

struct world_case {
	const char *label;
	const char *query;      /* name and type asked for; NULL: "www.%z A" */
	const char *delegation; /* records of the zone above; NULL: ns1 and ns2 with glue */
	const char *zones[WORLD_CASE_SERVERS]; /* of the servers; NULL: the usual one */
	uint32_t manners[WORLD_CASE_SERVERS];
	unsigned int delays_ms[WORLD_CASE_SERVERS]; /* round trips; 0: 10 */
	unsigned int server_count;                  /* servers that there are; 0: 2 */
	bool is_dual_stack;
	bool is_simulated_only; /* its addresses are too many for real sockets */
	int exit_code;
	const char *
		findings; /* all of them, as "key@server", with a blank between; server without the zone */
};

extern const struct world_case world_cases[];
extern const size_t world_case_count;

#endif
