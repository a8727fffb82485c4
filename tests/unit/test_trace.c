/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_cases.h"
#include "dns_world/world_fixture.h"
#include "trace/trace.h"

/* Runs through the world of tests/dns_world in virtual time. */
#define MS 1000000ULL

/* "key@server" of each finding, as the cases name them. */
static void
describe(const struct finding *finding, const char *label, char *text, size_t size)
{
	char server[DNS_NAME_TEXT_BYTES];
	char zone[80];

	dns_name_format(&finding->server, server);
	(void)snprintf(zone, sizeof(zone), ".%s.test.", label);
	const size_t server_length = strlen(server);
	const size_t zone_length = strlen(zone);
	if (server_length > zone_length && strcmp(server + server_length - zone_length, zone) == 0)
		server[server_length - zone_length] = '\0';
	(void)snprintf(text, size, "%s@%s", finding_key(finding->kind), server);
}

/* Whether the word is in the list; where that has "*" for any server of the kind, so has the word afterwards. */
static bool
is_listed(char *word, const char *list)
{
	const size_t key_length = strcspn(word, "@");

	for (const char *at = list; *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
		const size_t item = strcspn(at, " ");
		if (item == key_length + 2 && strncmp(at, word, key_length + 1) == 0 &&
			at[item - 1] == '*')
			memcpy(word + key_length + 1, "*", 2);
		if (item == strlen(word) && strncmp(at, word, item) == 0)
			return true;
	}
	return false;
}

static size_t
words_in(const char *list)
{
	size_t words = 0;

	for (const char *at = list; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		words++;
	return words;
}

static unsigned int
check_case(const struct world_case *wrong, bool is_verbose)
{
	struct trace_settings settings;
	char question[128];
	char name[128];
	char seen[4096] = "";
	struct world_run_cost cost;
	unsigned int faults = 0;
	bool used[FINDINGS_MAX] = { false };
	size_t distinct = 0;

	(void)snprintf(
		question, sizeof(question), "%s", wrong->query == NULL ? "www.%z A" : wrong->query);
	char *type = strchr(question, ' ');
	*type++ = '\0';
	const char *zone = strstr(question, "%z");
	(void)snprintf(
		name, sizeof(name), "%.*s%s.test.", (int)(zone - question), question, wrong->label);
	world_run_settings(&settings, name, strcmp(type, "NS") == 0 ? DNS_TYPE_NS : DNS_TYPE_A);
	struct trace *trace = world_run(world, &settings, &cost);
	for (size_t i = 0; i < trace->findings.count; i++) {
		char word[256];
		describe(&trace->findings.findings[i], wrong->label, word, sizeof(word));
		if (!is_listed(word, wrong->findings))
			faults++;
		for (size_t j = 0; j < i && !used[i]; j++) {
			char other[256];
			describe(&trace->findings.findings[j], wrong->label, other, sizeof(other));
			(void)is_listed(other, wrong->findings);
			used[i] = strcmp(word, other) == 0;
		}
		if (used[i])
			continue;
		distinct++;
		(void)snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s%s",
			i == 0 ? "" : " ", word);
	}
	if (distinct != words_in(wrong->findings) ||
		trace_verdict_exit_code(trace->verdict) != wrong->exit_code ||
		cost.duration_ns > WORLD_RUN_DEADLINE_NS)
		faults++;
	if (faults > 0 || is_verbose)
		print_message(
			"%-18s exit %d (%d), %u queries, %.1f s\n    found:  %s\n    wanted: %s\n",
			wrong->label, trace_verdict_exit_code(trace->verdict), wrong->exit_code,
			inquiry_sum(&trace->inquiry).queries, (double)cost.duration_ns / 1e9, seen,
			wrong->findings);
	trace_destroy(trace);
	return faults;
}

static void
finds_what_is_wrong_and_nothing_else(void **state)
{
	const bool is_verbose = getenv("TRACE_VERBOSE") != NULL;
	unsigned int faults = 0;

	for (size_t i = 0; i < world_case_count; i++)
		faults += check_case(&world_cases[i], is_verbose);
	assert_int_equal(faults, 0);
}

/*
 * Four servers with two addresses each, 120 to 300 ms away: one round trip for the name, of the server that it was asked of, and two of
 * the slowest server for all the rest, since TCP takes two. Before these come one to the zone above and two to the root.
 */
static void
compares_servers_in_few_round_trips(void **state)
{
	const uint64_t slowest_ns = 300 * MS;
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "dual-stack", DNS_TYPE_A, &cost);
	const struct comparison *comparison = trace_last_comparison(trace);
	const struct resolution *resolution = &trace->resolution;
	assert_int_equal(trace->verdict, TRACE_AGREED);
	assert_int_equal(comparison->probe_count, 8);
	for (size_t i = 0; i < 2 * COMPARISON_QUESTIONS * comparison->probe_count; i++) {
		const struct exchange *exchange =
			comparison->probes[i / 6].exchanges[i % 2][i / 2 % COMPARISON_QUESTIONS];
		assert_int_equal(exchange->status, EXCHANGE_REPLIED);
	}
	const uint64_t first_ns =
		world_delay_ns(world, &resolution->steps[resolution->step_count - 1].address);
	assert_int_equal(cost.duration_ns, 30 * MS + first_ns + 2 * slowest_ns);
	print_message("%.2f round trips of the slowest server\n",
		(double)(cost.duration_ns - 30 * MS) / (double)slowest_ns);
	trace_destroy(trace);
}

/* Lies that fit but for where they come from reach no socket of ours; the honest replies behind them do. */
static void
takes_nothing_from_elsewhere(void **state)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run("www.", "spoofed", DNS_TYPE_A, &cost);

	assert_int_equal(trace->verdict, TRACE_AGREED);
	assert_int_equal(trace->findings.count, 0);
	assert_true(cost.strays > 16);
	assert_int_equal(inquiry_sum(&trace->inquiry).ignored, 0);
	trace_destroy(trace);
}

/* With few questions allowed the run ends all the same, and says so. */
static void
ends_at_every_limit(void **state)
{
	struct trace_settings settings;
	struct world_run_cost cost;

	world_run_settings(&settings, "www.good.test.", DNS_TYPE_A);
	for (uint32_t limit = 1; limit < 24; limit++) {
		settings.exchange_limit = limit;
		struct trace *trace = world_run(world, &settings, &cost);
		assert_true(trace->inquiry.count <= limit);
		assert_true(limit >= 4 || trace->verdict == TRACE_NO_AUTHORITY);
		trace_destroy(trace);
	}
	settings.exchange_limit = 0;
	world_run_settings(&settings, "www.one-silent.test.", DNS_TYPE_A);
	settings.deadline_ns = 1000 * MS;
	struct trace *trace = world_run(world, &settings, &cost);
	assert_in_range(cost.duration_ns, 1000 * MS, 1010 * MS);
	assert_int_equal(trace->findings.findings[0].kind, FINDING_GIVEN_UP);
	trace_destroy(trace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_wrong_and_nothing_else),
		cmocka_unit_test(compares_servers_in_few_round_trips),
		cmocka_unit_test(takes_nothing_from_elsewhere),
		cmocka_unit_test(ends_at_every_limit),
	};

	return cmocka_run_group_tests(tests, world_fixture_set_up, world_fixture_tear_down);
}
