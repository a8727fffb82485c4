/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_SIMULATION_H
#define TCP_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "simulation/model_server.h"
#include "simulation/simulated_link.h"
#include "tcp/tcp_client.h"

/* One connection from SYN to its end, in virtual time: our client, a simulated link, a model server. */
struct simulation_settings {
	uint64_t seed;
	struct simulated_link_settings link;
	struct model_behaviour behaviour;
	bool uses_connect; /* else the SYN is sent without state, up to three times, and the SYN-ACK adopted */
	bool reads_late;      /* the caller reads only every other time */
	uint64_t patience_ns; /* the caller aborts when that old; UINT64_MAX: never */
	uint32_t receive_chunks;
};

struct simulation_result {
	bool has_answered; /* there was a SYN-ACK */
	bool is_complete;  /* every byte of the dialogue arrived on both sides */
	bool is_abandoned; /* the caller lost patience */
	bool server_gave_up;
	bool server_was_reset;
	bool server_finished; /* in order: FIN and ACK both ways */
	enum tcp_end end;
	uint64_t received_bytes;
	uint64_t elapsed_ns; /* until CLOSED */
	uint64_t emitted;
	uint64_t retransmissions;
	uint64_t resets;
};

/*
 * Play it. Every property that must hold whatever happens is checked on the way: bytes are exact prefixes on both sides,
 * deadlines are met, segments are bounded, no RST without a reason, no memory is kept. A breach is returned as a text,
 * else NULL.
 */
const char *tcp_simulation_run(
	const struct simulation_settings *settings, struct simulation_result *result_out);

#endif
