/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns_world/dns_world.h"
#include "dns_world/world_cases.h"
#include "dot/dns_rdata.h"
#include "trace/answer_variants.h"
#include "trace/name_tree.h"
#include "trace/root_hints.h"
#include "trace/trace.h"

/* Runs through the world of tests/dns_world in virtual time. */
#define MS          1000000ULL
#define PARCELS_MAX 1024
#define DEADLINE_MS 60000

/* A reply on its way. */
struct parcel {
	uint64_t arrives_ns;
	uint32_t exchange;
	uint32_t generation;
	struct world_reply reply;
	bool is_refusal;
};

struct simulation {
	const struct world *world;
	struct trace *trace;
	uint64_t now_ns;
	uint32_t generations[INQUIRY_EXCHANGES_MAX];
	struct parcel parcels[PARCELS_MAX];
	size_t parcel_count;
};

static struct world *world;

static void
add_parcel(struct simulation *simulation, const struct parcel *parcel)
{
	assert_true(simulation->parcel_count < PARCELS_MAX);
	simulation->parcels[simulation->parcel_count++] = *parcel;
}

static void
send_query(struct simulation *simulation, const struct exchange *exchange)
{
	const bool is_tcp = exchange->wish == EXCHANGE_WISHES_TCP;
	const uint64_t delay_ns = world_delay_ns(simulation->world, &exchange->address);
	struct world_reply replies[WORLD_REPLIES_MAX];
	uint8_t query[QUERY_MESSAGE_BYTES];
	/* A connection costs one round trip more. */
	struct parcel parcel = { .arrives_ns = simulation->now_ns + delay_ns * (is_tcp ? 2 : 1),
		.exchange = exchange->index,
		.generation = exchange->generation };

	const size_t length = exchange_query(exchange, query);
	if (is_tcp && delay_ns > 0 && !world_accepts_tcp(simulation->world, &exchange->address)) {
		parcel.is_refusal = true;
		add_parcel(simulation, &parcel);
		return;
	}
	const size_t count =
		world_answer(simulation->world, &exchange->address, is_tcp, query, length, replies);
	for (size_t i = 0; i < count; i++) {
		parcel.reply = replies[i];
		if (replies[i].is_dripped)
			free(replies[i].bytes);
		else
			add_parcel(simulation, &parcel);
	}
}

static void
send_all(struct simulation *simulation)
{
	const struct inquiry *inquiry = &simulation->trace->inquiry;

	for (uint32_t i = 0; i < inquiry->count; i++) {
		const struct exchange *exchange = inquiry->exchanges[i];
		if (simulation->generations[i] == exchange->generation)
			continue;
		simulation->generations[i] = exchange->generation;
		if (exchange->wish != EXCHANGE_WISHES_NOTHING)
			send_query(simulation, exchange);
	}
}

static void
deliver(struct simulation *simulation, const struct parcel *parcel)
{
	struct inquiry *inquiry = &simulation->trace->inquiry;
	struct exchange *exchange = inquiry->exchanges[parcel->exchange];

	if (exchange->generation == parcel->generation) {
		if (parcel->is_refusal)
			exchange_take_trouble(exchange, &inquiry->settings, EXCHANGE_NOT_ACCEPTED,
				simulation->now_ns);
		else if (parcel->reply.length > DNS_MESSAGE_MAX &&
			 exchange->wish == EXCHANGE_WISHES_TCP)
			exchange_take_trouble(exchange, &inquiry->settings, EXCHANGE_TOO_LONG,
				simulation->now_ns);
		else
			assert_int_equal(exchange_take_message(exchange, &inquiry->settings,
						 parcel->reply.bytes, parcel->reply.length,
						 simulation->now_ns),
				0);
		inquiry_note_end(inquiry, exchange);
	}
	free(parcel->reply.bytes);
}

