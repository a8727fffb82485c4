/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>

#include "base/error.h"
#include "memory_watch.h"
#include "scan/parked_hits.h"
#include "scan/responder_set.h"
#include "scan/verify_engine.h"
#include "tls_memory.h"
#include "tls_verify.h"

#define HELD_CONNECTIONS 1000
#define RESPONDERS       1000000

/* Everything on the heap but the resolvers' part. */
static size_t
own_heap_bytes(void)
{
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd - memory_watch_resolver_bytes();
}

static void
report_engine(struct bench_report *report)
{
	const struct verify_settings few = { .max_connections = 1000, .park_capacity = 1 };
	const struct verify_settings many = { .max_connections = 2000, .park_capacity = 1 };

	bench_report_fact(report, "tcp_bytes",
		"bytes for one more connection in the engine: TCP, timers, buffers",
		(double)(verify_engine_bytes(&many) - verify_engine_bytes(&few)) / 1000);
	bench_report_fact(report, "parked_hit_bytes", "bytes for one parked hit",
		(double)sizeof(struct parked_hit));
}

static int
report_responders(struct bench_report *report, struct fault *fault)
{
	const struct siphash_key key = { 1, 2 };
	struct responder_set set;
	int error = responder_set_init(&set, &key);

	for (uint32_t i = 0; error == 0 && i < RESPONDERS; i++)
		error = responder_set_add(&set, TLS_NETWORK_FIRST + i);
	if (error != 0)
		return fault_set(fault, error, "out of memory");
	bench_report_fact(report, "responder_set_bytes", "bytes that remember a million responders",
		(double)responder_set_bytes(&set));
	responder_set_clear(&set);
	return 0;
}

static int
report_alive(const struct tls_lab *lab, struct bench_report *report, struct fault *fault)
{
	struct tls_verify *verify = tls_verify_create(lab, HELD_CONNECTIONS, fault);

	if (verify == NULL)
		return ERROR_MEMORY;
	const size_t heap_before = own_heap_bytes();
	const size_t client_before = memory_watch_client_bytes();
	(void)memory_watch_client_peak();
	const int held = tls_verify_hold(verify, fault);
	if (held > 0) {
		bench_report_fact(report, "tls_live_bytes",
			"bytes of wolfSSL for a connection that awaits its answer",
			(double)(memory_watch_client_bytes() - client_before) / held);
		bench_report_fact(report, "tls_peak_bytes",
			"the same at the peak of a thousand handshakes at once",
			(double)(memory_watch_client_peak() - client_before) / held);
		bench_report_fact(report, "heap_live_bytes",
			"all bytes on the heap for such a connection",
			(double)(own_heap_bytes() - heap_before) / held);
	}
	tls_verify_destroy(verify);
	return held < 0 ? held : 0;
}

int
tls_memory_report(const struct tls_lab *lab, struct bench_report *report, struct fault *fault)
{
	report_engine(report);
	int error = report_responders(report, fault);
	if (error == 0 && !memory_watch_clients(true))
		error = fault_set(fault, ERROR_LIBRARY, "wolfSSL keeps its allocator");
	if (error != 0)
		return error;
	error = report_alive(lab, report, fault);
	(void)memory_watch_clients(false);
	return error;
}
