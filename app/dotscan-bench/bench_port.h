/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_PORT_H
#define BENCH_PORT_H

#include "base/fault.h"
#include "bench_options.h"
#include "port/port.h"

/* A port with a queue for each worker, a CPU for each of them from options->cpu downwards, and one for everything else. */
struct bench_port {
	struct environment environment;
	struct environment_settings cpus;
	uint16_t io_cpus[BENCH_WORKERS];
	struct port port;
};

/* Starts DPDK, which can be done once in a process. The port and its pools are like a scan's. Returns 0, or an error with a fault. */
int bench_port_open(struct bench_port *port, const struct bench_options *options,
	const char *device, struct fault *fault);
void bench_port_close(struct bench_port *port);

/* Begin to run it on the CPU of a worker. Returns 0, or an error with a fault. */
int bench_port_start(
	uint16_t worker, int (*function)(void *argument), void *argument, struct fault *fault);

/* Sleep until the first count workers have ended. Returns what the first of them returned that did not return 0. */
int bench_port_wait(uint16_t count);

/* Run it on the CPU to be measured, and wait for its end. Returns what it returned. */
int bench_port_run(int (*function)(void *argument), void *argument);

/* What an I/O worker does each round, where nobody is to answer: take a burst from the queue. */
void bench_port_drop_received(const struct port_queue *queue);

/* Nothing that is sent there leaves the process. */
bool bench_port_is_private(const char *device);

#endif
