/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "clock.h"
#include "packet/frame_builder.h"
#include "verify_worker.h"

/* Frames taken from each I/O worker in a round: input is cheap, so peers are acknowledged soon however busy the sessions are. */
#define INPUT_BURST 256

/* Sessions that speak in a round: a few milliseconds at most between two rounds of input. */
#define SESSION_BUDGET 8

/* Between two attempts, so that the second meets other weather than the first. */
#define RETRY_DELAY_NS 500000000ULL

/* A worker that sleeps wakes for its next deadline, and for input at the latest after this. */
#define SLEEP_MAXIMUM_NS 500000ULL

const struct counter_name verify_worker_counter_names[VERIFY_WORKER_COUNTER_COUNT] = {
	VERIFY_WORKER_COUNTER_LIST(COUNTER_NAME)
};

static void
count(struct verify_worker *worker, enum verify_worker_counter counter, uint64_t by)
{
	counter_add(&worker->counters[counter], by);
}

static void
flush_staged(struct verify_worker *worker)
{
	struct rte_ring *ring = worker->scan->frames[worker->index];
	const unsigned int taken = rte_ring_sp_enqueue_burst(
		ring, (void **)worker->staged, worker->staged_count, NULL);

	if (taken < worker->staged_count) {
		count(worker, VERIFY_WORKER_FRAME_RING_FULL, worker->staged_count - taken);
		rte_pktmbuf_free_bulk(worker->staged + taken, worker->staged_count - taken);
	}
	worker->staged_count = 0;
}

/* The engine's segments become frames for the I/O worker. One that cannot is lost as on a network: TCP sends it again. */
static void
emit(void *context, const struct segment *segment)
{
	struct verify_worker *worker = context;
	struct rte_mbuf *buffer = rte_pktmbuf_alloc(worker->pool);

	if (buffer == NULL) {
		count(worker, VERIFY_WORKER_NO_MBUF, 1);
		return;
	}
	uint8_t *frame = (uint8_t *)rte_pktmbuf_append(buffer, FRAME_SIZE_MAXIMUM);
	const size_t length =
		frame_build_segment(&worker->scan->link, segment, worker->identification++, frame);
	rte_pktmbuf_trim(buffer, (uint16_t)(FRAME_SIZE_MAXIMUM - length));
	worker->staged[worker->staged_count++] = buffer;
	if (worker->staged_count == SCAN_BURST)
		flush_staged(worker);
}

void
verify_worker_settings(const struct scan_config *config, struct verify_settings *settings_out)
{
	const uint32_t workers = config->cores.verify_count;

	*settings_out = (struct verify_settings){
		.remote_port = config->scan.port,
		.attempts = config->verify.attempts,
		.max_connections = (config->verify.max_connections + workers - 1) / workers,
		.park_capacity = SCAN_PARK_CAPACITY,
		.connect_timeout_ns = config->verify.timeouts.connect_ns,
		.retry_delay_ns = RETRY_DELAY_NS,
	};
}

int
verify_worker_init(struct verify_worker *worker, struct scan *scan, uint16_t index,
	void *protocol_context, struct fault *fault)
{
	const struct config_nic *nic = &scan->config->nic;
	struct verify_settings settings;

	verify_worker_settings(scan->config, &settings);
	settings.protocol = scan->protocol;
	settings.protocol_context = protocol_context;
	settings.cookie = &scan->cookie;
	settings.key = scan->key;
	settings.wall_offset_us = scan->wall_offset_us;
	settings.emit = emit;
	settings.context = worker;
	worker->scan = scan;
	worker->index = index;
	worker->pool = scan->port.queues[scan_sender(scan, index)].pool;
	worker->parser = (struct frame_parser){ nic->source_addresses, nic->source_addresses_count,
		nic->vlan };
	worker->idle.is_shared = environment_is_shared(&scan->cpus, scan->cpus.verify_cpus[index]);
	atomic_store(&worker->published.oldest_hit_ns, UINT64_MAX);
	worker->engine = verify_engine_create(&settings, clock_now_ns());
	if (worker->engine == NULL)
		return fault_set(fault, ERROR_MEMORY,
			"verify.max_connections: no memory for %u connections of verify worker %u; lower it",
			settings.max_connections, index);
	return 0;
}

void
verify_worker_clear(struct verify_worker *worker)
{
	verify_engine_destroy(worker->engine);
	worker->engine = NULL;
}

/* The I/O worker has parsed the frame already; to parse it again costs less than to carry the result along. */
static void
input_frame(struct verify_worker *worker, const struct rte_mbuf *buffer, uint64_t now_ns)
{
	struct parsed_frame parsed;

	switch (frame_parse(&worker->parser, rte_pktmbuf_mtod(buffer, const uint8_t *),
		rte_pktmbuf_data_len(buffer), &parsed)) {
	case FRAME_TCP:
		verify_engine_input(worker->engine, &parsed.segment, now_ns);
		break;
	case FRAME_ICMP_ERROR:
		verify_engine_icmp(worker->engine, &parsed.icmp_error, now_ns);
		break;
	case FRAME_ICMP_ECHO:
	case FRAME_ARP:
	case FRAME_OTHER_PROTOCOL:
	case FRAME_OTHER_ADDRESS:
	case FRAME_FRAGMENT:
	case FRAME_MALFORMED:
	case FRAME_BAD_CHECKSUM:
		break;
	}
}

