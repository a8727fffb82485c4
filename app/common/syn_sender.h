/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYN_SENDER_H
#define SYN_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "pacing/pacer.h"
#include "port/port.h"
#include "scan/prober.h"
#include "scan/syn_burst.h"

/*
 * Sends what a prober offers: SYNs, as fast as the rate allows and the device takes them. What the device refuses is not
 * taken from the prober, and so is offered again.
 */
struct syn_sender {
	struct port_queue queue;
	struct prober *prober; /* borrowed */
	struct syn_source source;
	struct pacer pacer;
	bool is_paced;
};

/* What became of one burst. */
struct syn_burst_result {
	uint16_t sent;
	uint16_t refused;   /* by the device */
	bool lacks_buffers; /* none was made */
};

/* Credit for this long, and one packet: threads on a shared CPU are away for some milliseconds at a time. */
#define SYN_SENDER_CREDIT_NS 5000000ULL

/* rate_pps 0: as fast as the device takes them. queue, prober and source are the caller's to fill. */
void syn_sender_pace(struct syn_sender *sender, uint64_t rate_pps, uint64_t now_ns);

/* Send the first of the addresses that prober_peek has just shown, offered of them, and take from the prober those that left. */
struct syn_burst_result syn_sender_send(
	struct syn_sender *sender, const uint32_t *addresses, size_t offered, uint64_t now_ns);

#endif
