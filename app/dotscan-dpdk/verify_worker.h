/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_WORKER_H
#define VERIFY_WORKER_H

#include <stdatomic.h>

#include "base/fault.h"
#include "idle.h"
#include "scan.h"
#include "scan/verify_engine.h"

#define VERIFY_WORKER_COUNTER_LIST(X)                                                          \
	X(NO_MBUF, "no_mbuf", "segments not sent, no packet buffer")                           \
	X(FRAME_RING_FULL, "frame_ring_full", "segments not sent, the I/O worker's ring full") \
	X(SLOWEST_ROUND_US, "slowest_round_us", "CPU time of the longest round of work")

enum verify_worker_counter {
#define X(name, key, text) VERIFY_WORKER_##name,
	VERIFY_WORKER_COUNTER_LIST(X)
#undef X
		VERIFY_WORKER_COUNTER_COUNT
};

/* What other threads may know of the engine; written by its own thread after each round. */
struct verify_published {
	_Atomic uint64_t parked;
	_Atomic uint64_t sessions;
	_Atomic uint64_t in_flight; /* hits without a record that the writer has been given */
	_Atomic uint64_t oldest_hit_ns;
	_Atomic uint64_t responder_bytes;
};

struct verify_worker {
	struct scan *scan;
	uint16_t index;
	struct verify_engine *engine;
	void *protocol_context; /* borrowed */
	struct rte_mempool *pool;
	struct frame_parser parser;
	struct rte_mbuf *staged[SCAN_BURST];
	uint16_t staged_count;
	struct idle idle;
	uint16_t identification;
	uint64_t counters[VERIFY_WORKER_COUNTER_COUNT];
	struct verify_published published;
	atomic_bool has_ended;
	atomic_int error;
};

extern const struct counter_name verify_worker_counter_names[VERIFY_WORKER_COUNTER_COUNT];

struct verify_settings;

/* The settings of a worker's engine, but for emit and context; for the plan too. */
void verify_worker_settings(const struct scan_config *config, struct verify_settings *settings_out);

/* Fills a zeroed worker. Returns 0, or an error with a fault set. */
int verify_worker_init(struct verify_worker *worker, struct scan *scan, uint16_t index,
	void *protocol_context, struct fault *fault);
void verify_worker_clear(struct verify_worker *worker);

/* An lcore's main function: returns when scan->ends_verify is set and all records are taken. */
int verify_worker_run(void *worker);

static inline uint64_t
verify_worker_counter(const struct verify_worker *worker, enum verify_worker_counter counter)
{
	return counter_read(&worker->counters[counter]);
}

#endif
