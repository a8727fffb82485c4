/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include "base/fault.h"
#include "bench_report.h"
#include "tls_network.h"

struct tls_verify;

/*
 * One verify worker: the engine with dot_protocol, between a network in memory and a file of records. connections are alive
 * at once. Returns NULL with a fault.
 */
struct tls_verify *tls_verify_create(
	const struct tls_lab *lab, uint32_t connections, struct fault *fault);
void tls_verify_destroy(struct tls_verify *verify);

/*
 * Verify one resolver after the other until the worker has used so much CPU time; the network's own is not counted. Adds a
 * round in nanoseconds, and to record_stage what of it went into the record, which in a scan another thread writes; it may be NULL. Returns 0, or an error with a fault: also if a record says anything but answer-right.
 */
int tls_verify_round(struct tls_verify *verify, uint64_t round_ns, struct bench_stage *stage,
	struct bench_stage *record_stage, struct fault *fault);

/* Bring all connections to where TLS stands and no answer comes. Returns how many there are, or a negative error. */
int tls_verify_hold(struct tls_verify *verify, struct fault *fault);

#endif
