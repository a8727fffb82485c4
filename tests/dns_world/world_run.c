/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "dns_world/world_run.h"
#include "trace/root_hints.h"

#define MS          1000000ULL
#define PARCELS_MAX 1024

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
	struct world_run_cost cost;
};

/* The sanitizer's allocator is not the C library's, and counts for itself; gcc comes without its header. */
#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);

static size_t
heap_bytes(void)
{
	return __sanitizer_get_current_allocated_bytes();
}
#else
static size_t
heap_bytes(void)
{
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}
#endif

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
add_parcel(struct simulation *simulation, const struct parcel *parcel)
{
	must(simulation->parcel_count < PARCELS_MAX);
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
		/* Our sockets are connected: the kernel gives them nothing from elsewhere. */
		const bool is_stray = replies[i].source != WORLD_FROM_SERVER;
		parcel.reply = replies[i];
		simulation->cost.strays += is_stray;
		if (replies[i].is_dripped || is_stray)
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
		else if (parcel->reply.length > QUERY_MESSAGE_REPLY_MAX &&
			 exchange->wish == EXCHANGE_WISHES_TCP)
			exchange_take_trouble(exchange, &inquiry->settings, EXCHANGE_TOO_LONG,
				simulation->now_ns);
		else
			must(exchange_take_message(exchange, &inquiry->settings,
				     parcel->reply.bytes, parcel->reply.length,
				     simulation->now_ns) == 0);
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
	must(next_ns != UINT64_MAX);
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

void
world_run_settings(struct trace_settings *settings, const char *name, uint16_t type)
{
	struct fault fault = { .text = "" };

	memset(settings, 0, sizeof(*settings));
	must(dns_name_parse(name, &settings->name, &fault) == 0);
	settings->type = type;
	must(root_hints_parse(". NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n",
		     "hints", &settings->hints, &fault) == 0);
	settings->exchange.timeout_ns = 700 * MS;
	settings->exchange.key = (struct siphash_key){ 1, 2 };
	settings->exchange.has_ipv4 = true;
	settings->exchange.has_ipv6 = true;
	settings->deadline_ns = WORLD_RUN_DEADLINE_NS;
}

struct trace *
world_run(const struct world *world, const struct trace_settings *settings,
	struct world_run_cost *cost_out)
{
	struct simulation *simulation = calloc(1, sizeof(*simulation));
	const size_t before_bytes = heap_bytes();
	bool is_done = false;

	must(simulation != NULL);
	simulation->world = world;
	simulation->trace = trace_create(settings);
	must(simulation->trace != NULL);
	for (;;) {
		uint64_t next_ns = 0;
		must(trace_advance(simulation->trace, simulation->now_ns, &is_done, &next_ns) == 0);
		simulation->cost.advances++;
		if (heap_bytes() - before_bytes > simulation->cost.heap_bytes)
			simulation->cost.heap_bytes = heap_bytes() - before_bytes;
		if (is_done)
			break;
		send_all(simulation);
		pass_time(simulation, next_ns);
	}
	struct trace *trace = simulation->trace;
	simulation->cost.duration_ns = simulation->now_ns;
	*cost_out = simulation->cost;
	for (size_t i = 0; i < simulation->parcel_count; i++)
		free(simulation->parcels[i].reply.bytes);
	free(simulation);
	return trace;
}
