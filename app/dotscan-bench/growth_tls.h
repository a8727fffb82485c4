/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GROWTH_TLS_H
#define GROWTH_TLS_H

#include "base/fault.h"
#include "bench_options.h"
#include "bench_report.h"

/*
 * Adds what a verified connection costs with 100, 1,000 and 10,000 alive, in turn. Adds nothing where the resolvers, which OpenSSL plays, are
 * missing. Returns 0 or an error with a fault.
 */
int growth_tls(
	const struct bench_options *options, struct bench_report *report, struct fault *fault);

#endif
