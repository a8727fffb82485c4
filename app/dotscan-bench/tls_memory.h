/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_MEMORY_H
#define TLS_MEMORY_H

#include "base/fault.h"
#include "bench_report.h"
#include "tls_lab.h"

/*
 * Adds what connections cost in memory: alive, at their peak, parked, and remembered. Both client_memory and resolver_memory watch. Returns 0
 * or an error with a fault.
 */
int tls_memory_report(const struct tls_lab *lab, struct bench_report *report, struct fault *fault);

#endif
