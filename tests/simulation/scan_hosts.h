/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_HOSTS_H
#define SCAN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/outcome.h"
#include "simulation/model_server.h"
#include "simulation/scan_network.h"

/*
 * Consecutive addresses, each a host of some kind. A host keeps one model server for each connection that somebody opens to
 * it, and answers segments of no connection with RST, as kernels do.
 */

/*
 * Kind, weight, outcome over a network that loses nothing; bytes of the handshake it sends, whether answers follow, whether
 * it closes after its last byte, and what it does at the second segment. The first two do not answer with a SYN-ACK.
 */
#define SCAN_HOST_HANDSHAKE 3200
#define SCAN_HOST_HALF      (SCAN_HOST_HANDSHAKE / 2)
#define SCAN_HOST_LIST(X)                                                             \
	X(DARK, 30, TCP_TIMEOUT, 0, false, false, NONE)                               \
	X(CLOSED, 20, TCP_RESET, 0, false, false, NONE)                               \
	X(RIGHT, 40, ANSWER_RIGHT, SCAN_HOST_HANDSHAKE, true, false, NONE)            \
	X(RIGHT_THEN_FIN, 10, ANSWER_RIGHT, SCAN_HOST_HANDSHAKE, true, true, NONE)    \
	X(RIGHT_IN_PIECES, 4, ANSWER_RIGHT, SCAN_HOST_HANDSHAKE, true, false, NONE)   \
	X(RIGHT_SYN_COOKIE, 10, ANSWER_RIGHT, SCAN_HOST_HANDSHAKE, true, false, NONE) \
	X(DEAF, 4, TCP_TIMEOUT, SCAN_HOST_HANDSHAKE, true, false, SILENCE)            \
	X(RESETTING, 4, TCP_RESET, SCAN_HOST_HANDSHAKE, true, false, RESET)           \
	X(MUTE, 4, TLS_SILENT, 0, false, false, NONE)                                 \
	X(CLOSING, 4, TLS_CLOSED, 0, false, true, NONE)                               \
	X(STALLING, 4, TLS_TIMEOUT, SCAN_HOST_HALF, false, false, NONE)               \
	X(BREAKING_OFF, 4, TLS_ERROR, SCAN_HOST_HALF, false, true, NONE)              \
	X(ANSWERLESS, 4, DNS_SILENT, SCAN_HOST_HANDSHAKE, false, false, NONE)         \
	X(ANSWERLESS_THEN_FIN, 4, DNS_CLOSED, SCAN_HOST_HANDSHAKE, false, true, NONE) \
	X(TRIGGERED, 0, TCP_TIMEOUT, SCAN_HOST_HANDSHAKE, true, false, NONE)

enum scan_host_kind {
#define X(name, weight, outcome, handshake, answers, closes, trigger) SCAN_HOST_##name,
	SCAN_HOST_LIST(X)
#undef X
		SCAN_HOST_COUNT
};

struct scan_host_connection;

struct scan_host {
	enum scan_host_kind kind;
	struct model_behaviour behaviour;
	uint64_t delay_ns; /* one way */
	struct scan_host_connection *connections;
	uint32_t syns;   /* from different ports */
	uint32_t resets; /* received */
};

struct scan_hosts {
	struct scan_host *hosts;
	uint32_t count;
	uint32_t first_address;
	uint16_t port;
	struct scan_network *network;
	struct simulated_link *outbox; /* what a model server says at this moment */
	struct random_sequence random;
	const char *fault; /* what a client did wrong, or NULL */
};

/* The dialogue that a right host holds. */
void scan_hosts_dialogue(struct model_step steps[MODEL_STEPS]);

/*
 * Kinds are drawn by weight; all_triggered makes every host RIGHT until it has seen so many segments, and then silent, reset
 * or closed.
 */
void scan_hosts_init(struct scan_hosts *hosts, uint32_t first_address, uint32_t count,
	uint16_t port, struct scan_network *network, uint64_t seed, bool all_triggered);
void scan_hosts_clear(struct scan_hosts *hosts);

/* A frame from the scanner has arrived. */
void scan_hosts_input(
	struct scan_hosts *hosts, const uint8_t *frame, size_t length, uint64_t now_ns);

/* Run what is due on all hosts. */
void scan_hosts_expire(struct scan_hosts *hosts, uint64_t now_ns);

/* One way to the host of the frame's destination. */
uint64_t scan_hosts_delay_ns(const struct scan_hosts *hosts, const uint8_t *frame);

enum outcome scan_host_outcome(enum scan_host_kind kind);

static inline bool
scan_host_answers(const struct scan_host *host)
{
	return host->kind >= SCAN_HOST_RIGHT;
}

#endif
