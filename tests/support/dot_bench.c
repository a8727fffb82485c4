/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/dot_bench.h"

#define ROUNDS_MAX 200000 /* one byte a round for the longest exchange */

#define REQUIRE(claim)                                                              \
	do {                                                                        \
		if (!(claim)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #claim); \
			abort();                                                    \
		}                                                                   \
	} while (0)

struct wire {
	void *session;
	struct tls_server *server;
	const struct dot_exchange *exchange;
	uint64_t now_ns;
	uint8_t bytes[1 << 17]; /* on their way to the session */
	size_t length;
	size_t delivered;
	uint8_t query[2048];
	size_t query_length;
	size_t queries;
	bool has_ended;
};

void
dot_bench_init(struct dot_bench *bench, struct ca_store *ca_store)
{
	const char *const truth[] = { "192.0.2.53" };
	struct fault fault = { .text = "" };

	memset(bench, 0, sizeof(*bench));
	bench->ca_store = ca_store != NULL ? ca_store : ca_store_create();
	bench->truth = dns_truth_create();
	REQUIRE(bench->ca_store != NULL && bench->truth != NULL);
	REQUIRE(dns_truth_add(bench->truth, 1, truth, 1, &fault) == 0);
	REQUIRE(dns_question_template_parse(
			"{label}.probe.example.", "A", &bench->question, &fault) == 0);
	const struct dot_settings settings = {
		.question = &bench->question,
		.truth = bench->truth,
		.ca_store = bench->ca_store,
		.queries = 2,
		.offers_alpn = true,
		.connect_timeout_ns = DOT_BENCH_CONNECT_NS,
		.tls_timeout_ns = DOT_BENCH_TLS_NS,
		.dns_timeout_ns = DOT_BENCH_DNS_NS,
	};
	bench->worker = dot_worker_create(&settings, &fault);
	REQUIRE(bench->worker != NULL);
}

void
dot_bench_clear(struct dot_bench *bench)
{
	dot_worker_destroy(bench->worker);
	dns_truth_destroy(bench->truth);
	ca_store_destroy(bench->ca_store);
}

void *
dot_bench_open(struct dot_bench *bench, uint32_t hints)
{
	const struct protocol_target target = {
		.address = 0xc6120001,
		.port = 853,
		.attempt = 1,
		.salt = 0x0123456789abcdef,
		.hints = hints,
		.wall_us = (int64_t)time(NULL) * 1000000,
	};
	void *session = dot_protocol.open(bench->worker, &target, DOT_BENCH_START_NS);

	REQUIRE(session != NULL);
	return session;
}

uint32_t
dot_bench_close(void *session, struct observation *observation_out)
{
	uint32_t hints = 0;

	observation_init(observation_out);
	dot_protocol.close(session, observation_out, &hints);
	return hints;
}

static void
answer(struct wire *wire)
{
	const struct dot_exchange *exchange = wire->exchange;
	uint8_t reply[DNS_REPLY_BYTES];

	if (exchange->updates_keys)
		tls_server_update_keys(wire->server);
	if (exchange->raw_reply != NULL && wire->queries == 0) {
		tls_server_write(wire->server, (const uint8_t *)exchange->raw_reply,
			exchange->raw_reply_length);
	} else if (wire->queries < exchange->reply_count) {
		const size_t length =
			dns_reply_make(&exchange->replies[wire->queries], wire->query, reply);
		tls_server_write(wire->server, reply, length);
	}
	wire->queries++;
	wire->query_length = 0;
	if (exchange->closes_after_replies && wire->queries >= exchange->reply_count)
		tls_server_close(wire->server);
}

static bool
serve(struct wire *wire)
{
	uint8_t bytes[4096];
	bool has_moved = false;
	size_t length;

	while ((length = dot_protocol.output(wire->session, bytes, sizeof(bytes), wire->now_ns)) >
		0) {
		(void)tls_server_input(wire->server, bytes, length);
		has_moved = true;
	}
	length = tls_server_read(wire->server, wire->query + wire->query_length,
		sizeof(wire->query) - wire->query_length);
	wire->query_length += length;
	if (wire->query_length >= 2 &&
		wire->query_length >= 2U + (size_t)(wire->query[0] << 8 | wire->query[1]))
		answer(wire);
	wire->length += tls_server_output(
		wire->server, wire->bytes + wire->length, sizeof(wire->bytes) - wire->length);
	return has_moved || length > 0;
}

static bool
deliver(struct wire *wire)
{
	const struct dot_exchange *exchange = wire->exchange;
	size_t length = wire->length;

	if (exchange->chunk > 0 && length > exchange->chunk)
		length = exchange->chunk;
	if (exchange->stop_after > 0 && length > exchange->stop_after - wire->delivered)
		length = exchange->stop_after - wire->delivered;
	if (length == 0)
		return false;
	/* An exact copy, so that a read past its end is seen. */
	uint8_t *bytes = malloc(length);
	REQUIRE(bytes != NULL);
	memcpy(bytes, wire->bytes, length);
	dot_protocol.input(wire->session, bytes, length, wire->now_ns);
	free(bytes);
	wire->length -= length;
	wire->delivered += length;
	memmove(wire->bytes, wire->bytes + length, wire->length);
	return true;
}

uint32_t
dot_bench_run(struct dot_bench *bench, const struct dot_exchange *exchange,
	struct observation *observation_out)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	REQUIRE(wire != NULL);
	wire->exchange = exchange;
	wire->session = dot_bench_open(bench, exchange->hints);
	wire->server = tls_server_create(exchange->server);
	wire->now_ns = DOT_BENCH_START_NS + 1000000;
	bool has_moved = serve(wire);
	dot_protocol.acknowledged(wire->session, wire->now_ns);
	for (unsigned int round = 0; round < ROUNDS_MAX && has_moved; round++) {
		has_moved = deliver(wire);
		has_moved = serve(wire) || has_moved;
		if (!has_moved && exchange->closes_after_replies && !wire->has_ended) {
			dot_protocol.ended(wire->session, PROTOCOL_END_FIN, wire->now_ns);
			wire->has_ended = true;
		}
		wire->now_ns += 1000;
	}
	while (!dot_protocol.is_finished(wire->session)) {
		const uint64_t deadline_ns = dot_protocol.deadline_ns(wire->session);
		REQUIRE(deadline_ns >= wire->now_ns && deadline_ns != UINT64_MAX);
		wire->now_ns = deadline_ns;
		dot_protocol.expire(wire->session, wire->now_ns);
	}
	const uint32_t hints = dot_bench_close(wire->session, observation_out);
	tls_server_destroy(wire->server);
	free(wire);
	return hints;
}
