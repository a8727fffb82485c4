/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "simulation/tcp_simulation.h"
#include "tcp/tcp_limits.h"
#include "tcp/tcp_worker.h"

#define CLIENT_ADDRESS 0xcb007102U
#define SERVER_ADDRESS 0xc6120709U
#define CLIENT_PORT    40000
#define SERVER_PORT    853
#define SECOND_NS      1000000000ULL
#define PROBES         3
/* Far more than any finite dialogue needs: only a livelock gets there. */
#define ROUNDS_MAXIMUM 400000

struct simulation {
	const struct simulation_settings *settings;
	struct tcp_worker worker;
	struct tcp_client client;
	struct simulated_link link;
	struct model_server server;
	uint64_t now_ns;
	uint32_t our_start;
	bool is_open; /* the client exists */
	bool is_released;
	bool has_closed;
	bool is_abandoned;
	uint32_t probes;
	uint64_t next_probe_ns;
	uint64_t queued;
	uint64_t delivered;
	uint64_t turns;
	uint64_t input;
	uint64_t emitted;
	uint64_t close_limit_ns;
	uint64_t closed_ns;
	const char *fault;
};

static void
breach(struct simulation *simulation, const char *text)
{
	if (simulation->fault == NULL)
		simulation->fault = text;
}

static void
emit(void *context, const struct segment *segment)
{
	struct simulation *simulation = context;

	simulation->emitted++;
	if (segment->payload_length > TCP_MSS_MAXIMUM)
		breach(simulation, "a segment beyond the largest size");
	if ((segment->flags & TCP_SYN) == 0 && segment->payload_length > simulation->client.mss)
		breach(simulation, "a segment beyond the peer's size");
	simulated_link_send(&simulation->link, segment, simulation->now_ns);
}

static void
emit_probe(struct simulation *simulation)
{
	const struct segment syn = {
		.local_address = CLIENT_ADDRESS,
		.remote_address = SERVER_ADDRESS,
		.local_port = CLIENT_PORT,
		.remote_port = SERVER_PORT,
		.sequence = simulation->our_start,
		.window = OUR_SYN_WINDOW,
		.mss = OUR_MSS,
		.flags = TCP_SYN,
	};

	simulated_link_send(&simulation->link, &syn, simulation->now_ns);
	simulation->probes++;
	simulation->next_probe_ns = simulation->probes < PROBES
					    ? simulation->now_ns + 2 * SECOND_NS
					    : simulation->now_ns + 10 * SECOND_NS;
}

static void
begin(struct simulation *simulation)
{
	const struct tcp_endpoints endpoints = {
		.local_address = CLIENT_ADDRESS,
		.remote_address = SERVER_ADDRESS,
		.local_port = CLIENT_PORT,
		.remote_port = SERVER_PORT,
	};

	if (!simulation->settings->uses_connect) {
		emit_probe(simulation);
		return;
	}
	simulation->is_open = true;
	simulation->next_probe_ns = UINT64_MAX;
	tcp_client_connect(&simulation->worker, &simulation->client, &endpoints,
		simulation->our_start, simulation->now_ns);
}

/* The request as far as the dialogue has come: the next step begins when the answer to the last is whole. */
static uint64_t
request_wanted(const struct simulation *simulation)
{
	const struct model_behaviour *behaviour = &simulation->settings->behaviour;
	uint64_t responses = 0;
	uint64_t wanted = 0;

	for (int i = 0; i < MODEL_STEPS; i++) {
		if (simulation->delivered < responses)
			break;
		wanted = behaviour->steps[i].request_bytes;
		responses += behaviour->steps[i].response_bytes;
	}
	return wanted;
}

static void
speak(struct simulation *simulation)
{
	const uint64_t wanted = request_wanted(simulation);

	while (simulation->queued < wanted) {
		uint8_t bytes[700];
		size_t length = 0;
		while (length < sizeof(bytes) && simulation->queued + length < wanted) {
			bytes[length] = model_byte(simulation->queued + length, false);
			length++;
		}
		const size_t space = tcp_client_send_space(&simulation->client);
		const size_t taken =
			tcp_client_send(&simulation->worker, &simulation->client, bytes, length);
		if (taken != (length < space ? length : space))
			breach(simulation, "send takes less than its space");
		if (taken == 0)
			break;
		simulation->queued += taken;
	}
}

static void
listen_up(struct simulation *simulation)
{
	uint8_t bytes[3000];
	size_t got;

	while ((got = tcp_client_receive(
			&simulation->worker, &simulation->client, bytes, sizeof(bytes))) > 0) {
		for (size_t i = 0; i < got; i++)
			if (bytes[i] != model_byte(simulation->delivered + i, true))
				breach(simulation, "a byte that the server never sent there");
		simulation->delivered += got;
	}
}

