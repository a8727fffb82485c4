/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/scan_rig.h"
#include "tcp/tcp_worker.h"

#define HOST           0xc6120001U
#define SECOND_NS      SCAN_RIG_SECOND_NS
#define MILLISECOND_NS 1000000ULL

/* What one worker lets wait for the writer before it takes up no more hits. */
#define UNTAKEN_BOUND 4200

static struct scan_rig *
rig_with(unsigned int attempts, uint32_t max_connections, uint32_t park_capacity)
{
	const struct scan_rig_settings settings = { attempts, max_connections, park_capacity,
		5 * SECOND_NS };

	return scan_rig_create(&settings);
}

/* Nothing is left of connections: pools are full, no session lives. */
static void
assert_idle(const struct scan_rig *rig)
{
	const struct tcp_worker *tcp = verify_engine_tcp(rig->engine);

	assert_int_equal(tcp->send.free_count, tcp->send.count);
	assert_int_equal(tcp->receive.chunks.free_count, tcp->receive.chunks.count);
	assert_int_equal(rig->script.alive, 0);
	assert_true(verify_engine_deadline_ns(rig->engine) == UINT64_MAX);
}

static void
test_hit_connection_record(void **state)
{
	struct scan_rig *rig = rig_with(2, 4, 16);
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 20 * MILLISECOND_NS);

	assert_int_equal(scan_rig_state(rig).parked, 1);
	assert_int_equal(rig->sent_count, 0);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_state(rig).parked, 0);
	assert_int_equal(scan_rig_state(rig).sessions, 1);
	/* The first segment carries ACK and request together: no SYN, no bare ACK. */
	assert_int_equal(rig->sent_count, 1);
	assert_int_equal(rig->sent[0].payload_length, SCAN_SCRIPT_REQUEST);
	assert_int_equal(rig->sent[0].sequence, peer.acknowledgment);
	assert_int_equal(rig->sent[0].acknowledgment, peer.next);
	assert_true((rig->sent[0].flags & TCP_ACK) != 0);
	rig->now_ns += 30 * MILLISECOND_NS;
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_RIGHT, 0);
	const struct observation record = scan_rig_record(rig, HOST);
	assert_int_equal(record.outcome, OUTCOME_ANSWER_RIGHT);
	assert_int_equal(record.attempts, 1);
	assert_int_equal(record.syn.ttl, 57);
	assert_int_equal(record.syn.mss, 1400);
	assert_int_equal(record.syn.window, 64000);
	/* Ports are slots of 2^18 ns. */
	assert_in_range(record.syn.rtt_us, 20000 - 263, 20000 + 263);
	assert_int_equal(record.timing.tcp_us, record.syn.rtt_us);
	assert_int_equal(record.timing.total_us, record.syn.rtt_us + 30000);
	assert_int_equal(record.timestamp_us, (int64_t)(rig->now_ns / 1000) + 1000000);
	assert_null(verify_engine_take_record(rig->engine));
	scan_rig_wait(rig, 20 * SECOND_NS);
	assert_idle(rig);
	scan_rig_destroy(rig);
}

static void
test_target_is_told(void **state)
{
	struct scan_rig *rig = rig_with(1, 4, 16);

	(void)scan_rig_hit(rig, HOST, 0);
	scan_rig_work(rig);
	assert_int_equal(rig->script.last_target.address, HOST);
	assert_int_equal(rig->script.last_target.port, SCAN_RIG_PORT);
	assert_int_equal(rig->script.last_target.attempt, 1);
	assert_int_equal(rig->script.last_target.hints, 0);
	assert_int_equal(rig->script.last_target.wall_us, (int64_t)(rig->now_ns / 1000) + 1000000);
	const uint64_t salt = rig->script.last_target.salt;
	(void)scan_rig_hit(rig, HOST + 1, 0);
	scan_rig_work(rig);
	assert_true(salt != rig->script.last_target.salt);
	scan_rig_destroy(rig);
}

static void
test_duplicates_in_every_state(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 0);

	/* Parked: the server repeats itself, and a further probe is answered from another port. */
	(void)scan_rig_hit(rig, HOST, 0);
	(void)scan_rig_hit(rig, HOST, 900 * MILLISECOND_NS);
	assert_int_equal(scan_rig_counter(rig, VERIFY_DUPLICATES), 2);
	scan_rig_work(rig);
	assert_int_equal(rig->script.opened, 1);
	/* Live: its own SYN-ACK again is for TCP, which acknowledges; the other probe's gets no RST yet. */
	(void)scan_rig_hit(rig, HOST, 0);
	(void)scan_rig_hit(rig, HOST, 900 * MILLISECOND_NS);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_counter(rig, VERIFY_DUPLICATES), 3);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_RST), 0);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_ACK), 1);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_WRONG, 0);
	scan_rig_wait(rig, 20 * SECOND_NS);
	/* Settled: refused, by its own number, and no new hit. */
	rig->sent_count = 0;
	const struct scan_rig_peer late = scan_rig_hit(rig, HOST, 900 * MILLISECOND_NS);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_RST), 1);
	assert_int_equal(rig->sent[0].sequence, late.acknowledgment);
	assert_int_equal(rig->sent[0].local_port, late.port);
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_DUPLICATES), 4);
	assert_int_equal(scan_rig_record(rig, HOST).outcome, OUTCOME_ANSWER_WRONG);
	scan_rig_destroy(rig);
}

