/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOT_WORKER_H
#define DOT_WORKER_H

#include "base/fault.h"
#include "dns/dns_question.h"

struct ca_store;
struct chain_cache;
struct dns_truth;
struct tls_worker;

/* How to verify a DNS-over-TLS resolver. Everything pointed to is borrowed, never written, and may be shared by workers. */
struct dot_settings {
	const struct dns_question_template *question;
	const struct dns_truth *truth; /* NULL: answers stay unchecked */
	const struct ca_store *ca_store;
	unsigned int queries; /* one after another on a connection: 1 to OBSERVATION_QUERIES */
	bool offers_alpn;
	uint64_t connect_timeout_ns; /* until our first data is acknowledged */
	uint64_t tls_timeout_ns;     /* from then until the handshake is done */
	uint64_t dns_timeout_ns;     /* for each query */
};

/* One worker's context of dot_protocol: created, used and destroyed by one thread. */
struct dot_worker {
	struct dot_settings settings;
	struct tls_worker *tls;
	struct chain_cache *verdicts;
};

/* NULL with *fault set: out of memory, or the TLS library refuses. */
struct dot_worker *dot_worker_create(const struct dot_settings *settings, struct fault *fault);
void dot_worker_destroy(struct dot_worker *worker);

#endif
