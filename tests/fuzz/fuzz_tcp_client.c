/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/byte_reader.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"
#include "tcp/tcp_client.h"
#include "tcp/tcp_limits.h"
#include "tcp/tcp_worker.h"

/*
 * The input is a stream of actions on one connection. Numbers of a segment are small distances from the live state, so that
 * the fuzzer passes the window checks. After every action the invariants of the client must hold.
 */
#define CHUNKS          24
#define SECOND_NS       1000000000ULL
#define PAYLOAD_MAXIMUM 3000

struct fuzz {
	struct tcp_worker worker;
	struct tcp_client client;
	uint64_t now_ns;
	uint64_t queued;
	uint64_t inputs;
	uint64_t emitted;
	uint64_t expired;
	uint32_t our_start;
};

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
emit(void *context, const struct segment *segment)
{
	struct fuzz *fuzz = context;
	const struct tcp_client *client = &fuzz->client;

	fuzz->emitted++;
	check(segment->payload_length <= TCP_MSS_MAXIMUM);
	check(segment->payload_length == 0 || segment->payload != NULL);
	check((segment->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 0 ||
		__builtin_popcount(segment->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 1);
	check((segment->flags & TCP_SYN) != 0 || (segment->flags & (TCP_ACK | TCP_RST)) != 0);
	/* The content is a counter, so a wrong offset shows. */
	for (uint32_t i = 0; i < segment->payload_length; i++)
		check(segment->payload[i] ==
			(uint8_t)(segment->sequence - fuzz->our_start - 1 + i));
	if (segment->payload_length > 0)
		check(segment->sequence + segment->payload_length - fuzz->our_start - 1 <=
			fuzz->queued);
	if ((segment->flags & TCP_ACK) != 0)
		check(segment->acknowledgment == client->receive.next);
}

/* The bytes in order; returns in how many chunks they lie. */
static uint32_t
check_in_order(const struct fuzz *fuzz)
{
	const struct receive_stream *stream = &fuzz->client.receive;
	uint32_t chunks = 0;
	uint32_t bytes = 0;

	check((stream->head == BLOCK_NONE) == (stream->tail == BLOCK_NONE));
	for (uint32_t i = stream->head; i != BLOCK_NONE; chunks++) {
		const struct receive_chunk *chunk = receive_pool_at(&fuzz->worker.receive, i);
		check(chunks < CHUNKS && chunk->length > 0);
		check((i == stream->tail) == (chunk->next == BLOCK_NONE));
		bytes += chunk->length;
		i = chunk->next;
	}
	check(bytes == stream->readable);
	check(stream->readable <= TCP_UNREAD_MAXIMUM + OUR_WINDOW);
	return chunks;
}

static void
check_chunks(const struct fuzz *fuzz)
{
	const struct receive_stream *stream = &fuzz->client.receive;
	const struct receive_pool *pool = &fuzz->worker.receive;
	uint32_t pieces = 0;
	uint32_t at = stream->next + 1;

	for (uint32_t i = stream->pieces; i != BLOCK_NONE; pieces++) {
		const struct receive_chunk *piece = receive_pool_at(pool, i);
		check(pieces < CHUNKS && piece->length > 0);
		check(sequence_at_most(at, piece->sequence));
		at = receive_chunk_end(piece);
		check(at - stream->next <= OUR_WINDOW);
		i = piece->next;
	}
	check(pieces == stream->piece_count && pieces == pool->out_of_order_count);
	check(pieces <= TCP_OUT_OF_ORDER_CHUNKS && pieces <= pool->out_of_order_limit);
	check(check_in_order(fuzz) + pieces + pool->chunks.free_count == CHUNKS);
}

static void
check_invariants(const struct fuzz *fuzz)
{
	const struct tcp_client *client = &fuzz->client;
	const uint32_t flight = client->send_maximum - client->send_unacknowledged;

	check_chunks(fuzz);
	check(client->send_next - client->send_unacknowledged <= flight);
	check(flight <= client->send.length + 1);
	check((client->send.block == BLOCK_NONE) == (client->send.length == 0));
	check(fuzz->worker.send.free_count + (client->send.block != BLOCK_NONE ? 1 : 0) == 1);
	check(client->mss >= TCP_MSS_MINIMUM && client->mss <= TCP_MSS_MAXIMUM);
	check(client->retransmission.tries <= TCP_WINDOW_PROBES);
	check(client->retransmission.timeout_us >= TCP_TIMEOUT_MINIMUM_US);
	if (client->state == TCP_CLOSED) {
		check(tcp_client_deadline_ns(client) == TCP_NEVER);
		check(client->end != TCP_END_NONE);
	} else if (flight > 0) {
		check(tcp_client_deadline_ns(client) != TCP_NEVER);
	}
	if (client->state >= TCP_ESTABLISHED)
		check(fuzz->emitted <= 8 * fuzz->inputs + 8 * fuzz->expired + 64);
}

static void
input(struct fuzz *fuzz, struct byte_reader *reader)
{
	static uint8_t payload[PAYLOAD_MAXIMUM];
	const struct tcp_client *client = &fuzz->client;
	const uint8_t flags = byte_reader_u8(reader);
	const int32_t sequence = (int16_t)byte_reader_be16(reader);
	const int32_t acknowledgment = (int8_t)byte_reader_u8(reader);
	const uint16_t window = byte_reader_be16(reader);
	const uint16_t length = byte_reader_be16(reader) % (PAYLOAD_MAXIMUM + 1);
	const struct segment segment = {
		.sequence = client->receive.next + (uint32_t)sequence,
		.acknowledgment =
			((flags & 0x80) != 0 ? client->send_maximum : client->send_unacknowledged) +
			(uint32_t)acknowledgment,
		/* Bits of the flags that TCP does not use choose the shape of the rest. */
		.window = (flags & 0x40) != 0 ? window : (uint16_t)(window % 4 * 300),
		.mss = window,
		.flags = flags & 0x3f,
		.payload = payload,
		.payload_length = length,
	};

	fuzz->inputs++;
	tcp_client_input(&fuzz->worker, &fuzz->client, &segment, fuzz->now_ns);
}

static void
send(struct fuzz *fuzz, uint32_t length)
{
	uint8_t bytes[700];

	length %= sizeof(bytes);
	for (uint32_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)(fuzz->queued + i);
	const size_t space = tcp_client_send_space(&fuzz->client);
	const size_t taken = tcp_client_send(&fuzz->worker, &fuzz->client, bytes, length);
	check(taken == (length < space ? length : space));
	fuzz->queued += taken;
}

static void
expire(struct fuzz *fuzz)
{
	const uint64_t deadline_ns = tcp_client_deadline_ns(&fuzz->client);

	if (deadline_ns == TCP_NEVER)
		return;
	if (deadline_ns > fuzz->now_ns)
		fuzz->now_ns = deadline_ns;
	fuzz->expired++;
	tcp_client_expire(&fuzz->worker, &fuzz->client, fuzz->now_ns);
	check(tcp_client_deadline_ns(&fuzz->client) > fuzz->now_ns);
}

static void
icmp(struct fuzz *fuzz, struct byte_reader *reader)
{
	const int32_t sequence = (int8_t)byte_reader_u8(reader);
	const struct icmp_error error = {
		.type = ICMP_UNREACHABLE,
		.code = byte_reader_u8(reader) % 8,
		.next_hop_mtu = byte_reader_be16(reader),
		.sequence = fuzz->client.send_unacknowledged + (uint32_t)sequence,
	};

	fuzz->inputs++;
	tcp_client_icmp(&fuzz->worker, &fuzz->client, &error, fuzz->now_ns);
}

static void
act(struct fuzz *fuzz, struct byte_reader *reader)
{
	struct tcp_worker *worker = &fuzz->worker;
	struct tcp_client *client = &fuzz->client;
	uint8_t bytes[2000];
	const uint8_t *peeked;

	switch (byte_reader_u8(reader) % 16) {
	case 0:
		expire(fuzz);
		break;
	case 1:
		send(fuzz, byte_reader_be16(reader));
		break;
	case 2:
		tcp_client_receive(worker, client, bytes, byte_reader_be16(reader) % sizeof(bytes));
		break;
	case 3:
		tcp_client_consume(worker, client, tcp_client_peek(worker, client, &peeked));
		break;
	case 4:
		tcp_client_close(worker, client);
		break;
	case 5:
		if (byte_reader_u8(reader) % 8 == 0)
			tcp_client_abort(worker, client);
		break;
	case 6:
		icmp(fuzz, reader);
		break;
	case 7:
		fuzz->now_ns += byte_reader_be16(reader) * 1000000ULL;
		tcp_client_expire(worker, client, fuzz->now_ns);
		fuzz->expired++;
		break;
	case 8:
	case 9:
	case 10:
		fuzz->inputs++;
		tcp_client_flush(worker, client, fuzz->now_ns);
		check(!client->is_ack_due && client->duplicate_acks == 0);
		break;
	default:
		input(fuzz, reader);
		break;
	}
}

static void
begin(struct fuzz *fuzz, struct byte_reader *reader)
{
	const uint8_t choice = byte_reader_u8(reader);
	struct segment syn_ack = { .flags = TCP_SYN | TCP_ACK };

	fuzz->our_start = UINT32_MAX - byte_reader_u8(reader);
	syn_ack.sequence = UINT32_MAX - byte_reader_be16(reader);
	syn_ack.acknowledgment = fuzz->our_start + 1;
	syn_ack.window = byte_reader_be16(reader);
	syn_ack.mss = byte_reader_be16(reader);
	if (choice % 4 == 0) {
		const struct tcp_endpoints endpoints = { 0 };
		tcp_client_connect(
			&fuzz->worker, &fuzz->client, &endpoints, fuzz->our_start, fuzz->now_ns);
	} else {
		tcp_client_adopt(&fuzz->worker, &fuzz->client, &syn_ack, fuzz->now_ns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz = { .now_ns = SECOND_NS };
	const struct tcp_worker_settings settings = {
		.connections = 1,
		.receive_chunks = CHUNKS,
		.send_total_maximum = 4000,
		.emit = emit,
		.context = &fuzz,
	};
	struct byte_reader reader;

	check(tcp_worker_init(&fuzz.worker, &settings) == 0);
	byte_reader_init(&reader, data, size);
	begin(&fuzz, &reader);
	while (byte_reader_left(&reader) > 0 && !reader.has_failed) {
		act(&fuzz, &reader);
		check_invariants(&fuzz);
	}
	tcp_client_release(&fuzz.worker, &fuzz.client);
	check(fuzz.worker.send.free_count == 1);
	check(fuzz.worker.receive.chunks.free_count == CHUNKS);
	check(fuzz.worker.receive.out_of_order_count == 0);
	tcp_worker_clear(&fuzz.worker);
	return 0;
}