static void
test_settled_by_an_earlier_run(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);

	assert_int_equal(verify_engine_settle(rig->engine, HOST), 0);
	(void)scan_rig_hit(rig, HOST, 0);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 0);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_RST), 1);
	assert_int_equal(rig->script.opened, 0);
	scan_rig_destroy(rig);
}

static void
test_strays(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);
	struct scan_rig_peer peer = { HOST, 40000, 77, 4242 };

	scan_rig_segment(rig, &peer, TCP_ACK, "x", 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_STRAY), 1);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_RST), 1);
	assert_int_equal(rig->sent[0].sequence, 4242);
	/* A RST is never answered by one. */
	scan_rig_segment(rig, &peer, TCP_RST, NULL, 0);
	scan_rig_segment(rig, &peer, TCP_RST | TCP_ACK, NULL, 0);
	scan_rig_segment(rig, &peer, TCP_RST | TCP_SYN | TCP_ACK, NULL, 0);
	assert_int_equal(scan_rig_counter(rig, VERIFY_STRAY_RST), 3);
	assert_int_equal(rig->sent_count, 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_RESETS_SENT), 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 0);
	scan_rig_destroy(rig);
}

/* RFC 5927: an error about a connection never ends it; one about no connection is nobody's. */
static void
test_icmp_errors_are_soft(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 0);

	scan_rig_work(rig);
	struct icmp_error error = {
		.type = 3,
		.code = 1,
		.local_address = SCAN_RIG_OUR_ADDRESS,
		.remote_address = HOST,
		.local_port = peer.port,
		.remote_port = SCAN_RIG_PORT,
		.sequence = peer.acknowledgment,
	};
	verify_engine_icmp(rig->engine, &error, rig->now_ns);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_state(rig).sessions, 1);
	const struct tcp_worker *tcp = verify_engine_tcp(rig->engine);
	assert_int_equal(tcp_counters_get(&tcp->counters, TCP_COUNTER_ICMP_SOFT), 1);
	error.remote_address = HOST + 1;
	verify_engine_icmp(rig->engine, &error, rig->now_ns);
	assert_int_equal(tcp_counters_get(&tcp->counters, TCP_COUNTER_ICMP_SOFT), 1);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_RIGHT, 0);
	assert_int_equal(scan_rig_record(rig, HOST).outcome, OUTCOME_ANSWER_RIGHT);
	scan_rig_destroy(rig);
}

static void
test_park_full_is_no_hit(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 4);

	for (uint32_t i = 0; i < 6; i++)
		(void)scan_rig_hit(rig, HOST + i, 0);
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 4);
	assert_int_equal(scan_rig_counter(rig, VERIFY_PARK_FULL), 2);
	scan_rig_work(rig);
	/* Its retransmission is the next chance. */
	(void)scan_rig_hit(rig, HOST + 5, SECOND_NS);
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 5);
	assert_int_equal(scan_rig_counter(rig, VERIFY_DUPLICATES), 0);
	/* All silent: each becomes a record, one after the other. */
	scan_rig_wait(rig, 60 * SECOND_NS);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(scan_rig_record(rig, HOST + i).outcome, OUTCOME_TCP_TIMEOUT);
	assert_int_equal(scan_rig_record(rig, HOST + 5).outcome, OUTCOME_TCP_TIMEOUT);
	assert_int_equal(rig->script.alive_maximum, 1);
	assert_idle(rig);
	scan_rig_destroy(rig);
}

