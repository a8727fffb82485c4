/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOT_HINTS_H
#define ROOT_HINTS_H

#include "base/fault.h"

struct zone_cut;

/* Where the walk begins: names and addresses of the root servers, as of ROOT_HINTS_DATE where they are the compiled-in ones. */
#define ROOT_HINTS_DATE \
	"2024-05-28" /* since b.root-servers.net's last renumbering (2023-11-27) nothing has changed */

void root_hints_compiled_in(struct zone_cut *cut_out);

/*
 * From the text of a file as IANA publishes it (named.root): NS records of the root and A and AAAA records of their names, a
 * comment after ";". Returns 0, or ERROR_INPUT with the fault naming file and line.
 */
int root_hints_parse(
	const char *text, const char *file, struct zone_cut *cut_out, struct fault *fault);

#endif
