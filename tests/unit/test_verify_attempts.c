/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/scan_rig.h"

#define HOST           0xc6120001U
#define SECOND_NS      SCAN_RIG_SECOND_NS
#define MILLISECOND_NS 1000000ULL

static struct scan_rig *
rig_with(unsigned int attempts, uint32_t max_connections)
{
	const struct scan_rig_settings settings = { attempts, max_connections, 64, 5 * SECOND_NS };

	return scan_rig_create(&settings);
}

/* A hit whose first connection has got its verdict. */
static void
first_attempt(struct scan_rig *rig, enum outcome outcome, uint8_t hints)
{
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 0);

	scan_rig_work(rig);
	scan_rig_reply(rig, &peer, outcome, hints);
}

static void
test_what_may_improve_is_tried_again(void **state)
{
	struct scan_rig *rig = rig_with(2, 4);

	first_attempt(rig, OUTCOME_DNS_SERVFAIL, 0);
	assert_null(verify_engine_take_record(rig->engine));
	assert_int_equal(scan_rig_state(rig).sessions, 0);
	assert_int_equal(scan_rig_state(rig).under_verification, 1);
	/* The first connection is reset, so that the peer forgets it. */
	assert_true(scan_rig_count_sent(rig, HOST, TCP_RST) +
			    scan_rig_count_sent(rig, HOST, TCP_RST | TCP_ACK) ==
		    1);
	scan_rig_wait(rig, 490 * MILLISECOND_NS);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_SYN), 0);
	scan_rig_wait(rig, 20 * MILLISECOND_NS);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_SYN), 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_RETRIES), 1);
	struct scan_rig_peer peer = scan_rig_accept(rig, HOST);
	assert_int_equal(rig->script.last_target.attempt, 2);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_RIGHT, 0);
	const struct observation record = scan_rig_record(rig, HOST);
	assert_int_equal(record.outcome, OUTCOME_ANSWER_RIGHT);
	assert_int_equal(record.attempts, 2);
	assert_int_equal(record.syn.ttl, 57);
	scan_rig_destroy(rig);
}

static void
test_second_connection_is_another_one(void **state)
{
	struct scan_rig *rig = rig_with(2, 4);
	struct scan_rig_peer first = scan_rig_hit(rig, HOST, 0);

	scan_rig_work(rig);
	const uint64_t salt = rig->script.last_target.salt;
	scan_rig_reply(rig, &first, OUTCOME_DNS_SERVFAIL, 0);
	scan_rig_wait(rig, SECOND_NS);
	const struct scan_rig_peer second = scan_rig_accept(rig, HOST);
	assert_int_not_equal(second.port, first.port);
	assert_true(syn_cookie_owns_port(&rig->cookie, second.port));
	assert_true(salt != rig->script.last_target.salt);
	/* What still comes over the old one is nobody's. */
	const size_t before = scan_rig_count_sent(rig, HOST, TCP_RST);
	scan_rig_segment(rig, &first, TCP_ACK, "late", 4);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_RST), before + 1);
	assert_int_equal(scan_rig_counter(rig, VERIFY_STRAY), 1);
	scan_rig_destroy(rig);
}

static void
test_what_cannot_improve_stands(void **state)
{
	static const enum outcome outcomes[] = { OUTCOME_NOT_TLS, OUTCOME_TLS_ALERT,
		OUTCOME_DNS_REFUSED, OUTCOME_ANSWER_WRONG, OUTCOME_ANSWER_RIGHT };

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		struct scan_rig *rig = rig_with(3, 4);

		first_attempt(rig, outcomes[i], 0);
		const struct observation record = scan_rig_record(rig, HOST);
		assert_int_equal(record.outcome, outcomes[i]);
		assert_int_equal(record.attempts, 1);
		assert_int_equal(scan_rig_counter(rig, VERIFY_RETRIES), 0);
		scan_rig_destroy(rig);
	}
}

static void
test_attempts_end(void **state)
{
	struct scan_rig *rig = rig_with(3, 4);

	first_attempt(rig, OUTCOME_DNS_SERVFAIL, 0);
	for (int attempt = 2; attempt <= 3; attempt++) {
		scan_rig_wait(rig, SECOND_NS);
		struct scan_rig_peer peer = scan_rig_accept(rig, HOST);
		scan_rig_reply(rig, &peer, OUTCOME_DNS_SERVFAIL, 0);
	}
	assert_int_equal(scan_rig_record(rig, HOST).attempts, 3);
	scan_rig_wait(rig, 60 * SECOND_NS);
	assert_int_equal(scan_rig_counter(rig, VERIFY_RETRIES), 2);
	scan_rig_destroy(rig);
}

