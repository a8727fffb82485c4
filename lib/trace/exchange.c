/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "trace/exchange.h"

#define RCODE_FORMERR 1
#define RCODE_NOTIMP  4
#define RCODE_BADVERS 16
#define TCP_TIMEOUTS  7 /* a TCP exchange gets as long as all attempts over UDP: 1 + 2 + 4 */

static void
end(struct exchange *exchange, enum exchange_status status)
{
	exchange->status = status;
	exchange->wish = EXCHANGE_WISHES_NOTHING;
	exchange->deadline_ns = UINT64_MAX;
	exchange->generation++;
}

/* Letters in either case, one bit of the keyed stream each (up to 255 letters). */
static void
mix_case(struct dns_name *name, const struct siphash_key *key, uint64_t nonce)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < name->length; i++) {
		if (i % 64 == 0)
			bits = siphash_u64(key, nonce + 1 + i / 64);
		if (name->bytes[i] >= 'a' && name->bytes[i] <= 'z' && (bits & 1) != 0)
			name->bytes[i] = (uint8_t)(name->bytes[i] - ('a' - 'A'));
		bits >>= 1;
	}
}

static void
send_query(struct exchange *exchange, const struct exchange_settings *settings,
	enum exchange_wish wish, uint64_t now_ns)
{
	/* Unique for each query of a run: index and generation never repeat together. */
	const uint64_t nonce = (uint64_t)exchange->index << 32 | (uint64_t)exchange->generation
									 << 8;

	exchange->query = (struct query_message){
		.name = exchange->name,
		.type = exchange->type,
		.id = (uint16_t)siphash_u64(&settings->key, nonce),
		.has_edns = !exchange->edns_failed,
	};
	if (!exchange->case_lost)
		mix_case(&exchange->query.name, &settings->key, nonce);
	exchange->wish = wish;
	exchange->generation++;
	exchange->queries++;
	exchange->sent_ns = now_ns;
	exchange->deadline_ns =
		now_ns + (wish == EXCHANGE_WISHES_TCP ? settings->timeout_ns * TCP_TIMEOUTS
						      : settings->timeout_ns << exchange->attempt);
}

static void
send_again(struct exchange *exchange, const struct exchange_settings *settings, uint64_t now_ns)
{
	send_query(exchange, settings, exchange->wish, now_ns);
}

void
exchange_init(struct exchange *exchange, const struct trace_address *address,
	const struct dns_name *name, uint16_t type, enum exchange_transport transport)
{
	*exchange = (struct exchange){
		.address = *address,
		.name = *name,
		.type = type,
		.transport = transport,
		.status = EXCHANGE_PENDING,
		.wish = EXCHANGE_WISHES_NOTHING,
		.deadline_ns = UINT64_MAX,
	};
	dns_name_fold(&exchange->name);
}

void
exchange_clear(struct exchange *exchange)
{
	free(exchange->walk);
	exchange->walk = NULL;
}

void
exchange_start(struct exchange *exchange, const struct exchange_settings *settings, uint64_t now_ns)
{
	const bool has_route =
		exchange->address.family == 4 ? settings->has_ipv4 : settings->has_ipv6;

	exchange->is_started = true;
	exchange->started_ns = now_ns;
	if (has_route)
		send_query(exchange, settings,
			exchange->transport == EXCHANGE_TCP ? EXCHANGE_WISHES_TCP
							    : EXCHANGE_WISHES_UDP,
			now_ns);
	else
		end(exchange, EXCHANGE_NO_ROUTE);
}

size_t
exchange_query(const struct exchange *exchange, uint8_t bytes[QUERY_MESSAGE_BYTES])
{
	return query_message_write(&exchange->query, bytes);
}

/* One block for the walk, its records and the message that they point into. */
static int
keep_reply(struct exchange *exchange, const struct dns_walk *walk)
{
	const size_t records_bytes = walk->record_count * sizeof(*walk->records);
	struct dns_walk *copy = malloc(sizeof(*copy) + records_bytes + walk->length);

	if (copy == NULL)
		return ERROR_MEMORY;
	*copy = *walk;
	copy->records = (struct dns_record *)(copy + 1);
	memcpy(copy->records, walk->records, records_bytes);
	copy->message = memcpy((uint8_t *)(copy + 1) + records_bytes, walk->message, walk->length);
	exchange->walk = copy;
	reply_class_read(copy, &exchange->name, exchange->type, &exchange->meaning);
	return 0;
}

static bool
cannot_bear_edns(const struct exchange *exchange, const struct dns_walk *walk)
{
	return exchange->query.has_edns &&
	       (walk->rcode == RCODE_FORMERR || walk->rcode == RCODE_NOTIMP ||
		       walk->rcode == RCODE_BADVERS);
}

