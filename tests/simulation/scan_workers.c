/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "packet/frame_builder.h"
#include "packet/wire_headers.h"
#include "simulation/scan_workers.h"
#include "tcp/tcp_worker.h"

#define SECOND_NS      1000000000ULL
#define MARGIN_NS      (SCAN_WORKERS_COOLDOWN_NS + SECOND_NS)
#define BURST          64
#define SESSION_BUDGET 8
#define ROUNDS         64 /* of work in a turn, at most */
#define PARK_CAPACITY  4096
#define PARK_PAUSE     1024

static const uint32_t our_addresses[2] = { 0xcb007102U, 0xcb007103U };
static const struct link_endpoints our_link = { { 2, 1 }, { 2, 2 }, 0 };

static void
emit(void *context, const struct segment *segment)
{
	struct scan_verify *verify = context;
	struct scan_simulation *simulation = verify->simulation;
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	const size_t length =
		frame_build_segment(&our_link, segment, verify->identification++, frame);
	const uint64_t delay_ns = scan_hosts_delay_ns(&simulation->result->hosts, frame);

	scan_network_send(
		&simulation->network, frame, length, false, simulation->now_ns + delay_ns);
}

static void
open_io(struct scan_simulation *simulation, uint32_t index)
{
	const struct scan_simulation_settings *settings = simulation->settings;
	struct scan_io *io = calloc(1, sizeof(*io));
	const struct prober_settings prober = {
		.walk = &simulation->walk,
		.worker_index = index,
		.worker_count = settings->io_workers,
		.max_targets = TARGET_STREAM_UNLIMITED,
		.probes = settings->probes,
		.interval_ns = 2 * SECOND_NS,
		.resume_steps = settings->killed != NULL && settings->killed->has_checkpoint
					? settings->killed->checkpoint
					: NULL,
		.key = { settings->seed, 1 },
	};

	assert_non_null(io);
	simulation->ios[index] = io;
	assert_int_equal(prober_init(&io->prober, &prober), 0);
	pacer_init(
		&io->pacer, settings->rate_pps / settings->io_workers, BURST, simulation->now_ns);
	io->source = (struct syn_source){
		.cookie = &simulation->cookie,
		.local_addresses = our_addresses,
		.local_address_count = 2,
	};
	syn_template_init(&io->source.syn, &our_link, SCAN_WORKERS_PORT);
	io->receiver = (struct receiver){ { our_addresses, 2, 0 }, &simulation->cookie,
		SCAN_WORKERS_PORT };
}

static void
open_verify(struct scan_simulation *simulation, uint32_t index)
{
	const struct scan_simulation_settings *settings = simulation->settings;
	struct scan_verify *verify = &simulation->verifies[index];
	const struct verify_settings engine = {
		.protocol = &scan_dialogue_protocol,
		.protocol_context = &verify->dialogue,
		.cookie = &simulation->cookie,
		.key = { settings->seed, 2 },
		.remote_port = SCAN_WORKERS_PORT,
		.attempts = settings->attempts,
		.max_connections = settings->max_connections,
		.park_capacity = PARK_CAPACITY,
		.connect_timeout_ns = 3 * SECOND_NS,
		.retry_delay_ns = SECOND_NS / 2,
		.emit = emit,
		.context = verify,
	};

	verify->simulation = simulation;
	scan_hosts_dialogue(verify->dialogue.steps);
	verify->engine = verify_engine_create(&engine, simulation->now_ns);
	assert_non_null(verify->engine);
}

static struct scan_verify *
owner_of(struct scan_simulation *simulation, uint32_t remote_address)
{
	const uint32_t hash = remote_address * 0x9e3779b1U;

	return &simulation->verifies[(uint64_t)hash * simulation->settings->verify_workers >> 32];
}

/* Who has a record from the run before never gets another. */
static void
settle_earlier(struct scan_simulation *simulation)
{
	const struct scan_simulation_result *killed = simulation->settings->killed;

	for (uint32_t i = 0; killed != NULL && i < simulation->settings->host_count; i++) {
		const uint32_t address = SCAN_SIMULATION_ADDRESS + i;

		if (killed->records[i].count > 0)
			assert_int_equal(verify_engine_settle(
						 owner_of(simulation, address)->engine, address),
				0);
	}
}

