/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYN_BURST_H
#define SYN_BURST_H

#include <stddef.h>
#include <stdint.h>

#include "scan/syn_source.h"

#define SYN_BURST_MAXIMUM 64

/*
 * Writes to frames[i] what syn_source_write would write for addresses[i], for count of them, at most SYN_BURST_MAXIMUM. Cookies and
 * checksums of all are worked out at once, in vector registers where there are some: a third of the time.
 */
void syn_burst_write(const struct syn_source *source, const uint32_t *addresses, size_t count,
	uint64_t now_ns, uint8_t *const *frames);

#endif
