/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "base/byte_writer.h"
#include "support/dns_reply.h"

#define HEADER_BYTES        12
#define POINTER_TO_QUESTION 0xc00c

static size_t
name_length(const uint8_t *name)
{
	size_t length = 0;

	while (name[length] != 0)
		length += name[length] + 1U;
	return length + 1;
}

static void
write_label(struct byte_writer *writer, const char *label)
{
	byte_writer_u8(writer, (uint8_t)strlen(label));
	byte_writer_bytes(writer, label, strlen(label));
	byte_writer_u8(writer, 0);
}

static void
write_question(
	struct byte_writer *writer, const struct dns_reply_settings *settings, const uint8_t *name)
{
	const size_t length = name_length(name);
	uint8_t *copy = byte_writer_reserve(writer, length);

	memcpy(copy, name, length);
	if (settings->has_other_question)
		copy[1] = copy[1] == 'x' ? 'y' : 'x';
	for (size_t i = 0; settings->has_upper_case && i < length; i++)
		copy[i] = (uint8_t)toupper(copy[i]);
	byte_writer_bytes(writer, name + length, 4);
}

static void
write_record_head(struct byte_writer *writer, uint16_t type, uint16_t length)
{
	byte_writer_be16(writer, type);
	byte_writer_be16(writer, 1);
	byte_writer_be32(writer, 3600);
	byte_writer_be16(writer, length);
}

static void
write_answers(struct byte_writer *writer, const struct dns_reply_settings *settings)
{
	if (settings->canonical != NULL) {
		byte_writer_be16(writer, POINTER_TO_QUESTION);
		write_record_head(writer, 5, (uint16_t)(strlen(settings->canonical) + 2));
		write_label(writer, settings->canonical);
	}
	for (size_t i = 0; i < 4 && settings->addresses[i] != NULL; i++) {
		struct in_addr address;
		inet_pton(AF_INET, settings->addresses[i], &address);
		if (settings->canonical != NULL)
			write_label(writer, settings->canonical);
		else
			byte_writer_be16(writer, POINTER_TO_QUESTION);
		write_record_head(writer, 1, settings->has_broken_address ? 5 : 4);
		byte_writer_bytes(writer, &address, 4);
		if (settings->has_broken_address)
			byte_writer_u8(writer, 0);
	}
}

static void
write_authority(struct byte_writer *writer, const struct dns_reply_settings *settings)
{
	if (settings->has_ns) {
		byte_writer_u8(writer, 0);
		write_record_head(writer, 2, 4);
		write_label(writer, "ns");
	}
	if (settings->has_soa) {
		byte_writer_u8(writer, 0);
		write_record_head(writer, 6, 22);
		byte_writer_be16(writer, 0);
		for (unsigned int i = 0; i < 5; i++)
			byte_writer_be32(writer, i);
	}
}

static void
write_opt(struct byte_writer *writer, unsigned int extended_rcode)
{
	byte_writer_u8(writer, 0);
	byte_writer_be16(writer, 41);
	byte_writer_be16(writer, 1232);
	byte_writer_be32(writer, (uint32_t)(extended_rcode >> 4) << 24);
	byte_writer_be16(writer, 0);
}

size_t
dns_reply_make(const struct dns_reply_settings *settings, const uint8_t *query,
	uint8_t reply[DNS_REPLY_BYTES])
{
	const uint8_t *name = query + 2 + HEADER_BYTES;
	const uint16_t rcode = (uint16_t)((settings->rcode | settings->extended_rcode) & 15);
	uint16_t answers = settings->canonical != NULL;
	struct byte_writer writer;

	while (answers < 5 && settings->addresses[answers - (settings->canonical != NULL)] != NULL)
		answers++;
	byte_writer_init(&writer, reply, DNS_REPLY_BYTES);
	byte_writer_be16(&writer, 0);
	byte_writer_be16(
		&writer, (uint16_t)(load_be16(query + 2) ^ (settings->has_other_id ? 1 : 0)));
	byte_writer_be16(&writer, (uint16_t)((settings->is_query ? 0x0100 : 0x8180) | rcode));
	byte_writer_be16(&writer, settings->lacks_question ? 0 : 1);
	byte_writer_be16(&writer, answers);
	byte_writer_be16(&writer, (uint16_t)(settings->has_ns + settings->has_soa));
	byte_writer_be16(&writer, settings->extended_rcode != 0);
	if (!settings->lacks_question)
		write_question(&writer, settings, name);
	write_answers(&writer, settings);
	write_authority(&writer, settings);
	if (settings->extended_rcode != 0)
		write_opt(&writer, settings->extended_rcode);
	if (settings->has_trailing_octet)
		byte_writer_u8(&writer, 0);
	store_be16(reply, (uint16_t)(writer.length - 2));
	return writer.length;
}
