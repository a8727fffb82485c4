/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORT_H
#define PORT_H

#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "port/environment.h"

/*
 * The Ethernet queues that the I/O workers own, one each: queues of one port, or, where there are as many ports as workers, queue 0
 * of each. Each queue has one pool for both directions, which AF_XDP needs to send without a copy and fast-free needs to be right.
 */
struct port_queue {
	struct rte_mempool *pool;
	uint16_t port_id;
	uint16_t queue_id;
	uint32_t pool_size;
};

struct port {
	struct port_queue queues[ENVIRONMENT_WORKERS];
	uint16_t queue_count;
	uint16_t port_count;
	bool is_started;
	uint8_t mac[6];
	char driver[32];
	char interface[16]; /* of the kernel, behind a software driver; empty: none */
};

struct port_settings {
	const char *device;      /* as given to EAL */
	uint16_t queue_count;    /* I/O workers */
	uint16_t rx_descriptors; /* wanted; drivers adjust */
	uint16_t tx_descriptors;
	uint32_t buffers_held; /* by rings and workers, for each queue, beside the descriptors */
};

/* What pools of this size take, for EAL's memory and the printed plan. */
uint64_t port_memory_bytes(const struct port_settings *settings);

/* Configure and start. Returns 0, or ERROR_DEVICE with a fault. */
int port_open(struct port *port, const struct port_settings *settings, struct fault *fault);

/* Stop and close; buffers that are still out are counted: a leak of ours. */
uint64_t port_close(struct port *port);

/* Device counters over all queues since the start. */
struct port_counters {
	uint64_t received;
	uint64_t sent;
	uint64_t missed;    /* received by the device, no descriptor free */
	uint64_t no_buffer; /* received, pool empty */
	uint64_t errors;
};
void port_read_counters(const struct port *port, struct port_counters *counters_out);

/* False once the device has gone (unplugged, interface removed or set down). */
bool port_is_up(const struct port *port);

#endif
