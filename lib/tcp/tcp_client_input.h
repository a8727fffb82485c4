/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_CLIENT_INPUT_H
#define TCP_CLIENT_INPUT_H

#include <stdint.h>

#include "tcp/tcp_client.h"
#include "tcp/tcp_worker.h"

/* How a client listens; for the other files of this part. */

/* Enter ESTABLISHED with the numbers and options of a SYN-ACK whose acknowledgment is right, and take what it carries. */
void tcp_client_input_establish(struct tcp_worker *worker, struct tcp_client *client,
	const struct segment *syn_ack, uint64_t now_ns);

/* Enter CLOSED: no more deadline, nothing due. The first end stands; data that waits stays readable. */
void tcp_client_input_end(struct tcp_client *client, enum tcp_end end);

#endif