static void
test_stale_hits_are_connected_anew(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);

	for (uint32_t i = 0; i < 5; i++)
		(void)scan_rig_hit(rig, HOST + i, 0);
	/* Each keeps the only session for its 5 s, and a little more: the last one has waited too long by then. */
	scan_rig_wait(rig, 20 * SECOND_NS + SECOND_NS / 2);
	assert_int_equal(scan_rig_counter(rig, VERIFY_STALE), 1);
	assert_int_equal(scan_rig_count_sent(rig, HOST + 4, TCP_SYN), 1);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(scan_rig_count_sent(rig, HOST + i, TCP_SYN), 0);
		assert_int_equal(scan_rig_record(rig, HOST + i).attempts, 1);
	}
	struct scan_rig_peer peer = scan_rig_accept(rig, HOST + 4);
	const uint32_t sequence =
		(uint32_t)syn_cookie_hash(&rig->cookie, HOST + 4, SCAN_RIG_OUR_ADDRESS, peer.port);
	assert_int_equal(peer.acknowledgment, sequence + SYN_COOKIE_CONNECT_OFFSET + 1);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_RIGHT, 0);
	const struct observation record = scan_rig_record(rig, HOST + 4);
	assert_int_equal(record.outcome, OUTCOME_ANSWER_RIGHT);
	assert_int_equal(record.attempts, 1);
	scan_rig_destroy(rig);
}

static void
test_sessions_never_exceed_the_limit(void **state)
{
	enum { HITS = 2000, LIMIT = 7 };
	struct scan_rig *rig = rig_with(1, LIMIT, 2048);
	static struct scan_rig_peer peers[HITS];

	for (uint32_t i = 0; i < HITS; i++) {
		peers[i] = scan_rig_hit(rig, HOST + i, 0);
		if (i % 50 == 0)
			scan_rig_work(rig);
	}
	/* In the order they came; every fourth stays silent and keeps its place until its time is over. */
	for (uint32_t i = 0; i < HITS; i++) {
		if (i % 4 != 3)
			scan_rig_reply(rig, &peers[i], OUTCOME_DNS_REFUSED, 0);
		else if (i % 8 == 7)
			scan_rig_wait(rig, 11 * MILLISECOND_NS);
		else
			scan_rig_segment(rig, &peers[i], TCP_RST | TCP_ACK, NULL, 0);
		rig->sent_count = 0;
		if (scan_rig_state(rig).under_verification == LIMIT && i % 4 == 3)
			scan_rig_wait(rig, 6 * SECOND_NS);
	}
	for (int i = 0; i < 4000 && scan_rig_state(rig).untaken < HITS; i++) {
		scan_rig_wait(rig, 6 * SECOND_NS);
		rig->sent_count = 0;
	}
	assert_int_equal(rig->script.alive_maximum, LIMIT);
	for (uint32_t i = 0; i < HITS; i++)
		verify_record_free(verify_engine_take_record(rig->engine));
	assert_int_equal(scan_rig_counter(rig, VERIFY_RECORDS), HITS);
	scan_rig_wait(rig, 30 * SECOND_NS);
	assert_idle(rig);
	scan_rig_destroy(rig);
}

/* Peers that are slow to close must not hold up hits: the oldest such connection is reset. */
static void
test_lingering_is_cut_short(void **state)
{
	enum { HITS = 60 };
	struct scan_rig *rig = rig_with(1, 1, 64);

	for (uint32_t i = 0; i < HITS; i++) {
		struct scan_rig_peer peer = scan_rig_hit(rig, HOST + i, 0);

		scan_rig_work(rig);
		scan_rig_reply(rig, &peer, OUTCOME_DNS_REFUSED, 0);
		assert_int_equal(scan_rig_record(rig, HOST + i).outcome, OUTCOME_DNS_REFUSED);
	}
	const uint64_t cut = scan_rig_counter(rig, VERIFY_LINGER_CUT);
	assert_in_range(cut, 1, HITS - 1);
	/* The first ones, in their order, and no other yet. */
	for (uint32_t i = 0; i < HITS; i++)
		assert_int_equal(scan_rig_count_sent(rig, HOST + i, TCP_RST) +
					 scan_rig_count_sent(rig, HOST + i, TCP_RST | TCP_ACK),
			i < cut ? 1 : 0);
	scan_rig_wait(rig, 20 * SECOND_NS);
	assert_idle(rig);
	scan_rig_destroy(rig);
}

/* However long the queue for a turn: everybody's data is acknowledged in the round it came. */
static void
test_who_waits_for_a_turn_is_acknowledged(void **state)
{
	const uint8_t half[1] = { OUTCOME_ANSWER_RIGHT };
	struct scan_rig *rig = rig_with(1, 16, 16);
	struct scan_rig_peer peers[10];

	for (uint32_t i = 0; i < 10; i++)
		peers[i] = scan_rig_hit(rig, HOST + i, 0);
	scan_rig_work(rig);
	rig->sent_count = 0;
	for (uint32_t i = 0; i < 10; i++) {
		peers[i].acknowledgment += SCAN_SCRIPT_REQUEST;
		scan_rig_segment(rig, &peers[i], TCP_ACK | TCP_PSH, half, sizeof(half));
	}
	assert_true(verify_engine_work(rig->engine, 1, rig->now_ns));
	assert_int_equal(rig->script.acknowledged, 1);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(scan_rig_count_sent(rig, HOST + i, TCP_ACK), 1);
	/* And not again, when their turn comes. */
	scan_rig_work(rig);
	assert_int_equal(rig->script.acknowledged, 10);
	assert_int_equal(rig->sent_count, 10);
	scan_rig_destroy(rig);
}