static unsigned int
take_input(struct verify_worker *worker, uint64_t now_ns)
{
	struct rte_mbuf *buffers[INPUT_BURST];
	unsigned int total = 0;

	for (uint16_t io = 0; io < worker->scan->io_count; io++) {
		const unsigned int taken =
			rte_ring_sc_dequeue_burst(worker->scan->segments[io][worker->index],
				(void **)buffers, INPUT_BURST, NULL);

		for (unsigned int i = 0; i < taken; i++)
			input_frame(worker, buffers[i], now_ns);
		rte_pktmbuf_free_bulk(buffers, taken);
		total += taken;
	}
	return total;
}

/* Records go to the writer as it has room; what waits holds up new hits, and so at last the SYNs. */
static unsigned int
hand_out_records(struct verify_worker *worker)
{
	struct rte_ring *ring = worker->scan->records[worker->index];
	unsigned int handed = 0;

	while (rte_ring_free_count(ring) > 0) {
		struct verify_record *record = verify_engine_take_record(worker->engine);
		if (record == NULL)
			break;
		(void)rte_ring_sp_enqueue(ring, record);
		handed++;
	}
	return handed;
}

static void
publish(struct verify_worker *worker)
{
	struct verify_state state;

	verify_engine_state(worker->engine, &state);
	atomic_store_explicit(&worker->published.parked, state.parked, memory_order_relaxed);
	atomic_store_explicit(&worker->published.sessions, state.sessions, memory_order_relaxed);
	atomic_store_explicit(&worker->published.in_flight,
		state.parked + state.under_verification + state.untaken, memory_order_relaxed);
	atomic_store_explicit(
		&worker->published.responder_bytes, state.responder_bytes, memory_order_relaxed);
	/* Released last: who sees that a hit is settled also sees its record in the ring. */
	atomic_store_explicit(
		&worker->published.oldest_hit_ns, state.oldest_hit_ns, memory_order_release);
	if (verify_engine_error(worker->engine) != 0)
		atomic_store(&worker->error, verify_engine_error(worker->engine));
}

static uint64_t
sleep_limit_ns(const struct verify_worker *worker, uint64_t now_ns)
{
	const uint64_t deadline_ns = verify_engine_deadline_ns(worker->engine);

	if (deadline_ns <= now_ns)
		return 0;
	return deadline_ns - now_ns < SLEEP_MAXIMUM_NS ? deadline_ns - now_ns : SLEEP_MAXIMUM_NS;
}

/* What no peer may stretch: the time until input is looked at again. In CPU time, since others may have the CPU meanwhile. */
static bool
work(struct verify_worker *worker, uint64_t now_ns)
{
	const uint64_t began_ns = clock_thread_ns();
	const bool has_more = verify_engine_work(worker->engine, SESSION_BUDGET, now_ns);
	const uint64_t took_us = (clock_thread_ns() - began_ns) / 1000;

	if (took_us > worker->counters[VERIFY_WORKER_SLOWEST_ROUND_US])
		counter_set(&worker->counters[VERIFY_WORKER_SLOWEST_ROUND_US], took_us);
	return has_more;
}

static void
run_round(struct verify_worker *worker)
{
	const uint64_t now_ns = clock_now_ns();
	unsigned int done = take_input(worker, now_ns);

	if (atomic_load_explicit(&worker->scan->holds, memory_order_relaxed))
		verify_engine_hold(worker->engine);
	done += work(worker, now_ns) ? 1 : 0;
	if (worker->staged_count > 0)
		flush_staged(worker);
	done += hand_out_records(worker);
	publish(worker);
	if (done > 0)
		idle_reset(&worker->idle);
	else
		idle_wait(&worker->idle, sleep_limit_ns(worker, now_ns));
}

/* Peers must not be left with open connections, nor the writer without its records. */
static void
end(struct verify_worker *worker)
{
	struct rte_ring *ring = worker->scan->frames[worker->index];

	while (verify_engine_abandon(worker->engine, SCAN_BURST)) {
		flush_staged(worker);
		while (rte_ring_free_count(ring) < 2 * SCAN_BURST)
			idle_wait(&worker->idle, SLEEP_MAXIMUM_NS);
	}
	if (worker->staged_count > 0)
		flush_staged(worker);
	for (struct verify_state state = { .untaken = 1 }; state.untaken > 0;) {
		(void)hand_out_records(worker);
		verify_engine_state(worker->engine, &state);
		if (state.untaken > 0)
			idle_wait(&worker->idle, SLEEP_MAXIMUM_NS);
	}
}

int
verify_worker_run(void *argument)
{
	struct verify_worker *worker = argument;

	idle_reset(&worker->idle);
	while (!atomic_load_explicit(&worker->scan->ends_verify, memory_order_acquire))
		run_round(worker);
	end(worker);
	atomic_store(&worker->has_ended, true);
	return 0;
}
