/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <net/if.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "port/port.h"

#define POOL_CACHE 256
#define POOL_SPARE 4096

static uint32_t
pool_size(const struct port_settings *settings)
{
	const uint32_t needed = (uint32_t)settings->rx_descriptors * 2 +
				(uint32_t)settings->tx_descriptors * 2 + settings->buffers_held +
				POOL_SPARE;
	uint32_t size = 1;

	while (size < needed)
		size *= 2;
	return size - 1; /* the optimum for the ring inside a mempool */
}

uint64_t
port_memory_bytes(const struct port_settings *settings)
{
	/* The mbuf, its buffer, and the mempool's own header and padding. */
	const uint64_t object = sizeof(struct rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE + 128;

	return settings->queue_count * pool_size(settings) * object;
}

static int
fail(struct fault *fault, const struct port_queue *queue, const char *step, int code)
{
	return fault_set(fault, ERROR_DEVICE, "nic.device: port %u queue %u: %s: %s",
		queue->port_id, queue->queue_id, step, rte_strerror(-code));
}

/*
 * One run of memory without gaps: AF_XDP registers the pool's first chunk as its UMEM and takes its size for the number of objects times
 * theirs. Left to itself a mempool skips the ends of pages, and the kernel drops buffers beyond. Where addresses are virtual no
 * object needs a page for itself.
 */
static struct rte_mempool *
create_pool(const char *name, uint32_t size, int socket)
{
	const unsigned int object = sizeof(struct rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE;
	const unsigned int flags =
		rte_eal_iova_mode() == RTE_IOVA_VA ? RTE_MEMPOOL_F_NO_IOVA_CONTIG : 0;
	struct rte_pktmbuf_pool_private layout = { .mbuf_data_room_size =
							   RTE_MBUF_DEFAULT_BUF_SIZE };
	struct rte_mempool *pool = rte_mempool_create_empty(
		name, size, object, POOL_CACHE, sizeof(layout), socket, flags);

	if (pool == NULL)
		return NULL;
	rte_pktmbuf_pool_init(pool, &layout);
	if (rte_mempool_populate_default(pool) < 0) {
		rte_mempool_free(pool);
		return NULL;
	}
	(void)rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	return pool;
}

static int
make_pool(struct port_queue *queue, uint16_t index, const struct port_settings *settings,
	struct fault *fault)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "frames-%u", index);
	queue->pool_size = pool_size(settings);
	queue->pool = create_pool(name, queue->pool_size, rte_eth_dev_socket_id(queue->port_id));
	if (queue->pool == NULL)
		return fault_set(fault, ERROR_DEVICE,
			"no memory for %u packet buffers of queue %u (%s); reserve hugepages or give more with nic.eal",
			queue->pool_size, index, rte_strerror(rte_errno));
	return 0;
}

static int
configure_port(uint16_t port_id, uint16_t queues, struct fault *fault)
{
	struct rte_eth_dev_info info;
	struct rte_eth_conf conf = { 0 };
	const struct port_queue place = { .port_id = port_id };
	int code = rte_eth_dev_info_get(port_id, &info);

	if (code != 0)
		return fail(fault, &place, "no device information", code);
	if (info.max_rx_queues < queues || info.max_tx_queues < queues)
		return fault_set(fault, ERROR_INPUT,
			"cores.io: %u I/O workers, but %s offers %u queues; accepted: that many workers, or as many ports",
			queues, info.driver_name,
			info.max_rx_queues < info.max_tx_queues ? info.max_rx_queues
								: info.max_tx_queues);
	if (queues > 1) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf =
			info.flow_type_rss_offloads &
			(RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_TCP);
		if (conf.rx_adv_conf.rss_conf.rss_hf == 0)
			conf.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE;
	}
	conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
	code = rte_eth_dev_configure(port_id, queues, queues, &conf);
	return code == 0 ? 0 : fail(fault, &place, "configuration refused", code);
}

static int
set_up_queue(struct port_queue *queue, const struct port_settings *settings, struct fault *fault)
{
	struct rte_eth_dev_info info;
	uint16_t rx = settings->rx_descriptors;
	uint16_t tx = settings->tx_descriptors;
	const unsigned int socket = (unsigned int)rte_eth_dev_socket_id(queue->port_id);
	int code = rte_eth_dev_info_get(queue->port_id, &info);

	if (code == 0)
		code = rte_eth_dev_adjust_nb_rx_tx_desc(queue->port_id, &rx, &tx);
	if (code != 0)
		return fail(fault, queue, "descriptor numbers refused", code);
	code = rte_eth_rx_queue_setup(
		queue->port_id, queue->queue_id, rx, socket, NULL, queue->pool);
	if (code != 0)
		return fail(fault, queue, "receive queue refused", code);
	info.default_txconf.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
	code = rte_eth_tx_queue_setup(
		queue->port_id, queue->queue_id, tx, socket, &info.default_txconf);
	return code == 0 ? 0 : fail(fault, queue, "transmit queue refused", code);
}

