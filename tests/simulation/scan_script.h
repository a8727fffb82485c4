/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_SCRIPT_H
#define SCAN_SCRIPT_H

#include <stdint.h>

#include "record/protocol.h"

/*
 * A protocol that does as its peer says: it sends a request, and the two bytes that come back are its outcome and its hints
 * for the next attempt. Silence and ends become the outcomes that a TLS client would give them.
 */
#define SCAN_SCRIPT_REQUEST 300
#define SCAN_SCRIPT_REPLY   2

/* The context: what the sessions of one worker have in common, and what the test looks at. */
struct scan_script {
	uint64_t timeout_ns;
	uint32_t alive;
	uint32_t alive_maximum;
	uint32_t opened;
	uint32_t acknowledged;
	struct protocol_target last_target;
};

extern const struct protocol scan_script_protocol;

#endif
