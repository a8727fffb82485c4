/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FRAME_INTAKE_H
#define FRAME_INTAKE_H

#include <rte_ring.h>
#include <stdint.h>

#include "port/port.h"
#include "scan/prober.h"
#include "scan/reception.h"

/*
 * Receives, sorts by the cookie, and hands what verification needs to the worker that owns its sender. Everything else is
 * counted and dropped on the spot.
 */
struct frame_intake {
	struct port_queue queue;
	struct receiver receiver;
	struct prober *prober;     /* borrowed: told who has answered */
	struct rte_ring **workers; /* borrowed: by verify worker */
	uint16_t worker_count;
	/* ARP and echo requests, and acknowledgments of what we did not send: somebody else answers them; borrowed for the call. */
	void (*answer)(void *context, enum reception reception, const struct parsed_frame *parsed,
		uint64_t now_ns);
	void *context;
	uint64_t receptions[RECEPTION_COUNT]; /* one writer, any reader */
};

#define FRAME_INTAKE_BURST 64

struct frame_intake_result {
	uint16_t received;
	uint16_t ring_full; /* dropped, since their worker has no room */
	int error;          /* 0 or ERROR_MEMORY */
};

/* The verify worker that owns an address: whatever comes from it, on whatever queue, goes there. */
static inline uint16_t
frame_intake_owner(uint32_t remote_address, uint16_t worker_count)
{
	return (uint16_t)((uint64_t)(remote_address * 0x9e3779b1U) * worker_count >> 32);
}

/* Take one burst from the queue. */
struct frame_intake_result frame_intake_receive(struct frame_intake *intake, uint64_t now_ns);

#endif