void
scan_workers_open(struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->io_workers; i++)
		open_io(simulation, i);
	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++)
		open_verify(simulation, i);
	settle_earlier(simulation);
}

/* As an NIC would spread them: what a connection receives is always on the same queue. */
static struct scan_io *
queue_of(struct scan_simulation *simulation, const struct scan_flight *flight)
{
	const uint8_t *ip = flight->frame + ETHERNET_HEADER_SIZE;
	const uint32_t hash = load_be32(ip + IPV4_OFFSET_SOURCE) * 2654435761U +
			      load_be16(ip + IPV4_HEADER_SIZE + TCP_OFFSET_DESTINATION_PORT);

	return simulation->ios[hash % simulation->settings->io_workers];
}

void
scan_workers_receive(struct scan_simulation *simulation, const struct scan_flight *flight)
{
	struct scan_io *io = queue_of(simulation, flight);
	struct parsed_frame parsed;
	const enum reception reception =
		receiver_sort(&io->receiver, flight->frame, flight->length, &parsed);

	simulation->result->receptions[reception]++;
	if (reception == RECEPTION_SYNACK || reception == RECEPTION_RST)
		assert_int_equal(prober_note_answer(&io->prober, parsed.segment.remote_address), 0);
	if (reception == RECEPTION_SYNACK || reception == RECEPTION_SEGMENT)
		verify_engine_input(owner_of(simulation, parsed.segment.remote_address)->engine,
			&parsed.segment, simulation->now_ns);
}

static void
check_books(struct scan_simulation *simulation, struct scan_verify *verify)
{
	struct verify_state state;
	const uint64_t hits = verify_engine_counter(verify->engine, VERIFY_HITS);
	const uint64_t records = verify_engine_counter(verify->engine, VERIFY_RECORDS);

	verify_engine_state(verify->engine, &state);
	assert_int_equal(hits, records + state.parked + state.under_verification + state.untaken);
	assert_int_equal(state.sessions, verify->dialogue.alive);
	assert_true(state.sessions <= simulation->settings->max_connections);
	assert_true(state.oldest_hit_ns == UINT64_MAX || state.oldest_hit_ns <= simulation->now_ns);
	assert_true((state.oldest_hit_ns == UINT64_MAX) == (hits == records));
	assert_int_equal(verify_engine_error(verify->engine), 0);
}

static void
take_records(struct scan_simulation *simulation, struct scan_verify *verify)
{
	struct verify_record *record;

	while ((record = verify_engine_take_record(verify->engine)) != NULL) {
		const uint32_t index = record->observation.address - SCAN_SIMULATION_ADDRESS;

		assert_true(index < simulation->settings->host_count);
		struct scan_simulation_record *known = &simulation->result->records[index];
		known->count++;
		known->outcome = record->observation.outcome;
		known->attempts = record->observation.attempts;
		verify_record_free(record);
	}
}

static void
run_verify(struct scan_simulation *simulation, struct scan_verify *verify)
{
	int rounds = 0;

	while (verify_engine_work(verify->engine, SESSION_BUDGET, simulation->now_ns) &&
		++rounds < ROUNDS) {
	}
	check_books(simulation, verify);
	take_records(simulation, verify);
}

void
scan_workers_verify(struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++)
		run_verify(simulation, &simulation->verifies[i]);
}

static bool
verification_lags(const struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++) {
		struct verify_state state;

		verify_engine_state(simulation->verifies[i].engine, &state);
		if (state.parked >= PARK_PAUSE)
			return true;
	}
	return false;
}

