/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_MEMORY_H
#define TLS_MEMORY_H

#include "base/fault.h"
#include "bench_report.h"
#include "tls_lab.h"

/*
 * Adds what connections cost in memory: alive, at their peak, parked, and remembered. memory_watch_resolvers has been called, and wolfSSL holds no memory. Returns 0
 * or an error with a fault.
 */
int tls_memory_report(const struct tls_lab *lab, struct bench_report *report, struct fault *fault);

#endif
