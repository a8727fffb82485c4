/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "trace/inquiry.h"

int
inquiry_init(struct inquiry *inquiry, const struct exchange_settings *settings, uint32_t limit)
{
	*inquiry = (struct inquiry){ .settings = *settings,
		.limit = limit == 0 ? INQUIRY_EXCHANGES_MAX : limit,
		.bucket_count = 16 };
	while (inquiry->bucket_count < 2 * inquiry->limit)
		inquiry->bucket_count *= 2;
	inquiry->exchanges = calloc(inquiry->limit, sizeof(*inquiry->exchanges));
	inquiry->buckets = calloc(inquiry->bucket_count, sizeof(*inquiry->buckets));
	if (inquiry->exchanges == NULL || inquiry->buckets == NULL) {
		inquiry_clear(inquiry);
		return ERROR_MEMORY;
	}
	return 0;
}

void
inquiry_clear(struct inquiry *inquiry)
{
	for (uint32_t i = 0; i < inquiry->count; i++) {
		exchange_clear(inquiry->exchanges[i]);
		free(inquiry->exchanges[i]);
	}
	free(inquiry->exchanges);
	free(inquiry->buckets);
	*inquiry = (struct inquiry){ .count = 0 };
}

static bool
is_same(const struct exchange *a, const struct exchange *b)
{
	return a->type == b->type && a->transport == b->transport &&
	       trace_address_equal(&a->address, &b->address) && dns_name_equal(&a->name, &b->name);
}

/* The bucket of that question: its own, or the free one where it belongs. */
static uint32_t *
bucket_of(const struct inquiry *inquiry, const struct exchange *wanted)
{
	uint64_t hash = siphash(
		&inquiry->settings.key, wanted->address.bytes, sizeof(wanted->address.bytes));

	hash ^= siphash(&inquiry->settings.key, wanted->name.bytes, wanted->name.length);
	hash += wanted->type * 2ULL + wanted->transport;
	/* At most half of the buckets are ever taken. */
	for (uint32_t at = (uint32_t)hash & (inquiry->bucket_count - 1);;
		at = (at + 1) & (inquiry->bucket_count - 1)) {
		const uint32_t entry = inquiry->buckets[at];
		if (entry == 0 || is_same(inquiry->exchanges[entry - 1], wanted))
			return &inquiry->buckets[at];
	}
}

const struct exchange *
inquiry_ask(struct inquiry *inquiry, const struct trace_address *address,
	const struct dns_name *name, uint16_t type, enum exchange_transport transport)
{
	struct exchange wanted;

	exchange_init(&wanted, address, name, type, transport);
	uint32_t *bucket = bucket_of(inquiry, &wanted);
	if (*bucket != 0)
		return inquiry->exchanges[*bucket - 1];
	if (inquiry->is_closed || inquiry->count == inquiry->limit) {
		inquiry->was_limited = true;
		return NULL;
	}
	struct exchange *exchange = malloc(sizeof(*exchange));
	if (exchange == NULL) {
		inquiry->out_of_memory = true;
		return NULL;
	}
	*exchange = wanted;
	exchange->index = inquiry->count;
	inquiry->exchanges[inquiry->count++] = exchange;
	*bucket = inquiry->count;
	return exchange;
}

const struct exchange *
inquiry_find(const struct inquiry *inquiry, const struct trace_address *address,
	const struct dns_name *name, uint16_t type, enum exchange_transport transport)
{
	struct exchange wanted;

	exchange_init(&wanted, address, name, type, transport);
	const uint32_t *bucket = bucket_of(inquiry, &wanted);
	return *bucket == 0 ? NULL : inquiry->exchanges[*bucket - 1];
}

void
inquiry_note_end(struct inquiry *inquiry, struct exchange *exchange)
{
	if (exchange->status != EXCHANGE_PENDING && exchange->sequence == 0)
		exchange->sequence = ++inquiry->sequence;
}

/* How many exchanges with that address are under way. */
static uint32_t
busy_with(const struct inquiry *inquiry, const struct trace_address *address)
{
	uint32_t busy = 0;

	for (uint32_t i = 0; i < inquiry->count; i++) {
		const struct exchange *exchange = inquiry->exchanges[i];
		if (exchange->is_started && exchange->status == EXCHANGE_PENDING &&
			trace_address_equal(&exchange->address, address))
			busy++;
	}
	return busy;
}

uint64_t
inquiry_advance(struct inquiry *inquiry, uint64_t now_ns)
{
	uint32_t under_way = inquiry_sum(inquiry).under_way;
	uint64_t next_ns = UINT64_MAX;

	for (uint32_t i = 0; i < inquiry->count; i++) {
		struct exchange *exchange = inquiry->exchanges[i];
		if (exchange->status != EXCHANGE_PENDING)
			continue;
		if (exchange->is_started) {
			exchange_take_time(exchange, &inquiry->settings, now_ns);
		} else if (under_way < INQUIRY_UNDER_WAY_MAX &&
			   busy_with(inquiry, &exchange->address) < INQUIRY_PER_SERVER_MAX) {
			exchange_start(exchange, &inquiry->settings, now_ns);
			under_way++;
		}
		inquiry_note_end(inquiry, exchange);
		if (exchange->deadline_ns < next_ns)
			next_ns = exchange->deadline_ns;
	}
	return next_ns;
}

void
inquiry_close(struct inquiry *inquiry)
{
	inquiry->is_closed = true;
	for (uint32_t i = 0; i < inquiry->count; i++) {
		exchange_give_up(inquiry->exchanges[i]);
		inquiry_note_end(inquiry, inquiry->exchanges[i]);
	}
}

struct inquiry_sums
inquiry_sum(const struct inquiry *inquiry)
{
	struct inquiry_sums sums = { .queries = 0 };

	for (uint32_t i = 0; i < inquiry->count; i++) {
		const struct exchange *exchange = inquiry->exchanges[i];
		const bool is_pending = exchange->status == EXCHANGE_PENDING;
		sums.queries += exchange->queries;
		sums.ignored += exchange->ignored;
		sums.pending += is_pending;
		sums.under_way += is_pending && exchange->is_started;
	}
	return sums;
}
