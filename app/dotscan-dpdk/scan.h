/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_H
#define SCAN_H

#include <rte_ring.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/scan_config.h"
#include "frame_intake.h"
#include "packet/link_endpoints.h"
#include "packet/syn_cookie.h"
#include "port/environment.h"
#include "port/port.h"
#include "record/protocol.h"
#include "targets/target_walk.h"

/*
 * What the threads of one scan share. Everything but the flags is written before the threads start. Between them go only
 * mbufs and records, over single-producer single-consumer rings:
 *
 *	segments[io][verify]	frames that passed the cookie, to the worker that owns the remote address
 *	frames[verify]		frames to send, to one I/O worker
 *	records[verify]		finished records, to the writer
 */
#define SCAN_SEGMENT_RING 16384
#define SCAN_FRAME_RING   4096
#define SCAN_RECORD_RING  4096
#define SCAN_BURST        64

/*
 * Hits that a verify worker has room to park, and how many waiting ones make the SYNs pause. Each waiting hit is a host that repeats
 * its SYN-ACK every few seconds, so few should wait; answers to SYNs that are under way still come, so there is room for many.
 */
#define SCAN_PARK_CAPACITY 131072
#define SCAN_PARK_PAUSE    1024

struct scan {
	const struct scan_config *config;
	struct environment_settings cpus;
	struct port port;
	struct link_endpoints link;
	struct syn_cookie cookie;
	struct siphash_key key; /* secret, for everything that a peer must not guess */
	struct target_walk walk;
	const struct protocol *protocol;
	const uint64_t *resume_steps; /* TARGET_LANES of them; NULL: from the beginning */
	uint64_t completed;           /* targets of the steps before them */
	uint64_t seed;
	int64_t wall_offset_us;
	uint16_t io_count;
	uint16_t verify_count;
	struct rte_ring *segments[ENVIRONMENT_WORKERS][ENVIRONMENT_WORKERS];
	struct rte_ring *frames[ENVIRONMENT_WORKERS];
	struct rte_ring *records[ENVIRONMENT_WORKERS];
	atomic_bool stops_probing; /* no further SYN */
	atomic_bool holds;         /* no further hit is taken up */
	atomic_bool ends_verify;   /* verify workers reset what is open, and end */
	atomic_bool ends_io;       /* I/O workers send what is left, and end */
};

static inline uint16_t
scan_owner(const struct scan *scan, uint32_t remote_address)
{
	return frame_intake_owner(remote_address, scan->verify_count);
}

/* The I/O worker that sends for a verify worker. */
static inline uint16_t
scan_sender(const struct scan *scan, uint16_t verify_worker)
{
	return verify_worker % scan->io_count;
}

#endif