static void
test_oldest_hit(void **state)
{
	struct scan_rig *rig = rig_with(1, 1, 16);

	assert_true(scan_rig_state(rig).oldest_hit_ns == UINT64_MAX);
	const uint64_t first_ns = rig->now_ns;
	struct scan_rig_peer first = scan_rig_hit(rig, HOST, 0);
	assert_true(scan_rig_state(rig).oldest_hit_ns == first_ns);
	scan_rig_work(rig);
	rig->now_ns += MILLISECOND_NS;
	const uint64_t second_ns = rig->now_ns;
	struct scan_rig_peer second = scan_rig_hit(rig, HOST + 1, 0);
	/* Under verification counts from its arrival; the parked one is younger. */
	assert_true(scan_rig_state(rig).oldest_hit_ns == first_ns);
	scan_rig_reply(rig, &first, OUTCOME_ANSWER_RIGHT, 0);
	/* Finished, but nobody has its record yet. */
	assert_true(scan_rig_state(rig).oldest_hit_ns == first_ns);
	(void)scan_rig_record(rig, HOST);
	assert_true(scan_rig_state(rig).oldest_hit_ns == second_ns);
	scan_rig_reply(rig, &second, OUTCOME_ANSWER_RIGHT, 0);
	(void)scan_rig_record(rig, HOST + 1);
	/* A duplicate of a settled address is nothing that is owed a record. */
	(void)scan_rig_hit(rig, HOST, 900 * MILLISECOND_NS);
	assert_true(scan_rig_state(rig).oldest_hit_ns == UINT64_MAX);
	scan_rig_destroy(rig);
}

/* A writer that stands still stops new hits, and so bounds the records that wait in memory. */
static void
test_untaken_records_hold_up_hits(void **state)
{
	struct scan_rig *rig = rig_with(1, 64, 8192);
	uint32_t hits = 0;

	for (; hits < 8000; hits++) {
		struct scan_rig_peer peer = scan_rig_hit(rig, HOST + hits, 0);

		scan_rig_work(rig);
		if (scan_rig_state(rig).sessions > 0)
			scan_rig_segment(rig, &peer, TCP_RST | TCP_ACK, NULL, 0);
		scan_rig_work(rig);
		rig->sent_count = 0;
	}
	assert_in_range(scan_rig_state(rig).untaken, 1000, UNTAKEN_BOUND);
	assert_true(scan_rig_state(rig).parked > 3000);
	/* The writer is back: everything goes on. */
	uint32_t records = 0;
	for (int i = 0; i < 20000 && records < hits; i++) {
		struct verify_record *record = verify_engine_take_record(rig->engine);

		records += record != NULL ? 1 : 0;
		verify_record_free(record);
		if (record == NULL)
			scan_rig_wait(rig, 6 * SECOND_NS);
		rig->sent_count = 0;
	}
	assert_int_equal(records, hits);
	scan_rig_destroy(rig);
}

static void
test_bytes_are_planned(void **state)
{
	struct verify_settings settings = { .max_connections = 4096, .park_capacity = 131072 };
	const uint64_t bytes = verify_engine_bytes(&settings);

	assert_true(bytes > 131072 * 32);
	assert_true(bytes < 100ULL * 1024 * 1024);
	settings.max_connections = 256;
	assert_true(verify_engine_bytes(&settings) < bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hit_connection_record),
		cmocka_unit_test(test_target_is_told),
		cmocka_unit_test(test_duplicates_in_every_state),
		cmocka_unit_test(test_settled_by_an_earlier_run),
		cmocka_unit_test(test_strays),
		cmocka_unit_test(test_icmp_errors_are_soft),
		cmocka_unit_test(test_park_full_is_no_hit),
		cmocka_unit_test(test_stale_hits_are_connected_anew),
		cmocka_unit_test(test_sessions_never_exceed_the_limit),
		cmocka_unit_test(test_lingering_is_cut_short),
		cmocka_unit_test(test_who_waits_for_a_turn_is_acknowledged),
		cmocka_unit_test(test_oldest_hit),
		cmocka_unit_test(test_untaken_records_hold_up_hits),
		cmocka_unit_test(test_bytes_are_planned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