/* Give each I/O worker its queue: as many ports as workers, or one port with as many queues. */
static int
assign_queues(struct port *port, const struct port_settings *settings, struct fault *fault)
{
	const uint16_t available = rte_eth_dev_count_avail();
	uint16_t index = 0;

	if (available == 0)
		return fault_set(fault, ERROR_DEVICE,
			"nic.device: DPDK found no such device; accepted: the PCI address of a NIC bound to a DPDK driver, or a vdev like net_af_xdp0,iface=NAME with an interface that exists");
	port->queue_count = settings->queue_count;
	port->port_count = available == settings->queue_count ? available : 1;
	for (uint16_t port_id = 0; port_id < RTE_MAX_ETHPORTS && index < port->queue_count;
		port_id++) {
		if (rte_eth_dev_is_valid_port(port_id) == 0)
			continue;
		if (port->port_count > 1) {
			port->queues[index++] = (struct port_queue){ .port_id = port_id };
			continue;
		}
		for (; index < port->queue_count; index++)
			port->queues[index] =
				(struct port_queue){ .port_id = port_id, .queue_id = index };
	}
	return 0;
}

static int
start_ports(struct port *port, struct fault *fault)
{
	for (uint16_t i = 0; i < port->port_count; i++) {
		const struct port_queue *queue = &port->queues[i];
		const int code = rte_eth_dev_start(queue->port_id);

		if (code != 0)
			return fail(fault, queue, "does not start", code);
	}
	port->is_started = true;
	return 0;
}

/* Sockets of software drivers are bound at probe time: what they hold is older than this run. */
static void
drain(const struct port *port)
{
	struct rte_mbuf *frames[32];

	for (uint16_t i = 0; i < port->queue_count; i++) {
		for (int round = 0; round < 64; round++) {
			const uint16_t count = rte_eth_rx_burst(
				port->queues[i].port_id, port->queues[i].queue_id, frames, 32);
			if (count == 0)
				break;
			rte_pktmbuf_free_bulk(frames, count);
		}
	}
}

/* The kernel interface behind a software driver, from "iface=NAME" in its arguments; empty if there is none. */
static void
find_interface(struct port *port, const char *device)
{
	const char *name = strstr(device, "iface=");

	if (name == NULL)
		return;
	name += strlen("iface=");
	const size_t length = strcspn(name, ",");
	if (length < sizeof(port->interface)) {
		memcpy(port->interface, name, length);
		port->interface[length] = '\0';
	}
}

static bool
interface_is_up(const char *name)
{
	struct ifreq request = { 0 };
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return true; /* nothing is known */
	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	const bool is_up =
		ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) != 0;
	(void)close(fd);
	return is_up;
}

int
port_open(struct port *port, const struct port_settings *settings, struct fault *fault)
{
	struct rte_eth_dev_info info;
	struct rte_ether_addr mac;

	*port = (struct port){ 0 };
	find_interface(port, settings->device);
	int error = assign_queues(port, settings, fault);
	for (uint16_t i = 0; error == 0 && i < port->port_count; i++)
		error = configure_port(port->queues[i].port_id,
			port->port_count > 1 ? 1 : port->queue_count, fault);
	for (uint16_t i = 0; error == 0 && i < port->queue_count; i++)
		error = make_pool(&port->queues[i], i, settings, fault);
	for (uint16_t i = 0; error == 0 && i < port->queue_count; i++)
		error = set_up_queue(&port->queues[i], settings, fault);
	if (error == 0)
		error = start_ports(port, fault);
	if (error == 0 && rte_eth_macaddr_get(port->queues[0].port_id, &mac) != 0)
		error = fault_set(fault, ERROR_DEVICE, "nic.device: has no MAC address");
	if (error != 0) {
		(void)port_close(port);
		return error;
	}
	memcpy(port->mac, mac.addr_bytes, sizeof(port->mac));
	if (rte_eth_dev_info_get(port->queues[0].port_id, &info) == 0)
		(void)snprintf(port->driver, sizeof(port->driver), "%s", info.driver_name);
	drain(port);
	return 0;
}

uint64_t
port_close(struct port *port)
{
	uint64_t leaked = 0;

	for (uint16_t i = 0; i < port->port_count; i++) {
		if (port->is_started)
			(void)rte_eth_dev_stop(port->queues[i].port_id);
		(void)rte_eth_dev_close(port->queues[i].port_id);
	}
	for (uint16_t i = 0; i < port->queue_count; i++) {
		struct port_queue *queue = &port->queues[i];

		if (queue->pool == NULL)
			continue;
		leaked += rte_mempool_in_use_count(queue->pool);
		rte_mempool_free(queue->pool);
		queue->pool = NULL;
	}
	port->queue_count = 0;
	port->port_count = 0;
	return leaked;
}

void
port_read_counters(const struct port *port, struct port_counters *counters_out)
{
	*counters_out = (struct port_counters){ 0 };
	for (uint16_t i = 0; i < port->port_count; i++) {
		struct rte_eth_stats stats;

		if (rte_eth_stats_get(port->queues[i].port_id, &stats) != 0)
			continue;
		counters_out->received += stats.ipackets;
		counters_out->sent += stats.opackets;
		counters_out->missed += stats.imissed;
		counters_out->no_buffer += stats.rx_nombuf;
		counters_out->errors += stats.ierrors + stats.oerrors;
	}
}

bool
port_is_up(const struct port *port)
{
	if (port->interface[0] != '\0' && !interface_is_up(port->interface))
		return false;
	for (uint16_t i = 0; i < port->port_count; i++)
		if (rte_eth_dev_is_removed(port->queues[i].port_id) == 1)
			return false;
	return true;
}
