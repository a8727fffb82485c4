/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "bench_scanner.h"
#include "bench_targets.h"

#define LOCAL_ADDRESS 0xc6120001U /* 198.18.0.1 */
#define LOCAL_PORT    32768
#define LOCAL_PORTS   16384

int
bench_scanner_restart(struct bench_scanner *scanner, const struct bench_options *options,
	uint64_t seed, uint32_t shard)
{
	prober_clear(&scanner->prober);
	target_walk_init(
		&scanner->walk, &scanner->targets.set, seed, shard, (uint32_t)options->shards);
	const struct prober_settings settings = {
		.walk = &scanner->walk,
		.worker_index = scanner->worker,
		.worker_count = scanner->worker_count,
		.max_targets = TARGET_STREAM_UNLIMITED,
		.probes = 1,
	};
	return prober_init(&scanner->prober, &settings);
}

static int
prepare(struct bench_scanner *scanner, const struct bench_options *options,
	const struct bench_port *port, struct fault *fault)
{
	static const uint64_t secret[4] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908,
		0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9 };

	scanner->worker_count = options->workers;
	scanner->local_address = LOCAL_ADDRESS;
	memcpy(scanner->link.our_mac, port->port.mac, MAC_SIZE);
	/* On a link with somebody behind it: nobody's address, of those for local use. */
	memcpy(scanner->link.gateway_mac, "\x02\x00\x00\x00\x00\x02", MAC_SIZE);
	syn_cookie_init(&scanner->cookie, secret, LOCAL_PORT, LOCAL_PORTS);
	scanner->sender = (struct syn_sender){
		.queue = port->port.queues[scanner->worker],
		.prober = &scanner->prober,
		.source = { .cookie = &scanner->cookie,
			.local_addresses = &scanner->local_address,
			.local_address_count = 1 },
	};
	syn_template_init(&scanner->sender.source.syn, &scanner->link, BENCH_REMOTE_PORT);
	const int error = bench_scanner_restart(scanner, options, 1, 0);
	return error == 0 ? 0 : fault_set(fault, error, "out of memory");
}

int
bench_scanner_init(struct bench_scanner *scanner, const struct bench_options *options,
	const struct bench_port *port, struct fault *fault)
{
	const int error = bench_targets_init(&scanner->targets, options, fault);

	return error != 0 ? error : prepare(scanner, options, port, fault);
}

int
bench_scanner_join(struct bench_scanner *scanner, const struct bench_scanner *first,
	uint16_t worker, const struct bench_options *options, const struct bench_port *port,
	struct fault *fault)
{
	scanner->targets = first->targets;
	scanner->worker = worker;
	return prepare(scanner, options, port, fault);
}

void
bench_scanner_clear(struct bench_scanner *scanner)
{
	prober_clear(&scanner->prober);
	if (scanner->worker == 0)
		target_list_clear(&scanner->targets);
}
