/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/random.h"
#include "base/sha256.h"
#include "clock.h"
#include "gateway.h"
#include "scan_state.h"
#include "telemetry.h"

static int
note_settled(void *context, const struct record_brief *brief)
{
	struct settled_list *list = context;

	if (list->count == list->capacity) {
		const size_t capacity = list->capacity == 0 ? 4096 : list->capacity * 2;
		uint32_t *larger = realloc(list->addresses, capacity * sizeof(*larger));
		if (larger == NULL)
			return ERROR_MEMORY;
		list->addresses = larger;
		list->capacity = capacity;
	}
	list->addresses[list->count++] = brief->address;
	return 0;
}

/* What may not change between two parts of one scan: fields of the configuration, and the targets that its files name. */
static int
identify_configuration(struct scan_state *state, struct fault *fault)
{
	size_t size = 0;
	FILE *file = open_memstream(&state->config_text, &size);

	if (file == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	const int error = scan_config_print_identity(state->config, file);
	(void)fprintf(file, "targets (files included): %016" PRIx64 "\n",
		address_set_fingerprint(&state->plan->targets.set));
	if (fclose(file) != 0 || error != 0)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	sha256_digest(state->config_text, size, state->config_sha256);
	return 0;
}

static void
announce_found(const struct scan_state *state)
{
	const struct run_directory_found *found = &state->found;

	if (state->options->is_quiet || !state->options->is_resumed)
		return;
	(void)fprintf(stderr, "dotscan-dpdk: resuming: %zu records there", state->settled.count);
	if (found->torn_record_bytes + found->torn_certificate_bytes > 0)
		(void)fprintf(stderr, ", %llu bytes of unfinished lines cut off",
			(unsigned long long)(found->torn_record_bytes +
					     found->torn_certificate_bytes));
	(void)fputs(found->has_checkpoint ? "\n" : ", no checkpoint: from the beginning\n", stderr);
}

int
scan_state_open_directory(struct scan_state *state, struct fault *fault)
{
	const struct scan_config *config = state->config;
	int error = identify_configuration(state, fault);

	if (error != 0)
		return error;
	struct run_directory_settings settings = {
		.path = config->output.directory,
		.scan = config->scan.id,
		.config_text = state->config_text,
		.seed = config->scan.seed,
		.shard_index = config->scan.shard.index,
		.shard_count = config->scan.shard.count,
		.probes = config->scan.probes,
		.csv_queries = config->output.csv ? config->verify.queries : 0,
		.with_certificates = config->output.certificates,
		.is_resumed = state->options->is_resumed,
		.loaded = note_settled,
		.context = &state->settled,
	};
	memcpy(settings.config_sha256, state->config_sha256, sizeof(settings.config_sha256));
	error = run_directory_open(&settings, &state->directory, &state->found, fault);
	if (error != 0)
		return fault_set(
			fault, error, "%s: %s", config->output.directory, error_text(error));
	announce_found(state);
	const struct checkpoint *checkpoint = &state->found.checkpoint;
	state->started_us = state->found.has_checkpoint ? checkpoint->started_us : clock_wall_us();
	if (state->found.has_checkpoint && checkpoint->lane_count == TARGET_LANES)
		memcpy(state->resume_steps, checkpoint->steps[0], sizeof(state->resume_steps));
	return plan_choose_order(state->plan, config,
		state->found.has_checkpoint ? checkpoint->seed : config->scan.seed, fault);
}

static struct rte_ring *
make_ring(const char *kind, unsigned int from, unsigned int to, unsigned int size)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%s-%u-%u", kind, from, to);
	return rte_ring_create(name, size, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static int
make_rings(struct scan *scan, struct fault *fault)
{
	bool has_all = true;

	for (uint16_t w = 0; w < scan->verify_count; w++) {
		scan->frames[w] = make_ring("frames", w, 0, SCAN_FRAME_RING);
		scan->records[w] = make_ring("records", w, 0, SCAN_RECORD_RING);
		has_all = has_all && scan->frames[w] != NULL && scan->records[w] != NULL;
		for (uint16_t io = 0; io < scan->io_count; io++) {
			scan->segments[io][w] = make_ring("segments", io, w, SCAN_SEGMENT_RING);
			has_all = has_all && scan->segments[io][w] != NULL;
		}
	}
	return has_all ? 0
		       : fault_set(fault, ERROR_MEMORY, "no memory for the rings between threads");
}

/* The key is fresh in each run: answers to an earlier run's SYNs are not ours, and its targets are probed again. */
static int
make_secrets(struct scan_state *state, struct fault *fault)
{
	const struct config_port_range *ports = &state->config->nic.source_ports;
	uint64_t secrets[6];

	if (random_secret(secrets, sizeof(secrets)) != 0)
		return fault_set(fault, ERROR_LIBRARY, "the kernel gives no random numbers");
	syn_cookie_init(&state->scan.cookie, secrets, ports->first,
		(uint32_t)(ports->last - ports->first) + 1);
	state->scan.key = (struct siphash_key){ secrets[4], secrets[5] };
	return 0;
}

static int
make_workers(struct scan_state *state, struct fault *fault)
{
	struct scan *scan = &state->scan;

	state->verify_workers = calloc(scan->verify_count, sizeof(*state->verify_workers));
	if (state->verify_workers == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	for (uint16_t w = 0; w < scan->verify_count; w++) {
		const int error = verify_worker_init(&state->verify_workers[w], scan, w,
			protocol_setup_context(state->protocol, w), fault);
		if (error != 0)
			return error;
	}
	for (uint16_t io = 0; io < scan->io_count; io++) {
		state->io_workers[io] = io_worker_create(scan, io, state->verify_workers, fault);
		if (state->io_workers[io] == NULL)
			return ERROR_MEMORY;
	}
	return 0;
}

/* Who has a record is never a hit again, and no longer silent. */
static int
settle_found(struct scan_state *state, struct fault *fault)
{
	int error = 0;

	for (size_t i = 0; i < state->settled.count && error == 0; i++) {
		const uint32_t address = state->settled.addresses[i];
		error = verify_engine_settle(
			state->verify_workers[scan_owner(&state->scan, address)].engine, address);
		for (uint16_t io = 0; io < state->scan.io_count && error == 0; io++)
			error = prober_note_answer(&state->io_workers[io]->prober, address);
	}
	return error == 0 ? 0
			  : fault_set(fault, error,
				    "no memory for the records that are there already");
}

static void
fill_scan(struct scan_state *state)
{
	const struct scan_config *config = state->config;
	struct scan *scan = &state->scan;

	scan->config = config;
	scan->cpus = state->plan->cpus;
	scan->walk = state->plan->walk;
	scan->io_count = (uint16_t)config->cores.io_count;
	scan->verify_count = (uint16_t)config->cores.verify_count;
	scan->link.vlan = config->nic.vlan;
	scan->wall_offset_us = clock_wall_us() - (int64_t)(clock_now_ns() / 1000);
	scan->protocol = protocol_setup_protocol(state->protocol);
	if (!state->found.has_checkpoint)
		return;
	scan->resume_steps = state->resume_steps;
	scan->completed = checkpoint_counter(&state->found.checkpoint, "completed");
}

/* What the driver said explains more than its error number; and most who are refused are not root. */
static int
open_port(struct scan_state *state, struct fault *fault)
{
	struct fault reason = { { 0 } };
	const int error = port_open(&state->scan.port, &state->plan->port, &reason);

	if (error == 0 || error == ERROR_INPUT)
		return error == 0 ? 0 : fault_set(fault, error, "%s", reason.text);
	return fault_set(fault, error, "%s%s (DPDK said: %s)", reason.text,
		geteuid() == 0
			? ""
			: "; raw network access needs root, or CAP_NET_ADMIN, CAP_NET_RAW and CAP_BPF",
		environment_last_words(&state->environment));
}

int
scan_state_open_device(struct scan_state *state, struct fault *fault)
{
	state->protocol = protocol_setup_create(state->config, fault);
	if (state->protocol == NULL)
		return ERROR_INPUT;
	fill_scan(state);
	int error = environment_open(&state->environment, &state->plan->cpus, fault);
	if (error != 0)
		return error;
	state->has_environment = true;
	error = open_port(state, fault);
	if (error != 0)
		return error;
	state->has_port = true;
	memcpy(state->scan.link.our_mac, state->scan.port.mac, MAC_SIZE);
	error = gateway_resolve(&state->scan, fault);
	if (error == 0)
		error = make_rings(&state->scan, fault);
	if (error == 0)
		error = make_secrets(state, fault);
	if (error == 0)
		error = make_workers(state, fault);
	if (error == 0)
		error = settle_found(state, fault);
	if (error == 0 && telemetry_register(state->io_workers, state->scan.io_count,
				  state->verify_workers, state->scan.verify_count) != 0)
		error = fault_set(fault, ERROR_LIBRARY, "DPDK's telemetry refuses our commands");
	return error;
}

static void
free_ring(struct rte_ring *ring)
{
	struct rte_mbuf *buffer = NULL;

	/* Only rings of mbufs may still hold something; the writer has emptied the others. */
	while (ring != NULL && rte_ring_sc_dequeue(ring, (void **)&buffer) == 0)
		rte_pktmbuf_free(buffer);
	rte_ring_free(ring);
}

static void
free_rings(struct scan *scan)
{
	for (uint16_t w = 0; w < scan->verify_count; w++) {
		free_ring(scan->frames[w]);
		rte_ring_free(scan->records[w]);
		for (uint16_t io = 0; io < scan->io_count; io++)
			free_ring(scan->segments[io][w]);
	}
}

void
scan_state_close(struct scan_state *state)
{
	telemetry_forget();
	for (uint16_t io = 0; io < state->scan.io_count; io++)
		io_worker_destroy(state->io_workers[io]);
	for (uint16_t w = 0; state->verify_workers != NULL && w < state->scan.verify_count; w++)
		verify_worker_clear(&state->verify_workers[w]);
	free(state->verify_workers);
	protocol_setup_destroy(state->protocol);
	if (state->has_environment)
		free_rings(&state->scan);
	if (state->has_port)
		state->leaked_buffers = port_close(&state->scan.port);
	if (state->has_environment)
		environment_close(&state->environment);
	checkpoint_clear(&state->found.checkpoint);
	free(state->settled.addresses);
	free(state->config_text);
	run_directory_close(state->directory);
	state->directory = NULL;
}
