/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_cases.h"
#include "dns_world/world_fixture.h"
#include "trace/trace.h"

/* Whatever the servers of a zone do, a run ends within its bounds: all of the world's zones, in virtual time. */
#define MS           1000000ULL
#define QUERIES_MAX  1000 /* a name in a zone with two servers takes about 25 */
#define ADVANCES_MAX 400  /* how often the walk is done again: no more than messages and timeouts */
#define HEAP_MAX     12000000 /* what is kept of the replies, and what is on its way */
#define SECONDS_MAX  20

/* The name that all cases are asked for here, of one type that they all have a say about. */
static void
run_case(const char *label, uint16_t type, struct world_run_cost *worst)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("x.", label, type, &cost);
	const struct inquiry_sums sums = inquiry_sum(&trace->inquiry);
	print_message("%-16s type %2u: %3u queries, %3u advances, %7zu octets of heap, %4.1f s\n",
		label, type, sums.queries, cost.advances, cost.heap_bytes,
		(double)cost.duration_ns / 1e9);
	assert_in_range(sums.queries, 1, QUERIES_MAX);
	assert_in_range(cost.advances, 1, ADVANCES_MAX);
	assert_in_range(cost.heap_bytes, 1, HEAP_MAX);
	assert_in_range(cost.duration_ns, 1, SECONDS_MAX * 1000 * MS);
	if (cost.heap_bytes > worst->heap_bytes)
		worst->heap_bytes = cost.heap_bytes;
	if (cost.advances > worst->advances)
		worst->advances = cost.advances;
	if (cost.duration_ns > worst->duration_ns)
		worst->duration_ns = cost.duration_ns;
	trace_destroy(trace);
}

static void
ends_within_bounds_whatever_servers_do(void **state)
{
	static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_NS, DNS_TYPE_TXT };
	struct world_run_cost worst = { .advances = 0 };

	for (size_t i = 0; i < world_case_count; i++) {
		for (size_t j = 0; j < 3; j++)
			run_case(world_cases[i].label, types[j], &worst);
	}
	print_message("worst: %u advances, %zu octets of heap, %.1f s\n", worst.advances,
		worst.heap_bytes, (double)worst.duration_ns / 1e9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_within_bounds_whatever_servers_do),
	};

	return cmocka_run_group_tests(tests, world_fixture_set_up, world_fixture_tear_down);
}
