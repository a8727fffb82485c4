/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_cycles.h>
#include <stdlib.h>

#include "base/error.h"
#include "dot/dns_question.h"
#include "tls_loop.h"

struct tls_loop {
	const struct tls_loop_client *client;
	const struct tls_lab *lab;
	void *context;
	struct dns_question_template question;
	unsigned int next;
	uint64_t cycles; /* of the client */
};

struct tls_loop *
tls_loop_create(enum tls_loop_library library, const struct tls_lab *lab, struct fault *fault)
{
	struct tls_loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	loop->lab = lab;
	loop->client = library == TLS_LOOP_WOLFSSL ? &tls_loop_wolfssl : &tls_loop_openssl;
	loop->context = loop->client->context_create();
	if (loop->context != NULL && dns_question_template_parse(TLS_LAB_NAME, TLS_LAB_TYPE,
					     &loop->question, fault) == 0)
		return loop;
	(void)fault_set(fault, ERROR_LIBRARY, "a TLS library does not start");
	tls_loop_destroy(loop);
	return NULL;
}

void
tls_loop_destroy(struct tls_loop *loop)
{
	if (loop == NULL)
		return;
	if (loop->context != NULL)
		loop->client->context_destroy(loop->context);
	free(loop);
}

/* Carry what lies on either side to the other, the client's share of it timed. False when nothing moved. */
static bool
exchange(struct tls_loop *loop, void *client, struct tls_resolver *resolver)
{
	uint8_t bytes[16384];
	bool has_moved = false;
	uint64_t start = rte_rdtsc();
	size_t length = loop->client->output(client, bytes, sizeof(bytes));

	loop->cycles += rte_rdtsc() - start;
	if (length > 0) {
		tls_resolver_input(resolver, bytes, length, false);
		has_moved = true;
	}
	length = tls_resolver_output(resolver, bytes, sizeof(bytes));
	if (length > 0) {
		start = rte_rdtsc();
		loop->client->input(client, bytes, length);
		loop->cycles += rte_rdtsc() - start;
		has_moved = true;
	}
	return has_moved;
}

static bool
shake_hands(struct tls_loop *loop, void *client, struct tls_resolver *resolver)
{
	for (;;) {
		const uint64_t start = rte_rdtsc();
		const int result = loop->client->connect(client);

		loop->cycles += rte_rdtsc() - start;
		if (result != 0)
			return result > 0;
		if (!exchange(loop, client, resolver))
			return false;
	}
}

static bool
ask(struct tls_loop *loop, void *client, struct tls_resolver *resolver, unsigned int number)
{
	struct dns_question question;
	uint8_t query[DNS_QUERY_BYTES];
	uint8_t reply[4096];
	uint64_t start = rte_rdtsc();

	dns_question_make(&loop->question, loop->next, number, &question);
	const int written =
		loop->client->write(client, query, dns_question_write(&question, query));
	loop->cycles += rte_rdtsc() - start;
	for (;;) {
		start = rte_rdtsc();
		const int result =
			written > 0 ? loop->client->read(client, reply, sizeof(reply)) : -1;

		loop->cycles += rte_rdtsc() - start;
		if (result != 0)
			return result > 0;
		if (!exchange(loop, client, resolver))
			return false;
	}
}

static bool
visit(struct tls_loop *loop)
{
	struct tls_resolver resolver = { 0 };

	tls_resolver_open(&resolver, loop->lab, loop->next++);
	uint64_t start = rte_rdtsc();
	void *client = loop->client->open(loop->context);
	loop->cycles += rte_rdtsc() - start;
	bool is_right = client != NULL && shake_hands(loop, client, &resolver);
	for (unsigned int i = 0; is_right && i < TLS_LAB_QUERIES; i++)
		is_right = ask(loop, client, &resolver, i);
	start = rte_rdtsc();
	if (client != NULL)
		loop->client->close(client);
	loop->cycles += rte_rdtsc() - start;
	tls_resolver_close(&resolver);
	return is_right;
}

int
tls_loop_round(
	struct tls_loop *loop, uint64_t cycles, struct bench_stage *stage, struct fault *fault)
{
	uint64_t visits = 0;

	loop->cycles = 0;
	for (; loop->cycles < cycles; visits++)
		if (!visit(loop))
			return fault_set(
				fault, ERROR_LIBRARY, "a bare TLS client got no answer");
	bench_stage_add(stage, visits, loop->cycles);
	return 0;
}