static void
test_best_of_attempts_wins(void **state)
{
	struct scan_rig *rig = rig_with(2, 4);

	/* The second connection gets less far than the first: never even a SYN-ACK. */
	first_attempt(rig, OUTCOME_DNS_SERVFAIL, 0);
	scan_rig_wait(rig, 30 * SECOND_NS);
	const struct observation record = scan_rig_record(rig, HOST);
	assert_int_equal(record.outcome, OUTCOME_DNS_SERVFAIL);
	assert_int_equal(record.attempts, 2);
	/* Three SYNs in 3 s: at once, after 1 s, and the next would be too late. */
	assert_in_range(scan_rig_count_sent(rig, HOST, TCP_SYN), 2, 3);
	scan_rig_destroy(rig);
}

static void
test_refused_second_connection(void **state)
{
	struct scan_rig *rig = rig_with(2, 4);
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 0);

	scan_rig_work(rig);
	scan_rig_segment(rig, &peer, TCP_RST | TCP_ACK, NULL, 0);
	scan_rig_work(rig);
	scan_rig_wait(rig, SECOND_NS);
	/* The outcome of both is the same; the record says two attempts. */
	const struct segment *syn = &rig->sent[rig->sent_count - 1];
	assert_int_equal(syn->flags, TCP_SYN);
	struct scan_rig_peer refusal = { HOST, syn->local_port, 0, syn->sequence + 1 };
	scan_rig_segment(rig, &refusal, TCP_RST | TCP_ACK, NULL, 0);
	scan_rig_work(rig);
	const struct observation record = scan_rig_record(rig, HOST);
	assert_int_equal(record.outcome, OUTCOME_TCP_RESET);
	assert_int_equal(record.attempts, 2);
	scan_rig_wait(rig, 20 * SECOND_NS);
	assert_true(verify_engine_deadline_ns(rig->engine) == UINT64_MAX);
	scan_rig_destroy(rig);
}

/* What cannot improve by itself is tried again with what was learnt. */
static void
test_hints_cause_a_retry(void **state)
{
	struct scan_rig *rig = rig_with(2, 4);

	first_attempt(rig, OUTCOME_TLS_ALERT, 5);
	assert_null(verify_engine_take_record(rig->engine));
	scan_rig_wait(rig, SECOND_NS);
	struct scan_rig_peer peer = scan_rig_accept(rig, HOST);
	assert_int_equal(rig->script.last_target.hints, 5);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_UNCHECKED, 5);
	const struct observation record = scan_rig_record(rig, HOST);
	assert_int_equal(record.outcome, OUTCOME_ANSWER_UNCHECKED);
	assert_int_equal(record.attempts, 2);
	scan_rig_destroy(rig);
}

static void
test_one_attempt_is_one(void **state)
{
	struct scan_rig *rig = rig_with(1, 4);

	first_attempt(rig, OUTCOME_DNS_SERVFAIL, 5);
	assert_int_equal(scan_rig_record(rig, HOST).attempts, 1);
	scan_rig_wait(rig, 10 * SECOND_NS);
	assert_int_equal(scan_rig_count_sent(rig, HOST, TCP_SYN), 0);
	scan_rig_destroy(rig);
}

/* A target that waits for its next attempt holds no session, but keeps its place among the connections. */
static void
test_waiting_targets_count_as_connections(void **state)
{
	struct scan_rig *rig = rig_with(2, 1);

	first_attempt(rig, OUTCOME_DNS_SERVFAIL, 0);
	(void)scan_rig_hit(rig, HOST + 1, 0);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_state(rig).parked, 1);
	scan_rig_wait(rig, SECOND_NS);
	struct scan_rig_peer peer = scan_rig_accept(rig, HOST);
	scan_rig_reply(rig, &peer, OUTCOME_ANSWER_RIGHT, 0);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_state(rig).parked, 0);
	assert_int_equal(scan_rig_state(rig).sessions, 1);
	assert_int_equal(rig->script.alive_maximum, 1);
	scan_rig_destroy(rig);
}

static void
test_peer_ends_by_itself(void **state)
{
	struct scan_rig *rig = rig_with(1, 4);
	struct scan_rig_peer closes = scan_rig_hit(rig, HOST, 0);
	struct scan_rig_peer resets = scan_rig_hit(rig, HOST + 1, 0);

	scan_rig_work(rig);
	closes.acknowledgment += SCAN_SCRIPT_REQUEST;
	scan_rig_segment(rig, &closes, TCP_ACK | TCP_FIN, NULL, 0);
	resets.acknowledgment += SCAN_SCRIPT_REQUEST;
	scan_rig_segment(rig, &resets, TCP_ACK, NULL, 0);
	scan_rig_segment(rig, &resets, TCP_RST | TCP_ACK, NULL, 0);
	scan_rig_work(rig);
	assert_int_equal(scan_rig_record(rig, HOST).outcome, OUTCOME_TLS_CLOSED);
	assert_int_equal(scan_rig_record(rig, HOST + 1).outcome, OUTCOME_TLS_RESET);
	assert_int_equal(rig->script.acknowledged, 2);
	scan_rig_destroy(rig);
}

