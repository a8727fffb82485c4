/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_SPOILS_H
#define WORLD_SPOILS_H

#include "dns_world/dns_world.h"

/* Replies that are meant to hurt their reader: octets behind the question that only look like records. */
#define WORLD_SPOILS                                                            \
	(WORLD_POINTER_LOOP | WORLD_STRING_BOMB | WORLD_TSIG | WORLD_OVERSIZE | \
		WORLD_POINTER_CHAIN | WORLD_DEEP_NAMES)

/* Puts them where the honest records are. The reply has room for WORLD_MESSAGE_BYTES, and its question ends at question_end. */
void world_spoils_put(uint32_t manners, size_t question_end, struct world_reply *reply);

#endif
