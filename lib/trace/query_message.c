/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "dns/dns_rdata.h"
#include "trace/query_message.h"

#define CLASS_IN   1
#define FLAG_QR    0x8000
#define FLAG_TC    0x0200
#define OPCODE     0x7800
#define RCODE_MASK 0x000f

size_t
query_message_write(const struct query_message *query, uint8_t bytes[QUERY_MESSAGE_BYTES])
{
	/* Root owner, type, size in place of the class, no flags, no options (RFC 6891 section 6.1.2). */
	static const uint8_t opt[] = { 0, 0, DNS_TYPE_OPT, QUERY_MESSAGE_EDNS_SIZE >> 8,
		QUERY_MESSAGE_EDNS_SIZE & 0xff, 0, 0, 0, 0, 0, 0 };
	const uint8_t header[DNS_HEADER_BYTES] = { (uint8_t)(query->id >> 8),
		(uint8_t)query->id, [5] = 1, [11] = query->has_edns };
	struct byte_writer writer;

	byte_writer_init(&writer, bytes, QUERY_MESSAGE_BYTES);
	byte_writer_bytes(&writer, header, sizeof(header));
	byte_writer_bytes(&writer, query->name.bytes, query->name.length);
	byte_writer_be16(&writer, query->type);
	byte_writer_be16(&writer, CLASS_IN);
	if (query->has_edns)
		byte_writer_bytes(&writer, opt, sizeof(opt));
	return writer.length;
}

/* Whether the question of the reply is ours, read apart from all that follows. */
static enum query_fit
question_fit(const struct query_message *query, const uint8_t *message, size_t length)
{
	struct byte_reader reader;
	struct dns_name name;
	size_t at = DNS_HEADER_BYTES;

	if (!dns_name_read(message, length, &at, &name))
		return QUERY_FIT_NONE;
	byte_reader_init(&reader, message, length);
	byte_reader_skip(&reader, at);
	const uint16_t type = byte_reader_be16(&reader);
	const uint16_t class = byte_reader_be16(&reader);
	if (reader.has_failed || type != query->type || class != CLASS_IN ||
		!dns_name_equal(&name, &query->name))
		return QUERY_FIT_NONE;
	if (memcmp(name.bytes, query->name.bytes, name.length) != 0)
		return QUERY_FIT_CASE_LOST;
	return QUERY_FIT;
}

enum query_fit
query_message_fit(const struct query_message *query, const uint8_t *message, size_t length,
	struct dns_record records[QUERY_MESSAGE_RECORDS_MAX], struct dns_walk *walk_out,
	const char **reason_out)
{
	const struct dns_walk_room room = { QUERY_MESSAGE_REPLY_MAX, QUERY_MESSAGE_RECORDS_MAX,
		records };
	struct byte_reader reader;
	size_t walked = length;

	byte_reader_init(&reader, message, length);
	const uint16_t id = byte_reader_be16(&reader);
	const uint16_t flags = byte_reader_be16(&reader);
	const uint16_t questions = byte_reader_be16(&reader);
	byte_reader_skip(&reader, 6);
	if (reader.has_failed || id != query->id || (flags & (FLAG_QR | OPCODE)) != FLAG_QR)
		return QUERY_FIT_NONE;
	if (questions == 0 && (flags & RCODE_MASK) != 0) {
		/* Some leave the question's octets in place though they count none. */
		walked = DNS_HEADER_BYTES;
	} else {
		const enum query_fit fit =
			questions == 1 ? question_fit(query, message, length) : QUERY_FIT_NONE;
		if (fit != QUERY_FIT)
			return fit;
	}
	if ((flags & FLAG_TC) != 0)
		return QUERY_FIT_TRUNCATED;
	return dns_walk_message(message, walked, &room, walk_out, reason_out) ? QUERY_FIT
									      : QUERY_FIT_BROKEN;
}
