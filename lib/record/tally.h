/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "record/record_brief.h"

/*
 * How often each outcome and each certificate status was recorded. The certificate row and none add
 * up to the records.
 */
struct tally {
	uint64_t records;
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t certificates[CERTIFICATE_STATUS_COUNT];
	uint64_t no_certificate;
};

static inline void
tally_add(struct tally *tally, const struct record_brief *brief)
{
	tally->records++;
	tally->outcomes[brief->outcome]++;
	if (brief->has_certificate)
		tally->certificates[brief->certificate]++;
	else
		tally->no_certificate++;
}

#endif
