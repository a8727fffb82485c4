/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/tcp_script.h"

#define LOCAL_ADDRESS  0xcb007102U
#define REMOTE_ADDRESS 0xc6120709U
#define LOCAL_PORT     40000
#define REMOTE_PORT    853

const struct script_start script_start_plain = { .our_start = 1000, .peer_start = 70000 };
const struct script_start script_start_wrapping = { .our_start = UINT32_MAX - 3,
	.peer_start = UINT32_MAX - 5 };

static void
keep(void *context, const struct segment *segment)
{
	struct script *script = context;

	assert_true(script->emitted_count < SCRIPT_EMITTED_MAXIMUM);
	struct script_segment *kept = &script->emitted[script->emitted_count++];
	kept->segment = *segment;
	assert_true(segment->payload_length <= sizeof(kept->payload));
	if (segment->payload_length > 0)
		memcpy(kept->payload, segment->payload, segment->payload_length);
}

int
script_setup(void **state)
{
	const struct script_start *begin = *state;
	struct script *script = calloc(1, sizeof(*script));

	if (script == NULL)
		return -1;
	script->our_start = begin->our_start;
	script->peer_start = begin->peer_start;
	script->now_ns = 5000000000ULL;
	const struct tcp_worker_settings settings = {
		.connections = SCRIPT_CONNECTIONS,
		.receive_chunks = SCRIPT_CHUNKS,
		.emit = keep,
		.context = script,
	};
	*state = script;
	return tcp_worker_init(&script->worker, &settings);
}

int
script_teardown(void **state)
{
	struct script *script = *state;
	struct tcp_worker *worker = &script->worker;

	tcp_client_release(worker, &script->client);
	const int leaked = worker->send.free_count != SCRIPT_CONNECTIONS ||
			   worker->receive.chunks.free_count != SCRIPT_CHUNKS ||
			   worker->receive.out_of_order_count != 0;
	tcp_worker_clear(worker);
	free(script);
	return leaked;
}

struct segment
script_segment(const struct script *script, uint32_t sequence, uint32_t acknowledgment,
	uint8_t flags, uint16_t window, const char *text)
{
	return (struct segment){
		.local_address = LOCAL_ADDRESS,
		.remote_address = REMOTE_ADDRESS,
		.local_port = LOCAL_PORT,
		.remote_port = REMOTE_PORT,
		.sequence = script->peer_start + sequence,
		.acknowledgment = script->our_start + acknowledgment,
		.window = window,
		.flags = flags,
		.ttl = 60,
		.payload = (const uint8_t *)text,
		.payload_length = (uint16_t)(text == NULL ? 0 : strlen(text)),
	};
}

void
script_receive(struct script *script, const struct segment *segment)
{
	tcp_client_input(&script->worker, &script->client, segment, script->now_ns);
}

void
script_expect(struct script *script, uint32_t sequence, uint32_t acknowledgment, uint8_t flags,
	const char *text, const char *file, int line)
{
	if (script->checked_count == script->emitted_count) {
		print_error("%s:%d: nothing was emitted\n", file, line);
		fail();
	}
	const struct script_segment *kept = &script->emitted[script->checked_count++];
	const struct segment *segment = &kept->segment;
	const size_t length = text == NULL ? 0 : strlen(text);
	const uint32_t wanted = (flags & TCP_ACK) != 0 ? script->peer_start + acknowledgment : 0;

	if (segment->sequence != script->our_start + sequence ||
		segment->acknowledgment != wanted || segment->flags != flags ||
		segment->payload_length != length ||
		(length > 0 && memcmp(kept->payload, text, length) != 0)) {
		print_error("%s:%d: emitted seq %u ack %u flags %#x \"%.*s\"\n", file, line,
			segment->sequence - script->our_start,
			segment->acknowledgment - script->peer_start, segment->flags,
			segment->payload_length, kept->payload);
		fail();
	}
	assert_int_equal(segment->local_address, LOCAL_ADDRESS);
	assert_int_equal(segment->remote_address, REMOTE_ADDRESS);
	assert_int_equal(segment->local_port, LOCAL_PORT);
	assert_int_equal(segment->remote_port, REMOTE_PORT);
	assert_int_equal(segment->window, (flags & TCP_SYN) != 0 ? OUR_SYN_WINDOW : OUR_WINDOW);
	assert_int_equal(segment->mss, (flags & TCP_SYN) != 0 ? OUR_MSS : 0);
}

void
script_expect_nothing(const struct script *script, const char *file, int line)
{
	if (script->checked_count != script->emitted_count) {
		const struct segment *segment = &script->emitted[script->checked_count].segment;
		print_error("%s:%d: emitted seq %u flags %#x length %u\n", file, line,
			segment->sequence - script->our_start, segment->flags,
			segment->payload_length);
		fail();
	}
}

void
script_wait(struct script *script, uint64_t duration_ms)
{
	const uint64_t end_ns = script->now_ns + duration_ms * 1000000;

	for (;;) {
		const uint64_t deadline_ns = tcp_client_deadline_ns(&script->client);
		if (deadline_ns > end_ns)
			break;
		assert_true(deadline_ns >= script->now_ns);
		script->now_ns = deadline_ns;
		tcp_client_expire(&script->worker, &script->client, deadline_ns);
		/* A deadline that stays in the past would spin a real worker. */
		assert_true(tcp_client_deadline_ns(&script->client) > deadline_ns);
	}
	script->now_ns = end_ns;
}

void
script_expect_read(struct script *script, const char *text, const char *file, int line)
{
	uint8_t bytes[65536];
	const size_t got =
		tcp_client_receive(&script->worker, &script->client, bytes, sizeof(bytes));

	if (got != strlen(text) || memcmp(bytes, text, got) != 0) {
		print_error("%s:%d: read \"%.*s\"\n", file, line, (int)got, bytes);
		fail();
	}
}

void
script_send(struct script *script, const char *text)
{
	const size_t taken = tcp_client_send(
		&script->worker, &script->client, (const uint8_t *)text, strlen(text));

	assert_int_equal(taken, strlen(text));
}

void
script_open(struct script *script, uint16_t window, uint16_t mss)
{
	struct segment syn_ack = script_segment(script, 0, 1, TCP_SYN | TCP_ACK, window, NULL);

	syn_ack.mss = mss;
	tcp_client_adopt(&script->worker, &script->client, &syn_ack, script->now_ns);
	NOTHING();
	FLUSH();
	TX(1, 1, TCP_ACK, NULL);
	NOTHING();
	STATE(TCP_ESTABLISHED);
}

uint64_t
script_count(const struct script *script, enum tcp_counter counter)
{
	return tcp_counters_get(&script->worker.counters, counter);
}
