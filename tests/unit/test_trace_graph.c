/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_fixture.h"
#include "trace/root_hints.h"
#include "trace/trace.h"
#include "trace/trace_graph.h"

/* The graph as text, which the caller frees. */
static char *
print(const struct trace *trace)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	assert_non_null(stream);
	trace_graph_print(trace, stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* The line that begins so, behind its tab. */
static bool
line_has(const char *text, const char *begin, const char *part)
{
	const char *line = strstr(text, begin);

	assert_non_null(line);
	const char *found = strstr(line, part);
	return found != NULL && found < line + strcspn(line, "\n");
}

static void
draws_the_walk_and_marks_who_disagrees(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "stale-serial", DNS_TYPE_A, &cost);
	char *text = print(trace);

	assert_memory_equal(text, "digraph trace {\n", 16);
	assert_string_equal(text + strlen(text) - 2, "}\n");
	assert_true(line_has(text, "\t\"zone .\" -> \"zone test.\"", "a.root-servers.net."));
	assert_true(line_has(text, "\t\"zone test.\" -> \"zone stale-serial.test.\"", "referral"));
	assert_true(line_has(text, "\t\"server ns1.stale-serial.test. 185.1.1.1\" [", "palegreen"));
	assert_true(line_has(text, "\t\"server ns2.stale-serial.test. 185.1.2.1\" [", "tomato"));
	assert_true(line_has(text, "\t\"server ns2.stale-serial.test. 185.1.2.1\" [",
		"serial 2025123101\\nserials-differ"));
	free(text);
	trace_destroy(trace);
}

static void
marks_who_does_not_answer(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "one-silent", DNS_TYPE_A, &cost);
	char *text = print(trace);

	assert_non_null(strstr(text, "fillcolor=orange"));
	assert_null(strstr(text, "fillcolor=tomato"));
	free(text);
	trace_destroy(trace);
}

/* Whatever a name holds, it stays between its quotes. */
static void
escapes_names(void **state)
{
	struct trace_settings settings;
	struct world_run_cost cost;
	struct fault fault = { .text = "" };

	world_run_settings(&settings, "www.good.test.", DNS_TYPE_A);
	assert_int_equal(root_hints_parse(". NS a\\\"b.\na\\\"b. A 198.41.9.9\n", "hints",
				 &settings.hints, &fault),
		0);
	struct trace *trace = world_run(world, &settings, &cost);
	char *text = print(trace);
	/* The name's own escape is escaped, and then its quote. */
	assert_non_null(strstr(text, "\t\"server a\\\\\\\"b. 198.41.9.9\" ["));
	free(text);
	trace_destroy(trace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_the_walk_and_marks_who_disagrees),
		cmocka_unit_test(marks_who_does_not_answer),
		cmocka_unit_test(escapes_names),
	};

	return cmocka_run_group_tests(tests, world_fixture_set_up, world_fixture_tear_down);
}
