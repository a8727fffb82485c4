/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_SERVER_H
#define MODEL_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "simulation/simulated_link.h"

/*
 * A TCP server of its own making: it counts in 64-bit offsets, and keeps every byte of the request with a mark, so that it
 * shares no arithmetic and no mistakes with the client under test. It speaks by a dialogue: after so many bytes of request
 * it has so many bytes of response to send. All bytes follow model_byte, so both sides can check each one.
 */
#define MODEL_REQUEST_MAXIMUM 4096
#define MODEL_STEPS           3

/* What the server does when it has seen trigger_at segments, the SYN included. */
enum model_trigger {
	MODEL_TRIGGER_NONE,
	MODEL_TRIGGER_SILENCE,
	MODEL_TRIGGER_RESET,
	MODEL_TRIGGER_FIN,
	MODEL_TRIGGER_COUNT
};

struct model_step {
	uint32_t request_bytes; /* so many in all before the response goes out */
	uint32_t response_bytes;
};

struct model_behaviour {
	struct model_step steps[MODEL_STEPS];
	enum model_trigger trigger;
	uint32_t trigger_at;
	uint16_t mss;             /* option of the SYN-ACK; 0: none */
	uint16_t segment_maximum; /* each segment has a random size up to it */
	uint16_t window;          /* once open */
	uint64_t window_opens_ns; /* 0: open from the start; UINT64_MAX: never */
	uint64_t keep_alive_ns;   /* 0: none */
	bool is_syn_cookie;       /* no memory of the SYN, no options, no second SYN-ACK */
	bool closes_first;        /* FIN with or after the last byte of response */
	bool half_closes_at_once; /* FIN as the first thing after the handshake; reads on */
	bool is_endless;          /* the response never ends */
};

struct model_server {
	struct model_behaviour behaviour;
	struct simulated_link *link;
	struct random_sequence random;
	uint32_t address;
	uint16_t port;
	struct segment peer; /* addresses of who talks to us */
	uint32_t peer_start;
	uint32_t our_start;
	bool has_syn;
	bool is_established;
	bool is_silent;
	bool is_over; /* no more state: reset, given up, or both sides closed */
	bool was_reset;
	bool has_given_up;
	bool has_peer_fin;
	bool has_sent_fin;
	uint8_t request[MODEL_REQUEST_MAXIMUM];
	bool has_byte[MODEL_REQUEST_MAXIMUM];
	uint32_t request_length; /* contiguous bytes received */
	uint64_t peer_fin_offset;
	uint64_t fin_offset; /* where our FIN stands; UINT64_MAX: nowhere yet */
	uint64_t acknowledged;
	uint64_t next;
	uint64_t maximum; /* offset after the last thing ever sent, FIN included */
	uint64_t acceptable_edge;
	uint32_t duplicate_acks;
	uint32_t tries;
	uint32_t seen;
	uint64_t timer_ns;
	uint64_t keep_alive_ns;
	uint64_t window_opens_ns;
	const char *fault; /* what the client did wrong, or NULL */
};

/* Byte number offset of the request, or of the response. */
uint8_t model_byte(uint64_t offset, bool is_response);

void model_server_init(struct model_server *server, const struct model_behaviour *behaviour,
	struct simulated_link *link, uint32_t address, uint16_t port, uint64_t seed);
void model_server_input(
	struct model_server *server, const struct segment *segment, uint64_t now_ns);
uint64_t model_server_deadline_ns(const struct model_server *server);
void model_server_expire(struct model_server *server, uint64_t now_ns);

/* All that a finite dialogue has to say. */
uint64_t model_server_response_total(const struct model_behaviour *behaviour);

#endif
