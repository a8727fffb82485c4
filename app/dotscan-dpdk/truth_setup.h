/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUTH_SETUP_H
#define TRUTH_SETUP_H

#include <stdint.h>

#include "base/fault.h"
#include "config/scan_config.h"
#include "dns/dns_truth.h"

/*
 * The truth that answers are held against, from verify.expect or from the file verify.truth. A file that is for another question, or
 * too old, or of a zone whose servers disagree or are lame, is refused unless the configuration says otherwise. Returns 0 with
 * *truth_out, which may be NULL: answers stay unchecked. Otherwise an error with the fault set.
 */
int truth_setup(const struct scan_config *config, uint16_t type, int64_t now_us,
	struct dns_truth **truth_out, struct fault *fault);

/*
 * For a running scan: what verify.truth, read anew, holds beside goes into truth too, also where its servers disagree or are lame.
 * Returns 0, or an error with the fault set and the variants that came before it added.
 */
int truth_setup_add(const struct scan_config *config, uint16_t type, int64_t now_us,
	struct dns_truth *truth, struct fault *fault);

#endif
