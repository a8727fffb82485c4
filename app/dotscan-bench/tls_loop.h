/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_LOOP_H
#define TLS_LOOP_H

#include "base/fault.h"
#include "bench_report.h"
#include "tls_lab.h"

/*
 * What a TLS library can do at best: a bare loop of one client after the other against the same resolvers, with the same offers
 * and as many queries as dotscan's, and nothing done with what is learnt. Only the client's CPU time is counted.
 */
enum tls_loop_library { TLS_LOOP_WOLFSSL, TLS_LOOP_OPENSSL };

struct tls_loop;

struct tls_loop *tls_loop_create(
	enum tls_loop_library library, const struct tls_lab *lab, struct fault *fault);
void tls_loop_destroy(struct tls_loop *loop);

/* Adds a round of at least that much, in nanoseconds. Returns 0 or an error with a fault. */
int tls_loop_round(
	struct tls_loop *loop, uint64_t round_ns, struct bench_stage *stage, struct fault *fault);

/*
 * A library's client, as the loop sees it. connect, write and read return above 0 when done, 0 when they wait for the peer, below 0 when
 * they failed. Bytes for the peer leave by output, those of the peer come by input.
 */
struct tls_loop_client {
	void *(*context_create)(void);
	void (*context_destroy)(void *context);
	void *(*open)(void *context);
	int (*connect)(void *client);
	int (*write)(void *client, const uint8_t *bytes, size_t length);
	int (*read)(void *client, uint8_t *bytes, size_t capacity);
	void (*input)(void *client, const uint8_t *bytes, size_t length);
	size_t (*output)(void *client, uint8_t *bytes, size_t capacity);
	void (*close)(void *client);
};

extern const struct tls_loop_client tls_loop_wolfssl;
extern const struct tls_loop_client tls_loop_openssl;

#endif
