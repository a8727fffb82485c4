/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "bench_port.h"

/* As a scan has them; docs/performance.md tells what larger ones cost. */
#define RX_DESCRIPTORS 4096
#define TX_DESCRIPTORS 2048
#define RECEIVE_BURST  64
#define RING_BYTES     (4U << 20)

/* Waiting is not measured: often enough not to make a short round longer. */
#define WAIT_NS 500000

/* Where there are fewer CPUs than workers, several share one. */
static void
choose_cpus(struct bench_port *port, const struct bench_options *options)
{
	const long online = sysconf(_SC_NPROCESSORS_ONLN);
	uint16_t cpu = options->cpu;

	for (uint16_t i = 0; i < options->workers; i++) {
		port->io_cpus[i] = cpu;
		cpu = (uint16_t)(cpu > 0 ? cpu - 1 : online > 1 ? online - 1 : 0);
	}
}

int
bench_port_open(struct bench_port *port, const struct bench_options *options, const char *device,
	struct fault *fault)
{
	const struct port_settings settings = {
		.device = device,
		.queue_count = options->workers,
		.rx_descriptors = RX_DESCRIPTORS,
		.tx_descriptors = TX_DESCRIPTORS,
	};

	*port = (struct bench_port){
		.cpus = {
			.program = "dotscan-bench",
			.device = device,
			.main_cpu = options->other_cpu,
			.io_cpus = port->io_cpus,
			.io_count = options->workers,
			.memory_bytes = port_memory_bytes(&settings) + RING_BYTES,
		},
	};
	choose_cpus(port, options);
	const int error = environment_open(&port->environment, &port->cpus, fault);
	return error != 0 ? error : port_open(&port->port, &settings, fault);
}

void
bench_port_close(struct bench_port *port)
{
	(void)port_close(&port->port);
	environment_close(&port->environment);
}

int
bench_port_start(
	uint16_t worker, int (*function)(void *argument), void *argument, struct fault *fault)
{
	if (rte_eal_remote_launch(function, argument, environment_io_lcore(worker)) == 0)
		return 0;
	return fault_set(fault, ERROR_LIBRARY, "DPDK does not start the thread of a worker");
}

int
bench_port_wait(uint16_t count)
{
	const struct timespec pause = { 0, WAIT_NS };
	int result = 0;

	for (uint16_t i = 0; i < count; i++) {
		const unsigned int lcore = environment_io_lcore(i);

		/* DPDK's own waiting spins, and this CPU may be a worker's too. */
		while (rte_eal_get_lcore_state(lcore) == RUNNING)
			(void)nanosleep(&pause, NULL);
		const int returned = rte_eal_wait_lcore(lcore);
		result = result == 0 ? returned : result;
	}
	return result;
}

int
bench_port_run(int (*function)(void *argument), void *argument)
{
	struct fault fault;
	const int error = bench_port_start(0, function, argument, &fault);

	return error != 0 ? error : bench_port_wait(1);
}

void
bench_port_drop_received(const struct port_queue *queue)
{
	struct rte_mbuf *frames[RECEIVE_BURST];
	const uint16_t count =
		rte_eth_rx_burst(queue->port_id, queue->queue_id, frames, RECEIVE_BURST);

	if (count > 0)
		rte_pktmbuf_free_bulk(frames, count);
}

bool
bench_port_is_private(const char *device)
{
	return strncmp(device, "net_null", strlen("net_null")) == 0 ||
	       strncmp(device, "net_ring", strlen("net_ring")) == 0;
}
