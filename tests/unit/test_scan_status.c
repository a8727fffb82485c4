/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "stats/scan_status.h"

#define SECOND 1000000000ULL

static struct scan_status_sample
sample_at(uint64_t seconds, uint64_t probed, uint64_t syn_sent)
{
	return (struct scan_status_sample){ .now_ns = (100 + seconds) * SECOND,
		.planned_probes = 10000,
		.probed = probed,
		.syn_sent = syn_sent,
		.phase = "sending",
		.is_sending = true };
}

static void
assert_line(
	struct scan_status *status, const struct scan_status_sample *sample, const char *expected)
{
	char text[SCAN_STATUS_SIZE];

	scan_status_format(status, sample, text);
	text[strlen(expected) < strlen(text) ? strlen(expected) : strlen(text)] = '\0';
	assert_string_equal(text, expected);
}

static void
from_the_start_to_the_end(void **state)
{
	struct scan_status_sample sample = sample_at(0, 0, 0);
	struct scan_status status;

	scan_status_init(&status, &sample);
	assert_line(&status, &sample,
		"0:00:00   0.0% (sending); send 0pps (0 avg); SYN-ACK 0/s; hits 0, verified 0, "
		"open resolvers 0; alive 0, waiting 0; lost 0");
	sample = sample_at(2, 1000, 1000);
	sample.synack = 300;
	sample.hits = 290;
	sample.verified = 200;
	sample.right = 150;
	sample.sessions = 80;
	sample.parked = 10;
	sample.lost = 1;
	assert_line(&status, &sample,
		"0:00:02  10.0% (0:00:18 left); send 500pps (500 avg); SYN-ACK 150/s; hits 290, verified 200, "
		"open resolvers 150; alive 80, waiting 10; lost 1");
	sample = sample_at(4, 10000, 10000);
	assert_line(&status, &sample, "0:00:04 100.0% (sending); send 4.50kpps (2.50k avg);");
}

/* 90 % were done before: the rest takes as long as this run needs for it, not as if it had done all. */
static void
a_resumed_scan_takes_its_time(void **state)
{
	struct scan_status_sample sample = sample_at(0, 9000, 0);
	struct scan_status status;

	scan_status_init(&status, &sample);
	assert_line(&status, &sample, "0:00:00  90.0% (sending);");
	sample = sample_at(10, 9100, 100);
	assert_line(&status, &sample, "0:00:10  91.0% (0:01:30 left); send 10pps (10 avg);");
}

/* A limit ended the sending: no time is left for what will not be sent. */
static void
a_phase_stands_in_for_the_time(void **state)
{
	struct scan_status_sample sample = sample_at(0, 0, 0);
	struct scan_status status;

	scan_status_init(&status, &sample);
	sample = sample_at(10, 5000, 5000);
	sample.is_sending = false;
	sample.phase = "waiting for late answers";
	assert_line(&status, &sample, "0:00:10  50.0% (waiting for late answers); send 500pps");
}

static void
nothing_planned_and_nothing_moving(void **state)
{
	struct scan_status_sample sample = sample_at(0, 0, 0);
	struct scan_status status;

	sample.planned_probes = 0;
	scan_status_init(&status, &sample);
	assert_line(&status, &sample, "0:00:00 100.0% (sending); send 0pps (0 avg);");
	sample = sample_at(0, 0, 0);
	scan_status_init(&status, &sample);
	sample = sample_at(3600, 0, 0);
	assert_line(&status, &sample, "1:00:00   0.0% (sending); send 0pps (0 avg);");
}

static void
the_largest_numbers_fit(void **state)
{
	struct scan_status_sample sample = sample_at(0, 0, 0);
	struct scan_status status;
	char text[SCAN_STATUS_SIZE];

	scan_status_init(&status, &sample);
	sample.now_ns = UINT64_MAX;
	sample.probed = sample.syn_sent = sample.synack = sample.hits = UINT64_MAX;
	sample.verified = sample.right = sample.sessions = sample.parked = UINT64_MAX;
	sample.lost = UINT64_MAX;
	sample.is_sending = false;
	sample.phase = "waiting for late answers";
	scan_status_format(&status, &sample, text);
	assert_non_null(strstr(text, "; lost 18446744073709551615"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_start_to_the_end),
		cmocka_unit_test(a_resumed_scan_takes_its_time),
		cmocka_unit_test(a_phase_stands_in_for_the_time),
		cmocka_unit_test(nothing_planned_and_nothing_moving),
		cmocka_unit_test(the_largest_numbers_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
