/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_MANNERS_H
#define WORLD_MANNERS_H

#include "dns_world/world_zone.h"

/* How one server replies: honestly out of its zone, but for its manners (enum world_manner). */
struct world_manners {
	uint32_t bits;
	const struct world_zone *zone; /* borrowed */
};

/* The replies to a query, in their order; the caller frees their bytes. Returns how many. */
size_t world_manners_reply(const struct world_manners *server, bool is_tcp, const uint8_t *query,
	size_t length, struct world_reply replies[WORLD_REPLIES_MAX]);

#endif
