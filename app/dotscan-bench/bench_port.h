/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_PORT_H
#define BENCH_PORT_H

#include "base/fault.h"
#include "bench_options.h"
#include "port/port.h"

/* A port with one queue, a CPU that works on it, and one for everything else. */
struct bench_port {
	struct environment environment;
	struct environment_settings cpus;
	struct port port;
};

/* Starts DPDK, which can be done once in a process. The port and its pool are like a scan's. Returns 0, or an error with a fault. */
int bench_port_open(struct bench_port *port, const struct bench_options *options,
	const char *device, struct fault *fault);
void bench_port_close(struct bench_port *port);

/* Run it on the CPU to be measured, and wait for its end. Returns what it returned. */
int bench_port_run(int (*function)(void *argument), void *argument);

/* Nothing that is sent there leaves the process. */
bool bench_port_is_private(const char *device);

#endif