/* What the owner of a connection does after a burst of input. */
static void
attend(struct simulation *simulation)
{
	struct tcp_client *client = &simulation->client;
	const struct model_behaviour *behaviour = &simulation->settings->behaviour;
	const bool is_late = simulation->settings->reads_late && simulation->turns++ % 2 == 0;

	if (!simulation->has_closed) {
		if (!is_late || tcp_client_state(client) == TCP_CLOSED)
			listen_up(simulation);
		speak(simulation);
		const bool is_done =
			!behaviour->is_endless &&
			simulation->delivered == model_server_response_total(behaviour);
		if (is_done || tcp_client_end(client) == TCP_END_FIN) {
			tcp_client_close(&simulation->worker, client);
			simulation->has_closed = true;
			simulation->close_limit_ns =
				simulation->now_ns + 2000ULL * client->retransmission.timeout_us;
		}
	}
	tcp_client_flush(&simulation->worker, client, simulation->now_ns);
}

static void
refuse(struct simulation *simulation, const struct segment *segment)
{
	if ((segment->flags & (TCP_RST | TCP_ACK)) != TCP_ACK)
		return;
	const struct segment reset = {
		.local_address = segment->local_address,
		.remote_address = segment->remote_address,
		.local_port = segment->local_port,
		.remote_port = segment->remote_port,
		.sequence = segment->acknowledgment,
		.flags = TCP_RST,
	};
	simulated_link_send(&simulation->link, &reset, simulation->now_ns);
}

