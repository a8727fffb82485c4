/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYN_SOURCE_H
#define SYN_SOURCE_H

#include <stdint.h>

#include "packet/syn_cookie.h"
#include "packet/syn_template.h"

/* Makes the SYN for a target at a moment: everything in it follows from the two, so nothing is kept. */
struct syn_source {
	struct syn_template syn;
	const struct syn_cookie *cookie; /* borrowed */
	const uint32_t *local_addresses; /* borrowed; at least one */
	uint32_t local_address_count;
};

/* Writes SYN_TEMPLATE_SIZE bytes, of which source->syn.length are the frame. */
static inline void
syn_source_write(
	const struct syn_source *source, uint32_t remote_address, uint64_t now_ns, uint8_t *frame)
{
	const struct syn_cookie *cookie = source->cookie;
	uint32_t local_address = source->local_addresses[0];

	/* One target always sees the same one of our addresses. */
	if (source->local_address_count > 1)
		local_address = source->local_addresses[(uint64_t)syn_cookie_spread(
								cookie, remote_address) *
								source->local_address_count >>
							32];
	const uint16_t local_port = syn_cookie_port(cookie, remote_address, now_ns);
	const uint64_t hash = syn_cookie_hash(cookie, remote_address, local_address, local_port);
	const struct syn_fields fields = {
		.local_address = local_address,
		.remote_address = remote_address,
		.sequence = (uint32_t)hash,
		.local_port = local_port,
		.identification = (uint16_t)(hash >> 32),
	};

	syn_template_write(&source->syn, &fields, frame);
}

#endif
