/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_DIALOGUE_H
#define SCAN_DIALOGUE_H

#include <stdint.h>

#include "record/protocol.h"
#include "simulation/model_server.h"

/*
 * A protocol in place of TLS and DNS: the client's side of a model server's dialogue, each byte checked. The first step stands
 * for the handshake, what follows for questions; silence and ends get the outcomes that they have there.
 */
#define SCAN_DIALOGUE_CONNECT_NS 3000000000ULL
#define SCAN_DIALOGUE_STEP_NS    5000000000ULL

struct scan_dialogue {
	struct model_step steps[MODEL_STEPS];
	uint32_t alive;
	uint32_t alive_maximum;
	uint64_t latest_ns;  /* the longest that expire came after the deadline */
	uint64_t longest_ns; /* the longest life of a session */
};

extern const struct protocol scan_dialogue_protocol;

#endif
