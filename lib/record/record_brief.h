/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_BRIEF_H
#define RECORD_BRIEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/certificate_status.h"
#include "record/observation.h"
#include "record/outcome.h"

/* What a resumed scan must know of a record: whom it is about, and what it adds to the tallies. */
struct record_brief {
	const char *scan; /* as it stands between the quotes of the line, borrowed */
	size_t scan_length;
	uint32_t address;
	uint16_t port;
	enum outcome outcome;
	bool has_certificate;
	enum certificate_status certificate; /* where has_certificate */
	unsigned int query_count;
	bool has_reply[OBSERVATION_QUERIES]; /* a valid reply came to that query */
};

/*
 * Reads what is needed from a line that record_write wrote, some fifty times faster than
 * record_read because nothing else is looked at. Returns false where the line is not one of ours.
 */
bool record_brief_read(const char *line, size_t length, struct record_brief *brief_out);

/* The same, of an observation; scan stays NULL. */
void record_brief_of(const struct observation *observation, struct record_brief *brief_out);

#endif
