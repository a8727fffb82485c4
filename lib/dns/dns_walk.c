/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/dns_walk.h"
#include "base/byte_order.h"
#include "base/byte_reader.h"
#include "dns/dns_rdata.h"

static bool
read_name(struct byte_reader *reader, struct dns_name *name_out)
{
	if (reader->has_failed ||
		!dns_name_read(reader->bytes, reader->length, &reader->offset, name_out)) {
		reader->has_failed = true;
		return false;
	}
	return true;
}

static bool
strings_fill(const uint8_t *data, size_t length)
{
	size_t at = 0;

	while (at < length)
		at += (size_t)data[at] + 1;
	return at == length && length > 0;
}

/* Whether the data ends exactly where RDLENGTH says. */
static bool
data_fits(const uint8_t *message, const struct dns_record *record)
{
	const struct dns_rdata_shape *shape = dns_rdata_shape(record->type);
	const size_t end = record->data + record->data_length;
	size_t at = record->data;

	if (shape == NULL)
		return true;
	if (shape->has_strings)
		return strings_fill(message + at, record->data_length);
	if (record->data_length < shape->fixed_before)
		return false;
	at += shape->fixed_before;
	for (unsigned int i = 0; i < shape->names; i++) {
		if (!dns_name_read(message, end, &at, NULL))
			return false;
	}
	return end - at == shape->fixed_after;
}

/* EDNS: the TTL's first octet is the upper part of the rcode (RFC 6891 section 6.1.3). */
static const char *
take_opt(const struct dns_record *record, const uint8_t *message, struct dns_walk *walk,
	bool *has_opt)
{
	if (*has_opt)
		return "two OPT records";
	if (record->section != DNS_SECTION_ADDITIONAL || message[record->owner] != 0)
		return "OPT out of place";
	*has_opt = true;
	walk->rcode |= (int)(record->ttl >> 24) << 4;
	return NULL;
}

static const char *
read_record(
	struct byte_reader *reader, enum dns_section section, struct dns_walk *walk, bool *has_opt)
{
	struct dns_record *record = &walk->records[walk->record_count];

	record->section = section;
	record->owner = reader->offset;
	if (!read_name(reader, NULL))
		return "bad owner name";
	record->type = byte_reader_be16(reader);
	record->class = byte_reader_be16(reader);
	record->ttl = byte_reader_be32(reader);
	record->data_length = byte_reader_be16(reader);
	record->data = reader->offset;
	byte_reader_skip(reader, record->data_length);
	if (reader->has_failed)
		return "record cut off";
	if (record->type == DNS_TYPE_TSIG)
		return "TSIG without being asked";
	if (!data_fits(walk->message, record))
		return "data that does not fit its length";
	walk->record_count++;
	return record->type == DNS_TYPE_OPT ? take_opt(record, walk->message, walk, has_opt) : NULL;
}

static const char *
read_question(struct byte_reader *reader, struct dns_walk *walk)
{
	if (!read_name(reader, &walk->question_name))
		return "bad question name";
	walk->question_type = byte_reader_be16(reader);
	walk->question_class = byte_reader_be16(reader);
	walk->has_question = true;
	return reader->has_failed ? "question cut off" : NULL;
}

static const char *
read_message(struct byte_reader *reader, size_t record_max, struct dns_walk *walk)
{
	uint16_t counts[3];
	const char *reason = NULL;
	bool has_opt = false;

	walk->id = byte_reader_be16(reader);
	walk->flags = byte_reader_be16(reader);
	walk->rcode = walk->flags & 0x000f;
	const uint16_t questions = byte_reader_be16(reader);
	for (unsigned int i = 0; i < 3; i++)
		counts[i] = byte_reader_be16(reader);
	if (reader->has_failed)
		return "no header";
	if (questions > 1)
		return "several questions";
	if ((size_t)counts[0] + counts[1] + counts[2] > record_max)
		return "too many records";
	if (questions == 1)
		reason = read_question(reader, walk);
	for (unsigned int section = 0; section < 3; section++) {
		for (unsigned int i = 0; i < counts[section] && reason == NULL; i++)
			reason = read_record(reader, (enum dns_section)section, walk, &has_opt);
	}
	if (reason == NULL && byte_reader_left(reader) > 0)
		reason = "octets behind the last record";
	return reason;
}

bool
dns_walk_message(const uint8_t *message, size_t length, const struct dns_walk_room *room,
	struct dns_walk *walk_out, const char **reason_out)
{
	struct byte_reader reader;

	walk_out->message = message;
	walk_out->length = length;
	walk_out->has_question = false;
	walk_out->records = room->records;
	walk_out->record_count = 0;
	if (length > room->message_max) {
		*reason_out = "longer than any answer to us";
		return false;
	}
	byte_reader_init(&reader, message, length);
	const char *reason = read_message(&reader, room->record_max, walk_out);
	if (reason != NULL)
		*reason_out = reason;
	return reason == NULL;
}

void
dns_walk_owner(
	const struct dns_walk *walk, const struct dns_record *record, struct dns_name *name_out)
{
	size_t at = record->owner;

	/* The walk has read it once. */
	(void)dns_name_read(walk->message, walk->length, &at, name_out);
}

const struct dns_record *
dns_walk_find_opt(const struct dns_walk *walk)
{
	for (size_t i = 0; i < walk->record_count; i++) {
		if (walk->records[i].type == DNS_TYPE_OPT)
			return &walk->records[i];
	}
	return NULL;
}

size_t
dns_walk_rdata(const struct dns_walk *walk, const struct dns_record *record, uint8_t *rdata)
{
	const struct dns_rdata_shape *shape = dns_rdata_shape(record->type);
	const size_t end = record->data + record->data_length;
	size_t at = record->data;
	size_t length = 0;

	if (shape != NULL && shape->names > 0) {
		memcpy(rdata, walk->message + at, shape->fixed_before);
		at += shape->fixed_before;
		length = shape->fixed_before;
		for (unsigned int i = 0; i < shape->names; i++) {
			struct dns_name name = { .length = 0 };
			(void)dns_name_read(walk->message, end, &at, &name);
			memcpy(rdata + length, name.bytes, name.length);
			length += name.length;
		}
	}
	memcpy(rdata + length, walk->message + at, end - at);
	return length + (end - at);
}
