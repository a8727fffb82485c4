/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "packet/syn_cookie.h"

void
syn_cookie_init(struct syn_cookie *cookie, const uint64_t secret[4], uint16_t first_port,
	uint32_t port_count)
{
	assert(port_count > 0 && port_count <= 32768 && (port_count & (port_count - 1)) == 0);
	assert((first_port & (port_count - 1)) == 0);
	*cookie = (struct syn_cookie){
		.key = { secret[0], secret[1] },
		.spread = secret[2] | 1,
		.first_port = first_port,
		.port_mask = (uint16_t)(port_count - 1),
		.slot_shift = (uint8_t)(SYN_COOKIE_SPAN_BITS - __builtin_ctz(port_count)),
	};
}
