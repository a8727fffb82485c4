/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/observation.h"

/*
 * What speaks to a hit once TCP stands: bytes and a time in, bytes, a deadline and at last an observation out. One session is one
 * connection. It does no I/O and reads no clock; now_ns is monotonic. It knows nothing of TCP, and nobody above knows what it speaks.
 */
struct protocol_target {
	uint32_t address;
	uint16_t port;
	unsigned int attempt; /* 1 for the first connection */
	uint64_t
		salt; /* unpredictable, one for each target and attempt: unique names grow from it */
	uint32_t hints;  /* what next_hints of the attempt before returned; 0 for the first */
	int64_t wall_us; /* microseconds since 1970, for validity dates */
};

enum protocol_end {
	PROTOCOL_END_FIN,   /* the peer closed in order; all its bytes were given before */
	PROTOCOL_END_RESET, /* the peer reset */
	PROTOCOL_END_TIMEOUT, /* what we sent was never acknowledged, the last retransmission included */
};

struct protocol {
	const char *name;

	/* A new session at the moment TCP stands, or NULL when out of memory. context is the worker's own. */
	void *(*open)(void *context, const struct protocol_target *target, uint64_t now_ns);

	/* Our first data was acknowledged. Called once, before input that came with or after that acknowledgment. */
	void (*acknowledged)(void *session, uint64_t now_ns);

	/* In-order bytes, borrowed for the call; all are taken. */
	void (*input)(void *session, const uint8_t *bytes, size_t length, uint64_t now_ns);

	/* No more input will come. */
	void (*ended)(void *session, enum protocol_end end, uint64_t now_ns);

	/* Up to capacity bytes to send; 0: nothing now. What was handed out is gone. */
	size_t (*output)(void *session, uint8_t *bytes, size_t capacity, uint64_t now_ns);

	/* When expire must be called at the latest; moves only in the other calls. */
	uint64_t (*deadline_ns)(const void *session);
	void (*expire)(void *session, uint64_t now_ns);

	/* The outcome stands. Output that is left (a farewell) may still be fetched once. */
	bool (*is_finished)(const void *session);

	/*
	 * Moves what was learnt into observation_out (which was initialised; address, port, attempts, syn and timestamp are the caller's)
	 * and frees the session. May be called at any time. A further attempt may use *hints_out.
	 */
	void (*close)(void *session, struct observation *observation_out, uint32_t *hints_out);
};

#endif
