/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_fixture.h"
#include "trace/trace.h"

static void
compares_serials_around_their_end(void **state)
{
	static const struct {
		uint32_t a;
		uint32_t b;
		bool is_before;
	} cases[] = {
		{ 1, 2, true },
		{ 2, 1, false },
		{ 7, 7, false },
		{ UINT32_MAX, 1, true },
		{ 1, UINT32_MAX, false },
		{ 0, 0x7fffffff, true },
		{ 0, 0x80000000, false }, /* undefined by RFC 1982: neither is before the other */
		{ 0x80000000, 0, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			agreement_serial_before(cases[i].a, cases[i].b), cases[i].is_before);
}

static const struct finding *
find(const struct trace *trace, enum finding_kind kind)
{
	for (size_t i = 0; i < trace->findings.count; i++) {
		if (trace->findings.findings[i].kind == kind)
			return &trace->findings.findings[i];
	}
	return NULL;
}

static void
reads_each_server_s_serial(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "stale-serial", DNS_TYPE_A, &cost);
	const struct comparison *comparison = trace_last_comparison(trace);
	uint32_t serial = 0;

	assert_int_equal(comparison->probe_count, 2);
	assert_true(agreement_serial(comparison, &comparison->probes[0], &serial));
	assert_int_equal(serial, 2026010101);
	assert_true(agreement_serial(comparison, &comparison->probes[1], &serial));
	assert_int_equal(serial, 2025123101);
	const struct finding *finding = find(trace, FINDING_SERIALS_DIFFER);
	assert_non_null(finding);
	assert_string_equal(finding->detail, "serial 2025123101, the newest is 2026010101");
	assert_true(trace_address_equal(&finding->address, &comparison->probes[1].address));
	trace_destroy(trace);
	trace = world_fixture_run("www.", "lame-refused", DNS_TYPE_A, &cost);
	comparison = trace_last_comparison(trace);
	assert_false(agreement_serial(comparison, &comparison->probes[1], &serial));
	trace_destroy(trace);
}

static void
says_who_differs_and_how(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "answers-differ", DNS_TYPE_A, &cost);
	const struct finding *finding = find(trace, FINDING_ANSWERS_DIFFER);

	assert_non_null(finding);
	assert_string_equal(finding->detail, "A 192.0.2.99; others: A 192.0.2.53");
	trace_destroy(trace);
	trace = world_fixture_run("www.", "tcp-lies", DNS_TYPE_A, &cost);
	finding = find(trace, FINDING_UDP_TCP_DIFFER);
	assert_non_null(finding);
	assert_string_equal(finding->detail, "over TCP: A 192.0.2.52");
	trace_destroy(trace);
}

/* The number of the address's third octet, or the same for all. */
static uint32_t
asn_of(void *context, const struct trace_address *address)
{
	return context == NULL ? address->bytes[2] : *(const uint32_t *)context;
}

static void
tells_that_all_lie_in_one_autonomous_system(void **state)
{
	struct world_run_cost cost;
	struct finding_list findings = { .count = 0 };
	struct trace *trace = world_fixture_run("www.", "good", DNS_TYPE_A, &cost);
	const struct comparison *comparison = trace_last_comparison(trace);
	uint32_t asn = 64500;

	assert_int_equal(agreement_judge(comparison, asn_of, NULL, &findings), 0);
	assert_int_equal(findings.count, 0);
	assert_int_equal(agreement_judge(comparison, asn_of, &asn, &findings), 0);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.findings[0].kind, FINDING_SAME_AS);
	assert_string_equal(findings.findings[0].detail, "AS64500");
	/* An unknown number is none. */
	asn = 0;
	finding_list_clear(&findings);
	assert_int_equal(agreement_judge(comparison, asn_of, &asn, &findings), 0);
	assert_int_equal(findings.count, 0);
	finding_list_clear(&findings);
	trace_destroy(trace);
}

/* A zone of which all servers are lame differs; one whose servers are silent is unknown. */
static void
tells_lame_from_silent(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "all-lame", DNS_TYPE_A, &cost);

	assert_int_equal(trace->verdict, TRACE_DIFFERS);
	assert_true(trace_is_lame(trace));
	trace_destroy(trace);
	trace = world_fixture_run("www.", "all-silent", DNS_TYPE_A, &cost);
	assert_int_equal(trace->verdict, TRACE_NO_AUTHORITY);
	assert_false(trace_is_lame(trace));
	trace_destroy(trace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_serials_around_their_end),
		cmocka_unit_test(reads_each_server_s_serial),
		cmocka_unit_test(says_who_differs_and_how),
		cmocka_unit_test(tells_that_all_lie_in_one_autonomous_system),
		cmocka_unit_test(tells_lame_from_silent),
	};

	return cmocka_run_group_tests(tests, world_fixture_set_up, world_fixture_tear_down);
}
