/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOT_BENCH_H
#define DOT_BENCH_H

#include "dns/dns_truth.h"
#include "dot/ca_store.h"
#include "dot/dot_client.h"
#include "dot/dot_worker.h"
#include "support/dns_reply.h"
#include "support/tls_server.h"

/*
 * A bench on which a DoT session is connected to a TLS server on memory: name "{label}.probe.example.", type A, truth 192.0.2.53,
 * two queries, time-outs of 3, 5 and 5 s of a clock that stands still unless the test moves it. What fails aborts.
 */
struct dot_bench {
	struct ca_store *ca_store;
	struct dns_truth *truth;
	struct dns_question_template question;
	struct dot_worker *worker;
};

#define DOT_BENCH_CONNECT_NS 3000000000ULL
#define DOT_BENCH_TLS_NS     5000000000ULL
#define DOT_BENCH_DNS_NS     5000000000ULL
#define DOT_BENCH_START_NS   1000000000ULL

/* ca_store is adopted; NULL: nobody is trusted. */
void dot_bench_init(struct dot_bench *bench, struct ca_store *ca_store);
void dot_bench_clear(struct dot_bench *bench);

/* What is done between a session and a server. */
struct dot_exchange {
	struct tls_server_context *server;
	size_t chunk; /* bytes delivered to the session at once; 0: all there are */
	struct dns_reply_settings replies[OBSERVATION_QUERIES];
	size_t reply_count;    /* queries that are answered at all */
	const char *raw_reply; /* sent instead of the first DNS reply, raw_reply_length of it */
	size_t raw_reply_length;
	bool closes_after_replies; /* close_notify and FIN */
	bool updates_keys;         /* before the first reply */
	size_t stop_after;         /* the server falls silent after that many bytes; 0: never */
	uint32_t hints;
};

/* A session, opened at DOT_BENCH_START_NS for 198.18.0.1. */
void *dot_bench_open(struct dot_bench *bench, uint32_t hints);

/*
 * Exchange until the session is finished or nothing moves; then let its deadline pass until it is finished, and close it into
 * *observation_out, to be cleared by the caller. Returns the hints for the next attempt.
 */
uint32_t dot_bench_run(struct dot_bench *bench, const struct dot_exchange *exchange,
	struct observation *observation_out);

/* Close a session into *observation_out, which is initialised here. */
uint32_t dot_bench_close(void *session, struct observation *observation_out);

#endif