static void
probe(struct scan_simulation *simulation, struct scan_io *io)
{
	const uint32_t *addresses = NULL;
	const size_t offered = prober_peek(&io->prober, simulation->now_ns, &addresses);

	if (offered == 0 || verification_lags(simulation))
		return;
	const uint64_t granted =
		pacer_take(&io->pacer, offered < BURST ? offered : BURST, simulation->now_ns);
	for (uint64_t i = 0; i < granted; i++) {
		uint8_t frame[SYN_TEMPLATE_SIZE];

		syn_source_write(&io->source, addresses[i], simulation->now_ns, frame);
		scan_network_send(&simulation->network, frame, io->source.syn.length, false,
			simulation->now_ns +
				scan_hosts_delay_ns(&simulation->result->hosts, frame));
	}
	prober_take(&io->prober, granted);
	simulation->result->probed += granted;
}

void
scan_workers_probe(struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->io_workers; i++)
		probe(simulation, simulation->ios[i]);
}

bool
scan_workers_are_probing(const struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->io_workers; i++)
		if (!prober_is_finished(&simulation->ios[i]->prober))
			return true;
	return false;
}

bool
scan_workers_are_idle(const struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++)
		if (verify_engine_deadline_ns(simulation->verifies[i].engine) != UINT64_MAX)
			return false;
	return true;
}

void
scan_workers_note_checkpoint(struct scan_simulation *simulation)
{
	struct scan_simulation_result *result = simulation->result;
	uint64_t oldest_ns = simulation->now_ns;
	uint64_t steps[TARGET_LANES];
	uint64_t completed = 0;

	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++) {
		struct verify_state state;

		verify_engine_state(simulation->verifies[i].engine, &state);
		if (state.oldest_hit_ns < oldest_ns)
			oldest_ns = state.oldest_hit_ns;
	}
	for (uint32_t i = 0; i < simulation->settings->io_workers; i++) {
		uint64_t here = 0;

		if (!prober_steps_at(
			    &simulation->ios[i]->prober, oldest_ns - MARGIN_NS, steps, &here))
			return;
		completed += here;
	}
	memcpy(result->checkpoint, steps, sizeof(steps));
	result->completed = completed;
	result->has_checkpoint = true;
}

/* Nothing is left of any connection. */
static void
check_idle(const struct scan_verify *verify)
{
	const struct tcp_worker *tcp = verify_engine_tcp(verify->engine);
	struct verify_state state;

	verify_engine_state(verify->engine, &state);
	assert_int_equal(state.parked + state.under_verification + state.untaken, 0);
	assert_int_equal(verify->dialogue.alive, 0);
	assert_int_equal(tcp->send.free_count, tcp->send.count);
	assert_int_equal(tcp->receive.chunks.free_count, tcp->receive.chunks.count);
	assert_int_equal(tcp->receive.out_of_order_count, 0);
}

static void
close_verify(struct scan_simulation *simulation, struct scan_verify *verify)
{
	struct scan_simulation_result *result = simulation->result;

	if (simulation->settings->kill_ns == 0)
		check_idle(verify);
	for (int i = 0; i < VERIFY_COUNTER_COUNT; i++)
		result->counters[i] +=
			verify_engine_counter(verify->engine, (enum verify_counter)i);
	if (verify->dialogue.alive_maximum > result->sessions_maximum)
		result->sessions_maximum = verify->dialogue.alive_maximum;
	if (verify->dialogue.latest_ns > result->latest_ns)
		result->latest_ns = verify->dialogue.latest_ns;
	if (verify->dialogue.longest_ns > result->longest_ns)
		result->longest_ns = verify->dialogue.longest_ns;
	verify_engine_destroy(verify->engine);
}

void
scan_workers_close(struct scan_simulation *simulation)
{
	for (uint32_t i = 0; i < simulation->settings->verify_workers; i++)
		close_verify(simulation, &simulation->verifies[i]);
	for (uint32_t i = 0; i < simulation->settings->io_workers; i++) {
		simulation->result->skipped += prober_skipped(&simulation->ios[i]->prober);
		prober_clear(&simulation->ios[i]->prober);
		free(simulation->ios[i]);
	}
	simulation->result->hits = simulation->result->counters[VERIFY_HITS];
}
