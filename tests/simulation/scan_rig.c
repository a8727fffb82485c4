/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "packet/wire_headers.h"
#include "simulation/scan_rig.h"

#define PEER_START 0xfffffff0U /* wraps soon */

static void
emit(void *context, const struct segment *segment)
{
	struct scan_rig *rig = context;

	assert_true(rig->sent_count < SCAN_RIG_SENT);
	rig->sent[rig->sent_count] = *segment;
	rig->sent[rig->sent_count++].payload = NULL;
}

struct scan_rig *
scan_rig_create(const struct scan_rig_settings *settings)
{
	static const uint64_t secret[4] = { 3, 1, 0x4159265358979323ULL, 8 };
	struct scan_rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	syn_cookie_init(&rig->cookie, secret, 32768, 16384);
	rig->script.timeout_ns = settings->timeout_ns;
	rig->max_connections = settings->max_connections;
	rig->now_ns = 100 * SCAN_RIG_SECOND_NS;
	const struct verify_settings engine = {
		.protocol = &scan_script_protocol,
		.protocol_context = &rig->script,
		.cookie = &rig->cookie,
		.key = { 11, 12 },
		.remote_port = SCAN_RIG_PORT,
		.attempts = settings->attempts,
		.max_connections = settings->max_connections,
		.park_capacity = settings->park_capacity,
		.connect_timeout_ns = 3 * SCAN_RIG_SECOND_NS,
		.retry_delay_ns = SCAN_RIG_SECOND_NS / 2,
		.wall_offset_us = 1000000,
		.emit = emit,
		.context = rig,
	};
	rig->engine = verify_engine_create(&engine, rig->now_ns);
	assert_non_null(rig->engine);
	return rig;
}

void
scan_rig_destroy(struct scan_rig *rig)
{
	verify_engine_destroy(rig->engine);
	assert_int_equal(rig->script.alive, 0);
	free(rig);
}

struct verify_state
scan_rig_state(const struct scan_rig *rig)
{
	struct verify_state state;

	verify_engine_state(rig->engine, &state);
	return state;
}

uint64_t
scan_rig_counter(const struct scan_rig *rig, enum verify_counter counter)
{
	return verify_engine_counter(rig->engine, counter);
}

/* Hits = records + in flight, at every step. */
static void
check_books(const struct scan_rig *rig)
{
	const struct verify_state state = scan_rig_state(rig);

	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS),
		scan_rig_counter(rig, VERIFY_RECORDS) + state.parked + state.under_verification +
			state.untaken);
	assert_int_equal(state.sessions, rig->script.alive);
	assert_true(rig->script.alive_maximum <= rig->max_connections);
	assert_int_equal(verify_engine_error(rig->engine), 0);
}

static void
input(struct scan_rig *rig, const struct scan_rig_peer *peer, uint8_t flags, const void *payload,
	size_t length)
{
	const struct segment segment = {
		.local_address = SCAN_RIG_OUR_ADDRESS,
		.remote_address = peer->address,
		.local_port = peer->port,
		.remote_port = SCAN_RIG_PORT,
		.sequence = peer->next,
		.acknowledgment = peer->acknowledgment,
		.window = 64000,
		.mss = (flags & TCP_SYN) != 0 ? 1400 : 0,
		.flags = flags,
		.ttl = 57,
		.payload = payload,
		.payload_length = (uint16_t)length,
	};

	verify_engine_input(rig->engine, &segment, rig->now_ns);
	check_books(rig);
}

void
scan_rig_segment(struct scan_rig *rig, struct scan_rig_peer *peer, uint8_t flags,
	const void *payload, size_t length)
{
	input(rig, peer, flags, payload, length);
	peer->next += (uint32_t)length + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
}

struct scan_rig_peer
scan_rig_hit(struct scan_rig *rig, uint32_t address, uint64_t age_ns)
{
	struct scan_rig_peer peer = {
		.address = address,
		.port = syn_cookie_port(&rig->cookie, address, rig->now_ns - age_ns),
		.next = PEER_START,
	};

	peer.acknowledgment = 1 + (uint32_t)syn_cookie_hash(
					  &rig->cookie, address, SCAN_RIG_OUR_ADDRESS, peer.port);
	scan_rig_segment(rig, &peer, TCP_SYN | TCP_ACK, NULL, 0);
	return peer;
}

void
scan_rig_reply(
	struct scan_rig *rig, struct scan_rig_peer *peer, enum outcome outcome, uint8_t hints)
{
	const uint8_t reply[SCAN_SCRIPT_REPLY] = { (uint8_t)outcome, hints };

	peer->acknowledgment += SCAN_SCRIPT_REQUEST;
	scan_rig_segment(rig, peer, TCP_ACK | TCP_PSH, reply, sizeof(reply));
	scan_rig_work(rig);
}

void
scan_rig_work(struct scan_rig *rig)
{
	int rounds = 0;

	while (verify_engine_work(rig->engine, 3, rig->now_ns)) {
		check_books(rig);
		assert_true(++rounds < 100000);
	}
	check_books(rig);
}

void
scan_rig_wait(struct scan_rig *rig, uint64_t span_ns)
{
	const uint64_t end_ns = rig->now_ns + span_ns;

	scan_rig_work(rig);
	for (;;) {
		const uint64_t next_ns = verify_engine_deadline_ns(rig->engine);

		if (next_ns >= end_ns)
			break;
		/* The deadline may come early; then it is asked for again a little later. */
		rig->now_ns = next_ns > rig->now_ns ? next_ns : rig->now_ns + 1000000;
		scan_rig_work(rig);
	}
	rig->now_ns = rig->now_ns > end_ns ? rig->now_ns : end_ns;
	scan_rig_work(rig);
}

size_t
scan_rig_count_sent(const struct scan_rig *rig, uint32_t address, uint8_t flags)
{
	size_t count = 0;

	for (size_t i = 0; i < rig->sent_count; i++)
		if (rig->sent[i].remote_address == address && rig->sent[i].flags == flags)
			count++;
	return count;
}

struct scan_rig_peer
scan_rig_accept(struct scan_rig *rig, uint32_t address)
{
	const struct segment *syn = NULL;

	for (size_t i = 0; i < rig->sent_count; i++)
		if (rig->sent[i].remote_address == address && rig->sent[i].flags == TCP_SYN)
			syn = &rig->sent[i];
	assert_non_null(syn);
	struct scan_rig_peer peer = {
		.address = address,
		.port = syn->local_port,
		.next = PEER_START,
		.acknowledgment = syn->sequence + 1,
	};
	scan_rig_segment(rig, &peer, TCP_SYN | TCP_ACK, NULL, 0);
	scan_rig_work(rig);
	return peer;
}

struct observation
scan_rig_record(struct scan_rig *rig, uint32_t address)
{
	struct verify_record *record = verify_engine_take_record(rig->engine);

	assert_non_null(record);
	/* The scripted protocol allocates nothing in it. */
	const struct observation observation = record->observation;
	verify_record_free(record);
	assert_int_equal(observation.address, address);
	assert_int_equal(observation.port, SCAN_RIG_PORT);
	check_books(rig);
	return observation;
}
