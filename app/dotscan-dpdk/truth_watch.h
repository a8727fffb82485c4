/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUTH_WATCH_H
#define TRUTH_WATCH_H

#include <sys/stat.h>

#include "base/fault.h"
#include "config/scan_config.h"
#include "dns/dns_truth.h"

/*
 * Sees that the file verify.truth was written anew while the scan runs, and adds what it says. What was right when the scan began
 * stays right. For one thread, the only one that adds to the truth.
 */
struct truth_watch {
	const struct scan_config *config;
	struct dns_truth *truth; /* NULL: nothing to watch */
	uint16_t type;
	struct stat seen; /* zeroed where there is no file */
};

/* Before the file is read first, lest a change in between be missed; truth and type are set afterwards. */
void truth_watch_init(struct truth_watch *watch, const struct scan_config *config);

/*
 * Looks at the file. Returns how many variants are new, 0 as a rule, or an error with the fault set, once for each change of the file:
 * the scan then goes on with what it has.
 */
int truth_watch_look(struct truth_watch *watch, struct fault *fault);

#endif
