/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_launch.h>
#include <string.h>

#include "bench_port.h"

/* As a scan has them; docs/performance.md tells what larger ones cost. */
#define RX_DESCRIPTORS 4096
#define TX_DESCRIPTORS 2048
#define RING_BYTES     (4U << 20)

int
bench_port_open(struct bench_port *port, const struct bench_options *options, const char *device,
	struct fault *fault)
{
	const struct port_settings settings = {
		.device = device,
		.queue_count = 1,
		.rx_descriptors = RX_DESCRIPTORS,
		.tx_descriptors = TX_DESCRIPTORS,
	};

	*port = (struct bench_port){
		.cpus = {
			.program = "dotscan-bench",
			.device = device,
			.main_cpu = options->other_cpu,
			.io_cpus = &options->cpu,
			.io_count = 1,
			.memory_bytes = port_memory_bytes(&settings) + RING_BYTES,
		},
	};
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
bench_port_run(int (*function)(void *argument), void *argument)
{
	const unsigned int lcore = environment_io_lcore(0);

	return rte_eal_remote_launch(function, argument, lcore) == 0 ? rte_eal_wait_lcore(lcore)
								     : -1;
}

bool
bench_port_is_private(const char *device)
{
	return strncmp(device, "net_null", strlen("net_null")) == 0 ||
	       strncmp(device, "net_ring", strlen("net_ring")) == 0;
}
