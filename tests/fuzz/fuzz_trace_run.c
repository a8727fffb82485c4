/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "trace/root_hints.h"
#include "trace/trace.h"
#include "trace_script.h"

/*
 * A whole run in which every reply is what the input says: its messages, given one after the other to whatever is under way, over and
 * over until the run has ended. It must end within its bounds. What a single reply can do is found faster by fuzz_trace_reply.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT      32
#define ROUNDS_MAX (LIMIT * (EXCHANGE_ATTEMPTS + 2)) /* each ends an attempt of some exchange */
#define MS         1000000ULL

static void
answer_all(struct trace *trace, struct trace_script *script, uint64_t now_ns)
{
	struct inquiry *inquiry = &trace->inquiry;
	uint8_t bytes[QUERY_MESSAGE_REPLY_MAX];
	uint8_t mode = 0;

	for (uint32_t i = 0; i < inquiry->count; i++) {
		struct exchange *exchange = inquiry->exchanges[i];
		if (exchange->wish == EXCHANGE_WISHES_NOTHING)
			continue;
		if (script->size - script->at < 2)
			script->at = 0;
		const size_t length = trace_script_next(script, exchange, bytes, &mode);
		if (exchange_take_message(exchange, &inquiry->settings, bytes, length, now_ns) != 0)
			abort();
		inquiry_note_end(inquiry, exchange);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace_settings settings;
	struct trace_script script = { .data = data, .size = size };
	struct fault fault = { .text = "" };
	bool is_done = false;
	uint64_t now_ns = 0;

	if (settings.deadline_ns == 0) {
		if (dns_name_parse("www.example.com.", &settings.name, &fault) != 0 ||
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
		now_ns = next_ns;
	}
	if (trace->inquiry.count > LIMIT)
		abort();
	trace_destroy(trace);
	return 0;
}