static void
client_input(struct simulation *simulation, const struct segment *segment)
{
	const uint8_t syn_ack = TCP_SYN | TCP_ACK;

	if (simulation->is_released) {
		refuse(simulation, segment);
		return;
	}
	simulation->input++;
	if (simulation->is_open) {
		tcp_client_input(
			&simulation->worker, &simulation->client, segment, simulation->now_ns);
		return;
	}
	/* As the cookie would prove it. */
	if ((segment->flags & (syn_ack | TCP_RST)) != syn_ack ||
		segment->acknowledgment != simulation->our_start + 1)
		return;
	simulation->is_open = true;
	simulation->next_probe_ns = UINT64_MAX;
	tcp_client_adopt(&simulation->worker, &simulation->client, segment, simulation->now_ns);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool
is_alive(const struct simulation *simulation)
{
	return simulation->is_open && !simulation->is_released;
}

static uint64_t
next_ns(const struct simulation *simulation)
{
	uint64_t next = simulated_link_next_ns(&simulation->link);

	next = earlier(next, model_server_deadline_ns(&simulation->server));
	if (is_alive(simulation)) {
		next = earlier(next, tcp_client_deadline_ns(&simulation->client));
		next = earlier(next, simulation->settings->patience_ns);
		if (simulation->settings->reads_late)
			next = earlier(next, simulation->now_ns + SECOND_NS / 10);
	} else if (!simulation->is_open) {
		next = earlier(next, simulation->next_probe_ns);
	}
	return next > simulation->now_ns ? next : simulation->now_ns;
}

static void
check_memory(struct simulation *simulation)
{
	const struct tcp_worker *worker = &simulation->worker;

	if (worker->send.free_count != worker->send.count ||
		worker->receive.chunks.free_count != worker->receive.chunks.count ||
		worker->receive.out_of_order_count != 0)
		breach(simulation, "memory is kept after release");
}

static void
release_if_closed(struct simulation *simulation)
{
	if (!is_alive(simulation) || tcp_client_state(&simulation->client) != TCP_CLOSED)
		return;
	/* What came before the end may still be read. */
	if (!simulation->has_closed)
		listen_up(simulation);
	if (tcp_client_end(&simulation->client) == TCP_END_NONE)
		breach(simulation, "closed without an end");
	if (tcp_client_deadline_ns(&simulation->client) != TCP_NEVER)
		breach(simulation, "closed, yet waits for something");
	tcp_client_release(&simulation->worker, &simulation->client);
	simulation->is_released = true;
	simulation->closed_ns = simulation->now_ns;
	check_memory(simulation);
}

static void
client_turn(struct simulation *simulation)
{
	struct tcp_client *client = &simulation->client;

	if (!is_alive(simulation)) {
		if (!simulation->is_open && simulation->now_ns >= simulation->next_probe_ns &&
			simulation->probes < PROBES)
			emit_probe(simulation);
		return;
	}
	if (simulation->now_ns >= tcp_client_deadline_ns(client)) {
		tcp_client_expire(&simulation->worker, client, simulation->now_ns);
		if (tcp_client_deadline_ns(client) <= simulation->now_ns)
			breach(simulation, "a deadline that stays in the past");
	}
	attend(simulation);
	if (simulation->now_ns >= simulation->settings->patience_ns &&
		tcp_client_state(client) != TCP_CLOSED) {
		simulation->is_abandoned = true;
		tcp_client_abort(&simulation->worker, client);
	}
	if (simulation->has_closed && tcp_client_state(client) != TCP_CLOSED &&
		simulation->now_ns > simulation->close_limit_ns)
		breach(simulation, "lingers longer than it may");
	release_if_closed(simulation);
}

static void
turn(struct simulation *simulation)
{
	struct segment segment;

	while (simulated_link_receive(&simulation->link, simulation->now_ns, &segment)) {
		if (segment.local_address == CLIENT_ADDRESS)
			client_input(simulation, &segment);
		else
			model_server_input(&simulation->server, &segment, simulation->now_ns);
	}
	client_turn(simulation);
	model_server_expire(&simulation->server, simulation->now_ns);
	if (simulation->server.fault != NULL)
		breach(simulation, simulation->server.fault);
}

static bool
is_over(const struct simulation *simulation)
{
	/* Once the client is gone, its last segments and the server's reaction still count. */
	if (simulation->is_released)
		return next_ns(simulation) == UINT64_MAX;
	return !simulation->is_open && simulation->probes == PROBES &&
	       simulation->now_ns >= simulation->next_probe_ns;
}

/* RST has a reason each time: a limit, an abort, or an answer to a SYN of another life. */
static void
check_books(struct simulation *simulation)
{
	const struct tcp_counters *counters = &simulation->worker.counters;
	uint64_t reasons = tcp_counters_get(counters, TCP_COUNTER_LINGERED) +
			   tcp_counters_get(counters, TCP_COUNTER_EXCESSES) +
			   tcp_counters_get(counters, TCP_COUNTER_TIMEOUTS) +
			   (simulation->is_abandoned ? 1 : 0);

	if (tcp_counters_get(counters, TCP_COUNTER_RESETS_SENT) > reasons)
		breach(simulation, "a reset without a reason");
	if (tcp_counters_get(counters, TCP_COUNTER_SEGMENTS_SENT) != simulation->emitted)
		breach(simulation, "segments that were not counted");
	if (simulation->emitted > 4 * simulation->input + 64)
		breach(simulation, "too many segments");
	if (simulation->server.request_length > simulation->queued)
		breach(simulation, "the server has more than was sent");
	if (simulation->delivered > simulation->server.maximum)
		breach(simulation, "more was read than the server sent");
}

static void
report(const struct simulation *simulation, struct simulation_result *result_out)
{
	const struct model_behaviour *behaviour = &simulation->settings->behaviour;
	const struct tcp_counters *counters = &simulation->worker.counters;

	*result_out = (struct simulation_result){
		.has_answered = simulation->is_open,
		.is_complete = simulation->delivered == model_server_response_total(behaviour) &&
			       simulation->server.request_length ==
				       behaviour->steps[MODEL_STEPS - 1].request_bytes,
		.is_abandoned = simulation->is_abandoned,
		.server_gave_up = simulation->server.has_given_up,
		.server_was_reset = simulation->server.was_reset,
		.server_finished = simulation->server.is_over && simulation->server.has_sent_fin &&
				   !simulation->server.was_reset &&
				   !simulation->server.has_given_up,
		.end = (enum tcp_end)simulation->client.end,
		.received_bytes = simulation->delivered,
		.elapsed_ns = simulation->closed_ns,
		.emitted = simulation->emitted,
		.retransmissions = tcp_counters_get(counters, TCP_COUNTER_RETRANSMISSIONS),
		.resets = tcp_counters_get(counters, TCP_COUNTER_RESETS_SENT),
	};
}

const char *
tcp_simulation_run(const struct simulation_settings *settings, struct simulation_result *result_out)
{
	struct simulation *simulation = calloc(1, sizeof(*simulation));
	const struct tcp_worker_settings worker = {
		.connections = 1,
		.receive_chunks = settings->receive_chunks,
		.emit = emit,
		.context = simulation,
	};

	if (simulation == NULL || tcp_worker_init(&simulation->worker, &worker) != 0) {
		free(simulation);
		return "no memory for the simulation";
	}
	simulation->settings = settings;
	simulation->our_start = settings->seed % 2 == 0
					? (uint32_t)settings->seed * 2654435761U
					: UINT32_MAX - (uint32_t)settings->seed % 600;
	simulated_link_init(&simulation->link, &settings->link, settings->seed);
	model_server_init(&simulation->server, &settings->behaviour, &simulation->link,
		SERVER_ADDRESS, SERVER_PORT, settings->seed);
	begin(simulation);
	uint64_t rounds = 0;
	while (!is_over(simulation) && simulation->fault == NULL) {
		const uint64_t next = next_ns(simulation);
		if (next == UINT64_MAX || ++rounds > ROUNDS_MAXIMUM) {
			breach(simulation, "the connection never ends");
			break;
		}
		simulation->now_ns = next;
		turn(simulation);
	}
	check_books(simulation);
	report(simulation, result_out);
	const char *fault = simulation->fault;
	tcp_worker_clear(&simulation->worker);
	free(simulation);
	return fault;
}
