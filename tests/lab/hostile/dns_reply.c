/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "dns_reply.h"

#define HEADER_BYTES 12
#define TYPE_A       1
#define TYPE_NS      2
#define TYPE_AAAA    28
#define TTL_S        3600
#define NAME_LIMIT   255

struct writer {
	uint8_t *bytes;
	size_t length;
};

static void
put(struct writer *writer, const void *bytes, size_t length)
{
	memcpy(writer->bytes + writer->length, bytes, length);
	writer->length += length;
}

static void
put16(struct writer *writer, unsigned int value)
{
	uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };
	put(writer, bytes, sizeof(bytes));
}

int
dns_query_parse(struct dns_query *query)
{
	size_t at = HEADER_BYTES;
	if (query->length < HEADER_BYTES || query->bytes[4] != 0 || query->bytes[5] != 1)
		return -1;
	while (at < query->length && query->bytes[at] != 0) {
		if (query->bytes[at] > 63 || at - HEADER_BYTES > NAME_LIMIT)
			return -1;
		at += 1U + query->bytes[at];
	}
	query->question_end = at + 5;
	return query->question_end <= query->length ? 0 : -1;
}

/* Length (filled by finish), header with RA and the rcode, and the question as it was asked. */
static struct writer
begin(const struct dns_query *query, uint8_t *reply, unsigned int rcode, unsigned int answers,
	unsigned int authorities)
{
	struct writer writer = { .bytes = reply };
	put16(&writer, 0);
	put(&writer, query->bytes, 2);
	put16(&writer, 0x8080U | (query->bytes[2] & 1U) << 8 | rcode);
	put16(&writer, 1);
	put16(&writer, answers);
	put16(&writer, authorities);
	put16(&writer, 0);
	put(&writer, query->bytes + HEADER_BYTES, query->question_end - HEADER_BYTES);
	return writer;
}

static size_t
finish(struct writer *writer)
{
	writer->bytes[0] = (uint8_t)((writer->length - 2) >> 8);
	writer->bytes[1] = (uint8_t)(writer->length - 2);
	return writer->length;
}

static void
put_record(struct writer *writer, unsigned int name_offset, unsigned int type, const void *data,
	size_t length)
{
	put16(writer, 0xc000U | name_offset);
	put16(writer, type);
	put16(writer, 1);
	put16(writer, 0);
	put16(writer, TTL_S);
	put16(writer, (unsigned int)length);
	put(writer, data, length);
}

static size_t
answer(const struct dns_query *query, uint8_t *reply, uint8_t last)
{
	const uint8_t address[4] = { 192, 0, 2, last };
	struct writer writer = begin(query, reply, 0, 1, 0);
	put_record(&writer, HEADER_BYTES, TYPE_A, address, sizeof(address));
	return finish(&writer);
}

static size_t
only_rcode(const struct dns_query *query, uint8_t *reply, unsigned int rcode)
{
	struct writer writer = begin(query, reply, rcode, 0, 0);
	return finish(&writer);
}

#define RCODE_REPLY(name, rcode)                                               \
	size_t dns_reply_##name(const struct dns_query *query, uint8_t *reply) \
	{                                                                      \
		return only_rcode(query, reply, rcode);                        \
	}

RCODE_REPLY(nodata, 0)
RCODE_REPLY(formerr, 1)
RCODE_REPLY(servfail, 2)
RCODE_REPLY(nxdomain, 3)
RCODE_REPLY(notimp, 4)
RCODE_REPLY(refused, 5)
RCODE_REPLY(notauth, 9)

size_t
dns_reply_right(const struct dns_query *query, uint8_t *reply)
{
	return answer(query, reply, 53);
}

size_t
dns_reply_wrong(const struct dns_query *query, uint8_t *reply)
{
	return answer(query, reply, 66);
}

size_t
dns_reply_referral(const struct dns_query *query, uint8_t *reply)
{
	static const uint8_t server[] = "\2ns\4else\7example";
	unsigned int parent = HEADER_BYTES + 1U + query->bytes[HEADER_BYTES];
	struct writer writer = begin(query, reply, 0, 0, 1);
	writer.bytes[5] = 0; /* a referral comes without RA */
	put_record(&writer, parent, TYPE_NS, server, sizeof(server));
	return finish(&writer);
}

size_t
dns_reply_wrong_id(const struct dns_query *query, uint8_t *reply)
{
	size_t length = dns_reply_right(query, reply);
	reply[2] ^= 0x55;
	return length;
}

size_t
dns_reply_wrong_name(const struct dns_query *query, uint8_t *reply)
{
	size_t length = dns_reply_right(query, reply);
	reply[2 + HEADER_BYTES + 1] = reply[2 + HEADER_BYTES + 1] == 'z' ? 'y' : 'z';
	return length;
}

size_t
dns_reply_wrong_type(const struct dns_query *query, uint8_t *reply)
{
	size_t length = dns_reply_right(query, reply);
	reply[2 + query->question_end - 3] = TYPE_AAAA;
	return length;
}

size_t
dns_reply_echo(const struct dns_query *query, uint8_t *reply)
{
	struct writer writer = { .bytes = reply };
	put16(&writer, 0);
	put(&writer, query->bytes,
		query->length < DNS_REPLY_CAPACITY - 2 ? query->length : DNS_REPLY_CAPACITY - 2);
	return finish(&writer);
}

size_t
dns_reply_cut_record(const struct dns_query *query, uint8_t *reply)
{
	struct writer writer = { .bytes = reply, .length = dns_reply_right(query, reply) - 3 };
	return finish(&writer);
}

size_t
dns_reply_false_counts(const struct dns_query *query, uint8_t *reply)
{
	struct writer writer = begin(query, reply, 0, 65535, 65535);
	return finish(&writer);
}

size_t
dns_reply_pointer_loop(const struct dns_query *query, uint8_t *reply)
{
	const uint8_t address[4] = { 192, 0, 2, 53 };
	struct writer writer = begin(query, reply, 0, 1, 0);
	put_record(&writer, (unsigned int)writer.length - 2, TYPE_A, address, sizeof(address));
	return finish(&writer);
}

size_t
dns_reply_short_message(const struct dns_query *query, uint8_t *reply)
{
	struct writer writer = { .bytes = reply };
	put16(&writer, 0);
	put(&writer, query->bytes, 5);
	return finish(&writer);
}

size_t
dns_reply_http(const struct dns_query *query, uint8_t *reply)
{
	static const char page[] = "HTTP/1.1 400 Bad Request\r\nServer: lab\r\n"
				   "Content-Length: 12\r\nConnection: close\r\n\r\nBad Request\n";
	struct writer writer = { .bytes = reply };
	(void)query;
	put(&writer, page, sizeof(page) - 1);
	return writer.length;
}

size_t
dns_reply_false_length(const struct dns_query *query, uint8_t *reply)
{
	(void)dns_reply_right(query, reply);
	reply[0] = 512 >> 8;
	reply[1] = 512 & 0xff;
	return 2 + 20;
}
