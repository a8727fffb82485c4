/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_CLIENT_OUTPUT_H
#define TCP_CLIENT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/tcp_client.h"
#include "tcp/tcp_worker.h"

/* How a client speaks; for the other files of this part. */

static inline void
tcp_client_count(struct tcp_worker *worker, enum tcp_counter counter)
{
	tcp_counters_add(&worker->counters, counter);
}

/* The SYN at initial_sequence, again too. */
void tcp_client_output_syn(struct tcp_worker *worker, struct tcp_client *client);

/* RST that the peer will take if it has received all that we sent. */
void tcp_client_output_reset(struct tcp_worker *worker, struct tcp_client *client);

/* RST in answer to an acknowledgment of something that we never sent (RFC 9293 section 3.10.7.3). */
void tcp_client_output_refusal(
	struct tcp_worker *worker, struct tcp_client *client, uint32_t sequence);

/* Data and FIN as far as the peer's window and our flight limit let them go; true if any left. They carry the ACK. */
bool tcp_client_output_data(struct tcp_worker *worker, struct tcp_client *client, uint64_t now_ns);

/* Whatever is first in line, one segment of it, or one byte into a closed window. */
void tcp_client_output_again(struct tcp_worker *worker, struct tcp_client *client);

/* All ACKs that are due. */
void tcp_client_output_acks(struct tcp_worker *worker, struct tcp_client *client);

/* Start the timer for what awaits an answer, if it does not run yet; stop it if nothing does. */
void tcp_client_output_arm(struct tcp_client *client, uint64_t now_ns);

#endif
