/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "dns/dns_rdata.h"
#include "trace/name_tree.h"
#include "trace/root_hints.h"
#include "trace/trace.h"

/*
 * A whole run in which every reply is what the input says: length-prefixed messages, given one after the other to whatever is under
 * way, id and question made right where the first octet says so, over and over until the run has ended. It must end within its bounds.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROUNDS_MAX 700 /* of 100 ms: the deadline and some more */
#define LIMIT      48
#define MS         1000000ULL

struct script {
	const uint8_t *data;
	size_t size;
	size_t at;
};

/* The next message of the script, which begins again at its end. */
static size_t
next_message(struct script *script, const struct exchange *exchange, uint8_t *bytes)
{
	uint8_t query[QUERY_MESSAGE_BYTES];
	const size_t query_length = exchange_query(exchange, query);

	if (script->at + 2 > script->size)
		script->at = 0;
	if (script->size < 2)
		return 0;
	const uint8_t mode = script->data[script->at];
	size_t length = script->data[script->at + 1] * (size_t)(1 + mode / 64);
	script->at += 2;
	if (length > script->size - script->at)
		length = script->size - script->at;
	memcpy(bytes, script->data + script->at, length);
	script->at += length;
	if ((mode & 1) == 0 || length < DNS_HEADER_BYTES)
		return length;
	/* A header as the script has it, but for the id and the question, and then its records. */
	const size_t question = query_length - (exchange->query.has_edns ? 11 : 0);
	memmove(bytes + question, bytes + DNS_HEADER_BYTES, length - DNS_HEADER_BYTES);
	memcpy(bytes + DNS_HEADER_BYTES, query + DNS_HEADER_BYTES, question - DNS_HEADER_BYTES);
	memcpy(bytes, query, 2);
	bytes[2] = (uint8_t)((bytes[2] & 0x87) | 0x80);
	bytes[4] = 0;
	bytes[5] = 1;
	return length + question - DNS_HEADER_BYTES;
}

static void
answer_all(struct trace *trace, struct script *script, uint64_t now_ns)
{
	struct inquiry *inquiry = &trace->inquiry;
	uint8_t bytes[QUERY_MESSAGE_REPLY_MAX];

	for (uint32_t i = 0; i < inquiry->count; i++) {
		struct exchange *exchange = inquiry->exchanges[i];
		if (exchange->wish == EXCHANGE_WISHES_NOTHING)
			continue;
		const size_t length = next_message(script, exchange, bytes);
		if (exchange_take_message(exchange, &inquiry->settings, bytes, length, now_ns) != 0)
			abort();
		inquiry_note_end(inquiry, exchange);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace_settings settings;
	struct script script = { .data = data, .size = size };
	struct fault fault = { .text = "" };
	bool is_done = false;
	uint64_t now_ns = 0;

	if (settings.deadline_ns == 0) {
		if (name_tree_parse("www.example.com.", &settings.name, &fault) != 0 ||
			root_hints_parse(". NS a.\na. A 198.41.0.4\n", "hints", &settings.hints,
				&fault) != 0)
			abort();
		settings.type = DNS_TYPE_A;
		settings.exchange = (struct exchange_settings){
			.timeout_ns = 700 * MS, .has_ipv4 = true, .has_ipv6 = true
		};
		settings.exchange_limit = LIMIT;
		settings.deadline_ns = 60000 * MS;
	}
	struct trace *trace = trace_create(&settings);
	if (trace == NULL)
		abort();
	for (unsigned int rounds = 0; !is_done; rounds++) {
		uint64_t next_ns = 0;
		if (rounds == ROUNDS_MAX || trace_advance(trace, now_ns, &is_done, &next_ns) != 0)
			abort();
		if (is_done)
			break;
		answer_all(trace, &script, now_ns);
		now_ns += 100 * MS;
	}
	if (trace->inquiry.count > LIMIT)
		abort();
	trace_destroy(trace);
	return 0;
}
