/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "cpu_meter.h"
#include "dns/dns_question.h"
#include "tls_loop.h"

struct tls_loop {
	const struct tls_loop_client *client;
	const struct tls_lab *lab;
	void *context;
	struct dns_question_template question;
	unsigned int next;
	struct cpu_meter meter; /* of the client */
};

struct tls_loop *
tls_loop_create(enum tls_loop_library library, const struct tls_lab *lab, struct fault *fault)
{
	struct tls_loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	cpu_meter_init(&loop->meter);
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
	cpu_meter_start(&loop->meter);
	size_t length = loop->client->output(client, bytes, sizeof(bytes));

	cpu_meter_stop(&loop->meter);
	if (length > 0) {
		tls_resolver_input(resolver, bytes, length, false);
		has_moved = true;
	}
	length = tls_resolver_output(resolver, bytes, sizeof(bytes));
	if (length > 0) {
		cpu_meter_start(&loop->meter);
		loop->client->input(client, bytes, length);
		cpu_meter_stop(&loop->meter);
		has_moved = true;
	}
	return has_moved;
}

static bool
shake_hands(struct tls_loop *loop, void *client, struct tls_resolver *resolver)
{
	for (;;) {
		cpu_meter_start(&loop->meter);
		const int result = loop->client->connect(client);

		cpu_meter_stop(&loop->meter);
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

	cpu_meter_start(&loop->meter);
	dns_question_make(&loop->question, loop->next, number, &question);
	const int written =
		loop->client->write(client, query, dns_question_write(&question, query));
	cpu_meter_stop(&loop->meter);
	for (;;) {
		cpu_meter_start(&loop->meter);
		const int result =
			written > 0 ? loop->client->read(client, reply, sizeof(reply)) : -1;

		cpu_meter_stop(&loop->meter);
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
	cpu_meter_start(&loop->meter);
	void *client = loop->client->open(loop->context);
	cpu_meter_stop(&loop->meter);
	bool is_right = client != NULL && shake_hands(loop, client, &resolver);
	for (unsigned int i = 0; is_right && i < TLS_LAB_QUERIES; i++)
		is_right = ask(loop, client, &resolver, i);
	cpu_meter_start(&loop->meter);
	if (client != NULL)
		loop->client->close(client);
	cpu_meter_stop(&loop->meter);
	tls_resolver_close(&resolver);
	return is_right;
}

int
tls_loop_round(
	struct tls_loop *loop, uint64_t round_ns, struct bench_stage *stage, struct fault *fault)
{
	uint64_t visits = 0;

	loop->meter.used_ns = 0;
	for (; loop->meter.used_ns < round_ns; visits++)
		if (!visit(loop))
			return fault_set(fault, ERROR_LIBRARY, "a bare TLS client got no answer");
	bench_stage_add(stage, visits, loop->meter.used_ns);
	return 0;
}
