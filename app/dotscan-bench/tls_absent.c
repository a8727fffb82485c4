/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "bench_commands.h"
#include "growth_tls.h"

/* In place of tls_command.c and growth_tls.c where OpenSSL, which plays the resolvers, was not there when this was built. */
int
tls_command(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	return fault_set(fault, ERROR_LIBRARY,
		"tls: built without OpenSSL, which plays the resolvers; install libssl-dev and build again");
}

int
growth_tls(const struct bench_options *options, struct bench_report *report, struct fault *fault)
{
	return 0;
}
