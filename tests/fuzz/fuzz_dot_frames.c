/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "dns/dns_stream.h"
#include "dot/ca_store.h"
#include "dot/dot_client.h"
#include "dot/dot_worker.h"

/*
 * The first octet chooses: even, the bytes go to a whole session, as from a peer after our ClientHello; odd, to the stream of replies that
 * lies behind TLS. The second is the size of the pieces they come in.
 */

#define SECOND_NS 1000000000ULL
#define REPLY_ID  0x1234

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dot_worker *
make_worker(void)
{
	static struct dns_question_template question;
	struct fault fault = { .text = "" };
	struct ca_store *nobody = ca_store_create();

	if (nobody == NULL ||
		dns_question_template_parse("{label}.example.", "A", &question, &fault) != 0)
		abort();
	const struct dot_settings settings = {
		.question = &question,
		.ca_store = nobody,
		.queries = 2,
		.offers_alpn = true,
		.connect_timeout_ns = SECOND_NS,
		.tls_timeout_ns = SECOND_NS,
		.dns_timeout_ns = SECOND_NS,
	};
	struct dot_worker *worker = dot_worker_create(&settings, &fault);
	if (worker == NULL)
		abort();
	return worker;
}

static void
feed_session(struct dot_worker *worker, const uint8_t *data, size_t size, size_t piece)
{
	const struct protocol_target target = { .attempt = 1, .salt = 1 };
	struct observation seen;
	uint8_t sent[512];
	uint32_t hints = 0;
	void *session = dot_protocol.open(worker, &target, SECOND_NS);

	if (session == NULL)
		abort();
	dot_protocol.acknowledged(session, SECOND_NS);
	for (size_t at = 0; at < size; at += piece) {
		dot_protocol.input(
			session, data + at, size - at < piece ? size - at : piece, SECOND_NS);
		while (dot_protocol.output(session, sent, sizeof(sent), SECOND_NS) > 0)
			continue;
	}
	dot_protocol.ended(session, PROTOCOL_END_FIN, SECOND_NS);
	if (!dot_protocol.is_finished(session))
		abort();
	observation_init(&seen);
	dot_protocol.close(session, &seen, &hints);
	/* No key, no finished handshake. */
	if (outcome_stage(seen.outcome) != STAGE_TLS)
		abort();
	observation_clear(&seen);
}

static void
feed_stream(const uint8_t *data, size_t size, size_t piece)
{
	struct dns_stream stream = { .bytes = NULL };
	size_t at = 0;

	for (;;) {
		const enum dns_stream_state state = dns_stream_look(&stream, REPLY_ID);
		size_t capacity, length;
		if (state == DNS_STREAM_HAS_MESSAGE) {
			const uint8_t *message = dns_stream_message(&stream, &length);
			if (length < DNS_HEADER_BYTES ||
				message + length > stream.bytes + stream.length)
				abort();
			dns_stream_drop(&stream);
			continue;
		}
		if (state != DNS_STREAM_AWAITS_MORE || at == size)
			break;
		uint8_t *room = dns_stream_room(&stream, &capacity);
		if (room == NULL)
			abort();
		length = size - at < piece ? size - at : piece;
		length = length < capacity ? length : capacity;
		memcpy(room, data + at, length);
		dns_stream_grow(&stream, length);
		at += length;
	}
	dns_stream_clear(&stream);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dot_worker *worker;

	if (worker == NULL)
		worker = make_worker();
	if (size < 2)
		return 0;
	const size_t piece = data[1] == 0 ? size : data[1];
	if (data[0] % 2 == 0)
		feed_session(worker, data + 2, size - 2, piece);
	else
		feed_stream(data + 2, size - 2, piece);
	return 0;
}