/* Over UDP the reply may still come. Over TCP nobody else could have sent this: it is asked anew for the sake of the case, but only once. */
static void
take_misfit(struct exchange *exchange, const struct exchange_settings *settings, bool is_case_lost,
	uint64_t now_ns)
{
	const bool is_news = is_case_lost && !exchange->case_lost;

	exchange->ignored++;
	exchange->case_lost |= is_case_lost;
	if (exchange->wish != EXCHANGE_WISHES_TCP)
		return;
	if (is_news) {
		send_again(exchange, settings, now_ns);
	} else {
		exchange->broken_reason = "not the reply to the question";
		end(exchange, EXCHANGE_BROKEN);
	}
}

int
exchange_take_message(struct exchange *exchange, const struct exchange_settings *settings,
	const uint8_t *bytes, size_t length, uint64_t now_ns)
{
	const bool is_tcp = exchange->wish == EXCHANGE_WISHES_TCP;
	struct dns_record records[QUERY_MESSAGE_RECORDS_MAX];
	struct dns_walk walk;
	int error = 0;

	if (exchange->status != EXCHANGE_PENDING || exchange->wish == EXCHANGE_WISHES_NOTHING)
		return 0;
	const enum query_fit fit = query_message_fit(
		&exchange->query, bytes, length, records, &walk, &exchange->broken_reason);
	switch (fit) {
	case QUERY_FIT:
		if (cannot_bear_edns(exchange, &walk)) {
			exchange->edns_failed = true;
			send_again(exchange, settings, now_ns);
			break;
		}
		error = keep_reply(exchange, &walk);
		exchange->duration_ns = now_ns - exchange->sent_ns;
		end(exchange, EXCHANGE_REPLIED);
		break;
	case QUERY_FIT_TRUNCATED:
		exchange->was_truncated = true;
		if (is_tcp) {
			exchange->broken_reason = "cut off over TCP";
			end(exchange, EXCHANGE_BROKEN);
		} else {
			send_query(exchange, settings, EXCHANGE_WISHES_TCP, now_ns);
		}
		break;
	case QUERY_FIT_BROKEN:
		end(exchange, EXCHANGE_BROKEN);
		break;
	case QUERY_FIT_CASE_LOST:
	case QUERY_FIT_NONE:
		take_misfit(exchange, settings, fit == QUERY_FIT_CASE_LOST, now_ns);
		break;
	}
	return error;
}

static void
try_again(struct exchange *exchange, const struct exchange_settings *settings,
	enum exchange_status last_status, uint64_t now_ns)
{
	if (exchange->wish == EXCHANGE_WISHES_TCP || exchange->attempt + 1 >= EXCHANGE_ATTEMPTS) {
		end(exchange, last_status);
		return;
	}
	exchange->attempt++;
	/* Some firewalls drop what has EDNS in it: the last attempt does without. */
	if (exchange->attempt + 1 == EXCHANGE_ATTEMPTS)
		exchange->edns_failed = true;
	send_again(exchange, settings, now_ns);
}

void
exchange_take_trouble(struct exchange *exchange, const struct exchange_settings *settings,
	enum exchange_trouble trouble, uint64_t now_ns)
{
	if (exchange->status != EXCHANGE_PENDING)
		return;
	switch (trouble) {
	case EXCHANGE_NOT_ROUTED:
		end(exchange, EXCHANGE_NO_ROUTE);
		break;
	case EXCHANGE_NOT_ACCEPTED:
		try_again(exchange, settings, EXCHANGE_REFUSED, now_ns);
		break;
	case EXCHANGE_CLOSED:
		try_again(exchange, settings, EXCHANGE_SILENT, now_ns);
		break;
	case EXCHANGE_TOO_LONG:
		exchange->broken_reason = "longer than any answer to us";
		end(exchange, EXCHANGE_BROKEN);
		break;
	}
}

void
exchange_take_time(
	struct exchange *exchange, const struct exchange_settings *settings, uint64_t now_ns)
{
	if (exchange->status == EXCHANGE_PENDING && now_ns >= exchange->deadline_ns)
		try_again(exchange, settings, EXCHANGE_SILENT, now_ns);
}

void
exchange_give_up(struct exchange *exchange)
{
	if (exchange->status == EXCHANGE_PENDING)
		end(exchange, EXCHANGE_GIVEN_UP);
}

const char *
exchange_status_name(enum exchange_status status)
{
	static const char *const names[] = {
#define X(name, key, text) [EXCHANGE_##name] = (key),
		EXCHANGE_STATUS_LIST(X)
#undef X
	};

	return names[status];
}

const char *
exchange_status_text(enum exchange_status status)
{
	static const char *const texts[] = {
#define X(name, key, text) [EXCHANGE_##name] = (text),
		EXCHANGE_STATUS_LIST(X)
#undef X
	};

	return texts[status];
}
