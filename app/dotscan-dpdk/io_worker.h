/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WORKER_H
#define IO_WORKER_H

#include <stdatomic.h>

#include "base/fault.h"
#include "frame_forwarder.h"
#include "frame_intake.h"
#include "idle.h"
#include "scan.h"
#include "scan/prober.h"
#include "syn_sender.h"

/* Named events of an I/O worker beside receptions. Losses are ours and make the books fail. */
#define IO_COUNTER_LIST(X)                                                                       \
	X(SYN_SENT, "syn_sent", "SYNs that the device took")                                     \
	X(FRAME_SENT, "frame_sent", "frames of verify workers that the device took")             \
	X(TX_BUSY, "tx_busy", "times the device took less than was offered")                     \
	X(BUFFERS_LOW, "buffers_low", "times no SYN was made because buffers ran low")           \
	X(PAUSED, "paused", "times no SYN was made because verification lagged")                 \
	X(RING_FULL, "ring_full", "received frames dropped, the verify worker's ring full")      \
	X(TX_REFUSED, "tx_refused", "frames of verify workers dropped at the end")               \
	X(ARP_ANSWERED, "arp_answered", "ARP requests answered")                                 \
	X(ECHO_ANSWERED, "echo_answered", "ICMP echo requests answered")                         \
	X(ECHO_LIMITED, "echo_limited", "ICMP echo requests over the limit")                     \
	X(RESET_SENT, "reset_sent", "RSTs for segments that prove nothing")                      \
	X(RESET_LIMITED, "reset_limited", "segments that prove nothing, over the limit of RSTs") \
	X(GATEWAY_MOVED, "gateway_moved", "times the gateway announced another MAC address")

enum io_counter {
#define X(name, key, text) IO_##name,
	IO_COUNTER_LIST(X)
#undef X
		IO_COUNTER_COUNT
};

struct verify_worker;

/* So many a second and no more. */
struct limiter {
	uint64_t since_ns;
	uint32_t used;
};

struct io_worker {
	struct scan *scan;
	uint16_t index;
	const struct verify_worker *verify_workers; /* for back-pressure: their published state */
	struct port_queue queue;
	struct prober prober;
	struct syn_sender sender;
	struct frame_forwarder forwarder;
	struct frame_intake intake;
	struct link_endpoints link; /* its own copy: the gateway may move */
	struct idle idle;
	uint64_t arp_ns; /* when to ask for the gateway again */
	struct limiter echoes;
	struct limiter resets;
	uint64_t counters[IO_COUNTER_COUNT];
	atomic_bool is_finished; /* all probes of this worker have left */
	_Atomic uint64_t finished_ns;
	atomic_int error;
};

extern const struct counter_name io_counter_names[IO_COUNTER_COUNT];

/* Returns NULL with a fault set. One lcore runs it; any thread may read the counters. */
struct io_worker *io_worker_create(struct scan *scan, uint16_t index,
	const struct verify_worker *verify_workers, struct fault *fault);
void io_worker_destroy(struct io_worker *worker);

/* An lcore's main function: returns when scan->ends_io is set. */
int io_worker_run(void *worker);

static inline uint64_t
io_worker_counter(const struct io_worker *worker, enum io_counter counter)
{
	return counter_read(&worker->counters[counter]);
}

static inline uint64_t
io_worker_reception(const struct io_worker *worker, enum reception reception)
{
	return counter_read(&worker->intake.receptions[reception]);
}

#endif
