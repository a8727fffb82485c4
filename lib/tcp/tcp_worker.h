/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_WORKER_H
#define TCP_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"
#include "tcp/block_pool.h"
#include "tcp/receive_stream.h"
#include "tcp/tcp_counters.h"

struct tcp_worker_settings {
	uint32_t connections;    /* alive at once; each can always send */
	uint32_t receive_chunks; /* of TCP_CHUNK_BYTES, for data that waits; at least 2 */
	/* All that one connection may ever send, 0: no limit. Whoever knows our connections by a range of ACK numbers sets it. */
	uint32_t send_total_maximum;
	/* Takes a complete segment to send; its payload is borrowed for the call. */
	void (*emit)(void *context, const struct segment *segment);
	void *context;
};

/* What the connections of one worker share. One thread; all memory is allocated at the start. */
struct tcp_worker {
	struct receive_pool receive;
	struct block_pool send;
	struct tcp_counters counters;
	uint32_t send_total_maximum;
	void (*emit)(void *context, const struct segment *segment);
	void *context;
};

/* Returns 0 or ERROR_MEMORY. */
int tcp_worker_init(struct tcp_worker *worker, const struct tcp_worker_settings *settings);
void tcp_worker_clear(struct tcp_worker *worker);

/* Memory that tcp_worker_init will allocate. */
size_t tcp_worker_bytes(const struct tcp_worker_settings *settings);

#endif