/* Data and FIN in one segment: the verdict counts, not the end. */
static void
test_reply_with_fin(void **state)
{
	const uint8_t reply[SCAN_SCRIPT_REPLY] = { OUTCOME_ANSWER_RIGHT, 0 };
	struct scan_rig *rig = rig_with(1, 4);
	struct scan_rig_peer peer = scan_rig_hit(rig, HOST, 0);

	scan_rig_work(rig);
	peer.acknowledgment += SCAN_SCRIPT_REQUEST;
	scan_rig_segment(rig, &peer, TCP_ACK | TCP_FIN, reply, sizeof(reply));
	scan_rig_work(rig);
	assert_int_equal(scan_rig_record(rig, HOST).outcome, OUTCOME_ANSWER_RIGHT);
	scan_rig_destroy(rig);
}

static void
test_silence_is_a_record(void **state)
{
	struct scan_rig *rig = rig_with(1, 4);
	struct scan_rig_peer acknowledges = scan_rig_hit(rig, HOST + 1, 0);

	(void)scan_rig_hit(rig, HOST, 0);
	scan_rig_work(rig);
	acknowledges.acknowledgment += SCAN_SCRIPT_REQUEST;
	scan_rig_segment(rig, &acknowledges, TCP_ACK, NULL, 0);
	scan_rig_wait(rig, 5 * SECOND_NS - 10 * MILLISECOND_NS);
	assert_null(verify_engine_take_record(rig->engine));
	scan_rig_wait(rig, 20 * MILLISECOND_NS);
	assert_int_equal(scan_rig_state(rig).untaken, 2);
	struct verify_record *record;
	while ((record = verify_engine_take_record(rig->engine)) != NULL) {
		assert_int_equal(record->observation.outcome, record->observation.address == HOST
								      ? OUTCOME_TCP_TIMEOUT
								      : OUTCOME_TLS_SILENT);
		verify_record_free(record);
	}
	scan_rig_destroy(rig);
}

/* An interrupted run: what speaks goes on, nothing new begins, and what is left gets no record. */
static void
test_hold_and_abandon(void **state)
{
	struct scan_rig *rig = rig_with(2, 2);
	struct scan_rig_peer speaks = scan_rig_hit(rig, HOST, 0);
	struct scan_rig_peer retries = scan_rig_hit(rig, HOST + 1, 0);

	(void)scan_rig_hit(rig, HOST + 2, 0);
	scan_rig_work(rig);
	verify_engine_hold(rig->engine);
	scan_rig_reply(rig, &retries, OUTCOME_DNS_SERVFAIL, 0);
	scan_rig_reply(rig, &speaks, OUTCOME_ANSWER_RIGHT, 0);
	(void)scan_rig_record(rig, HOST);
	scan_rig_wait(rig, 60 * SECOND_NS);
	assert_int_equal(rig->script.opened, 2);
	assert_int_equal(scan_rig_count_sent(rig, HOST + 1, TCP_SYN), 0);
	assert_int_equal(scan_rig_state(rig).parked, 1);
	assert_int_equal(scan_rig_state(rig).under_verification, 1);
	assert_false(verify_engine_abandon(rig->engine, 1000));
	assert_int_equal(scan_rig_state(rig).under_verification, 0);
	assert_int_equal(scan_rig_count_sent(rig, HOST + 2, TCP_RST), 1);
	assert_null(verify_engine_take_record(rig->engine));
	/* Two hits of three have no record: what the books then call in flight. */
	assert_int_equal(scan_rig_counter(rig, VERIFY_HITS), 3);
	assert_int_equal(scan_rig_counter(rig, VERIFY_RECORDS), 1);
	assert_true(verify_engine_deadline_ns(rig->engine) == UINT64_MAX);
	scan_rig_destroy(rig);
}

static void
test_abandon_resets_what_is_open(void **state)
{
	struct scan_rig *rig = rig_with(2, 8);

	for (uint32_t i = 0; i < 4; i++)
		(void)scan_rig_hit(rig, HOST + i, 0);
	scan_rig_work(rig);
	assert_int_equal(rig->script.alive, 4);
	assert_false(verify_engine_abandon(rig->engine, 1000));
	assert_int_equal(rig->script.alive, 0);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(scan_rig_count_sent(rig, HOST + i, TCP_RST) +
					 scan_rig_count_sent(rig, HOST + i, TCP_RST | TCP_ACK),
			1);
	assert_false(verify_engine_abandon(rig->engine, 1000));
	scan_rig_destroy(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_may_improve_is_tried_again),
		cmocka_unit_test(test_second_connection_is_another_one),
		cmocka_unit_test(test_what_cannot_improve_stands),
		cmocka_unit_test(test_attempts_end),
		cmocka_unit_test(test_best_of_attempts_wins),
		cmocka_unit_test(test_refused_second_connection),
		cmocka_unit_test(test_hints_cause_a_retry),
		cmocka_unit_test(test_one_attempt_is_one),
		cmocka_unit_test(test_waiting_targets_count_as_connections),
		cmocka_unit_test(test_peer_ends_by_itself),
		cmocka_unit_test(test_reply_with_fin),
		cmocka_unit_test(test_silence_is_a_record),
		cmocka_unit_test(test_hold_and_abandon),
		cmocka_unit_test(test_abandon_resets_what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
