/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "base/random.h"
#include "support/dot_bench.h"

/* How a session ends when no proper TLS server is there: the first row of outcomes, and garbage. */

#define LATER_NS (DOT_BENCH_START_NS + 1000000)

static struct dot_bench bench;

/* What the peer does, and how the connection ends after it. */
enum ending { BY_TIME, BY_FIN, BY_RESET, BY_TCP_TIMEOUT, BY_CALLER };

static enum outcome
end_with(bool is_acknowledged, const void *bytes, size_t length, enum ending ending,
	struct observation *seen)
{
	uint8_t hello[2048];
	void *session = dot_bench_open(&bench, 0);

	assert_int_equal(
		dot_protocol.deadline_ns(session), DOT_BENCH_START_NS + DOT_BENCH_CONNECT_NS);
	assert_true(dot_protocol.output(session, hello, sizeof(hello), DOT_BENCH_START_NS) > 100);
	if (is_acknowledged) {
		dot_protocol.acknowledged(session, LATER_NS);
		assert_int_equal(dot_protocol.deadline_ns(session), LATER_NS + DOT_BENCH_TLS_NS);
	}
	dot_protocol.input(session, bytes, length, LATER_NS);
	if (!dot_protocol.is_finished(session)) {
		const uint64_t deadline_ns = dot_protocol.deadline_ns(session);
		dot_protocol.expire(session, deadline_ns - 1);
		assert_false(dot_protocol.is_finished(session));
		if (ending == BY_TIME)
			dot_protocol.expire(session, deadline_ns);
		else if (ending != BY_CALLER)
			dot_protocol.ended(session,
				ending == BY_FIN     ? PROTOCOL_END_FIN
				: ending == BY_RESET ? PROTOCOL_END_RESET
						     : PROTOCOL_END_TIMEOUT,
				LATER_NS);
		assert_int_equal(dot_protocol.is_finished(session), ending != BY_CALLER);
	}
	if (ending != BY_CALLER)
		assert_int_equal(dot_protocol.deadline_ns(session), UINT64_MAX);
	(void)dot_bench_close(session, seen);
	return seen->outcome;
}

static enum outcome
end_plainly(bool is_acknowledged, const void *bytes, size_t length, enum ending ending)
{
	struct observation seen;
	const enum outcome outcome = end_with(is_acknowledged, bytes, length, ending, &seen);

	assert_null(seen.certificate);
	assert_int_equal(seen.dns_count, 0);
	assert_false(seen.tls.has_server_hello);
	observation_clear(&seen);
	return outcome;
}

static void
tells_who_never_took_our_data(void **state)
{
	assert_int_equal(end_plainly(false, "", 0, BY_TIME), OUTCOME_TCP_TIMEOUT);
	assert_int_equal(end_plainly(false, "", 0, BY_TCP_TIMEOUT), OUTCOME_TCP_TIMEOUT);
	assert_int_equal(end_plainly(false, "", 0, BY_RESET), OUTCOME_TCP_RESET);
	assert_int_equal(end_plainly(false, "", 0, BY_FIN), OUTCOME_TLS_CLOSED);
	assert_int_equal(end_plainly(false, "", 0, BY_CALLER), OUTCOME_TCP_TIMEOUT);
}

static void
tells_who_said_nothing(void **state)
{
	assert_int_equal(end_plainly(true, "", 0, BY_TIME), OUTCOME_TLS_SILENT);
	assert_int_equal(end_plainly(true, "", 0, BY_TCP_TIMEOUT), OUTCOME_TLS_SILENT);
	assert_int_equal(end_plainly(true, "", 0, BY_FIN), OUTCOME_TLS_CLOSED);
	assert_int_equal(end_plainly(true, "", 0, BY_RESET), OUTCOME_TLS_RESET);
	assert_int_equal(end_plainly(true, "", 0, BY_CALLER), OUTCOME_TLS_SILENT);
}

static void
tells_who_stopped_within_the_handshake(void **state)
{
	static const uint8_t part[] = { 22, 3, 3, 0, 80, 2, 0 };

	for (size_t length = 1; length <= sizeof(part); length++) {
		assert_int_equal(end_plainly(true, part, length, BY_TIME), OUTCOME_TLS_TIMEOUT);
		assert_int_equal(
			end_plainly(true, part, length, BY_TCP_TIMEOUT), OUTCOME_TLS_TIMEOUT);
		assert_int_equal(end_plainly(true, part, length, BY_FIN), OUTCOME_TLS_ERROR);
		assert_int_equal(end_plainly(true, part, length, BY_RESET), OUTCOME_TLS_ERROR);
	}
}