/* Until next_ns, or the first arrival before it. */
static void
pass_time(struct simulation *simulation, uint64_t next_ns)
{
	for (size_t i = 0; i < simulation->parcel_count; i++) {
		if (simulation->parcels[i].arrives_ns < next_ns)
			next_ns = simulation->parcels[i].arrives_ns;
	}
	assert_true(next_ns != UINT64_MAX);
	if (next_ns > simulation->now_ns)
		simulation->now_ns = next_ns;
	size_t kept = 0;
	for (size_t i = 0; i < simulation->parcel_count; i++) {
		const struct parcel parcel = simulation->parcels[i];
		if (parcel.arrives_ns <= simulation->now_ns)
			deliver(simulation, &parcel);
		else
			simulation->parcels[kept++] = parcel;
	}
	simulation->parcel_count = kept;
}

static void
set_up(struct trace_settings *settings, const char *name, uint16_t type)
{
	struct fault fault = { .text = "" };

	memset(settings, 0, sizeof(*settings));
	assert_int_equal(name_tree_parse(name, &settings->name, &fault), 0);
	settings->type = type;
	assert_int_equal(
		root_hints_parse(". NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n",
			"hints", &settings->hints, &fault),
		0);
	settings->exchange.timeout_ns = 700 * MS;
	settings->exchange.key = (struct siphash_key){ 1, 2 };
	settings->exchange.has_ipv4 = true;
	settings->exchange.has_ipv6 = true;
	settings->deadline_ns = DEADLINE_MS * MS;
}

/* Returns the run, done, and how long it took. */
static struct trace *
run(const struct trace_settings *settings, uint64_t *duration_ns)
{
	struct simulation *simulation = calloc(1, sizeof(*simulation));
	bool is_done = false;

	assert_non_null(simulation);
	simulation->world = world;
	simulation->trace = trace_create(settings);
	assert_non_null(simulation->trace);
	for (;;) {
		uint64_t next_ns = 0;
		assert_int_equal(
			trace_advance(simulation->trace, simulation->now_ns, &is_done, &next_ns),
			0);
		if (is_done)
			break;
		send_all(simulation);
		pass_time(simulation, next_ns);
	}
	struct trace *trace = simulation->trace;
	*duration_ns = simulation->now_ns;
	for (size_t i = 0; i < simulation->parcel_count; i++)
		free(simulation->parcels[i].reply.bytes);
	free(simulation);
	return trace;
}

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

/* Whether the word is in the list, with "*" for any server. */
static bool
is_listed(const char *word, const char *list)
{
	const size_t key_length = strcspn(word, "@");
	const size_t length = strlen(word);

	for (const char *at = list; *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
		const size_t item = strcspn(at, " ");
		if (item == length && strncmp(at, word, length) == 0)
			return true;
		if (item == key_length + 2 && strncmp(at, word, key_length + 1) == 0 &&
			at[item - 1] == '*')
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
	uint64_t duration_ns = 0;
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
	set_up(&settings, name, strcmp(type, "NS") == 0 ? DNS_TYPE_NS : DNS_TYPE_A);
	struct trace *trace = run(&settings, &duration_ns);
	for (size_t i = 0; i < trace->findings.count; i++) {
		char word[256];
		describe(&trace->findings.findings[i], wrong->label, word, sizeof(word));
		if (!is_listed(word, wrong->findings))
			faults++;
		for (size_t j = 0; j < i && !used[i]; j++) {
			char other[256];
			describe(&trace->findings.findings[j], wrong->label, other, sizeof(other));
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
		duration_ns > DEADLINE_MS * MS)
		faults++;
	if (faults > 0 || is_verbose)
		print_message(
			"%-18s exit %d (%d), %u queries, %.1f s\n    found:  %s\n    wanted: %s\n",
			wrong->label, trace_verdict_exit_code(trace->verdict), wrong->exit_code,
			inquiry_sum(&trace->inquiry).queries, (double)duration_ns / 1e9, seen,
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

static int
create_world(void **state)
{
	world = world_create();
	return world == NULL ? -1 : 0;
}

static int
destroy_world(void **state)
{
	world_destroy(world);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_wrong_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, create_world, destroy_world);
}