static void
keeps_the_first_bytes_of_what_is_no_tls(void **state)
{
	static const char http[] =
		"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
	static const uint8_t others[][6] = { { 'S', 'S', 'H', '-', '2', '.' },
		{ 0, 40, 0x12, 0x34, 0x81, 0x80 }, { 22, 2, 0, 0, 5, 1 }, { 22, 3, 9, 0, 5, 1 },
		{ 22, 3, 3, 0, 0, 2 }, { 22, 3, 3, 0xff, 0xff, 2 }, { 23, 3, 3, 0, 5, 1 },
		{ 20, 3, 3, 0, 1, 1 } };
	struct observation seen;

	assert_int_equal(end_with(true, http, sizeof(http) - 1, BY_TIME, &seen), OUTCOME_NOT_TLS);
	assert_int_equal(seen.first_bytes_length, OBSERVATION_FIRST_BYTES);
	assert_memory_equal(seen.first_bytes, http, OBSERVATION_FIRST_BYTES);
	observation_clear(&seen);
	/* A server that speaks first has not waited for our data. */
	assert_int_equal(end_with(false, "220 smtp\r\n", 10, BY_TIME, &seen), OUTCOME_NOT_TLS);
	assert_int_equal(seen.first_bytes_length, 10);
	observation_clear(&seen);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(end_plainly(true, others[i], 6, BY_TIME), OUTCOME_NOT_TLS);
}

static void
names_a_plain_alert(void **state)
{
	static const uint8_t alerts[][7] = { { 21, 3, 1, 0, 2, 2, 40 }, { 21, 3, 3, 0, 2, 2, 70 },
		{ 21, 3, 3, 0, 2, 2, 120 }, { 21, 3, 3, 0, 2, 2, 80 } };
	static const char *const names[] = { "handshake_failure", "protocol_version",
		"no_application_protocol", "internal_error" };

	for (size_t i = 0; i < 4; i++) {
		struct observation seen;
		assert_int_equal(end_with(true, alerts[i], 7, BY_TIME, &seen), OUTCOME_TLS_ALERT);
		assert_string_equal(seen.tls.alert, names[i]);
		assert_int_equal(seen.first_bytes_length, 0);
		observation_clear(&seen);
	}
}

static void
calls_a_broken_handshake_an_error(void **state)
{
	uint8_t hello[90] = { 22, 3, 3, 0, 85, 2, 0, 0, 81, 3, 3 };
	struct observation seen;

	memset(hello + 11, 0xee, sizeof(hello) - 11);
	assert_int_equal(end_with(true, hello, sizeof(hello), BY_TIME, &seen), OUTCOME_TLS_ERROR);
	assert_string_not_equal(seen.error, "");
	observation_clear(&seen);
}

/* Records that look like TLS and never end: bytes are bounded, whatever they are. */
static void
takes_no_endless_handshake(void **state)
{
	struct random_sequence random = { .state = 7 };
	uint8_t record[1005] = { 22, 3, 3, 1000 >> 8, 1000 & 0xff, 2, 0xff, 0xff, 0xff };
	struct observation seen;
	void *session = dot_bench_open(&bench, 0);
	size_t sent = 0;

	dot_protocol.acknowledged(session, LATER_NS);
	while (!dot_protocol.is_finished(session)) {
		for (size_t i = sent == 0 ? 9 : 5; i < sizeof(record); i++)
			record[i] = (uint8_t)random_next(&random);
		dot_protocol.input(session, record, sizeof(record), LATER_NS);
		sent += sizeof(record);
		assert_true(sent <= DOT_HANDSHAKE_BYTES_MAX + sizeof(record));
	}
	(void)dot_bench_close(session, &seen);
	assert_int_equal(seen.outcome, OUTCOME_TLS_ERROR);
	observation_clear(&seen);
}

static void
survives_garbage_of_every_kind(void **state)
{
	const uint64_t seed = 20260101;
	struct random_sequence random = { .state = seed };

	printf("seed %llu\n", (unsigned long long)seed);
	for (unsigned int i = 0; i < 3000; i++) {
		uint8_t bytes[600];
		struct observation seen;
		const size_t length = 1 + random_below(&random, sizeof(bytes));

		for (size_t k = 0; k < length; k++)
			bytes[k] = (uint8_t)random_next(&random);
		if (i % 2 == 0 && length > 5) {
			bytes[0] = i % 4 == 0 ? 22 : 21;
			bytes[1] = 3;
			bytes[2] = 3;
			store_be16(bytes + 3, (uint16_t)(length - 5));
		}
		const enum outcome outcome = end_with(true, bytes, length, BY_TIME, &seen);
		assert_true(outcome == OUTCOME_NOT_TLS || outcome == OUTCOME_TLS_ERROR ||
			    outcome == OUTCOME_TLS_ALERT || outcome == OUTCOME_TLS_TIMEOUT);
		observation_clear(&seen);
	}
}

static int
create_bench(void **state)
{
	dot_bench_init(&bench, NULL);
	return 0;
}

static int
clear_bench(void **state)
{
	dot_bench_clear(&bench);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_who_never_took_our_data),
		cmocka_unit_test(tells_who_said_nothing),
		cmocka_unit_test(tells_who_stopped_within_the_handshake),
		cmocka_unit_test(keeps_the_first_bytes_of_what_is_no_tls),
		cmocka_unit_test(names_a_plain_alert),
		cmocka_unit_test(calls_a_broken_handshake_an_error),
		cmocka_unit_test(takes_no_endless_handshake),
		cmocka_unit_test(survives_garbage_of_every_kind),
	};

	return cmocka_run_group_tests(tests, create_bench, clear_bench);
}
