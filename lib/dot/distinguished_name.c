/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "base/byte_writer.h"
#include "base/hexadecimal.h"
#include "dot/der_reader.h"
#include "dot/distinguished_name.h"

#define PARTS_MAX 64 /* attributes looked at in one name; real ones have fewer than ten */

struct attribute {
	struct byte_span identifier;
	struct der_value value;
	bool joins_previous; /* in one set with the attribute before it */
};

struct attribute_list {
	struct attribute attributes[PARTS_MAX];
	size_t count;
};

static const struct {
	const char *text;
	uint8_t length;
	uint8_t identifier[10];
} known_types[] = {
	{ "CN", 3, { 0x55, 0x04, 0x03 } },
	{ "L", 3, { 0x55, 0x04, 0x07 } },
	{ "ST", 3, { 0x55, 0x04, 0x08 } },
	{ "O", 3, { 0x55, 0x04, 0x0a } },
	{ "OU", 3, { 0x55, 0x04, 0x0b } },
	{ "C", 3, { 0x55, 0x04, 0x06 } },
	{ "STREET", 3, { 0x55, 0x04, 0x09 } },
	{ "serialNumber", 3, { 0x55, 0x04, 0x05 } },
	{ "DC", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19 } },
	{ "UID", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01 } },
	{ "emailAddress", 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 } },
};

static bool
read_set(const struct der_value *set, struct attribute_list *list)
{
	struct byte_reader parts, pair_reader;
	struct der_value pair, identifier;

	der_enter(set, &parts);
	for (bool is_first = true; byte_reader_left(&parts) > 0; is_first = false) {
		struct attribute attribute = { .joins_previous = !is_first };

		if (list->count == PARTS_MAX || !der_read(&parts, DER_SEQUENCE, &pair))
			return false;
		der_enter(&pair, &pair_reader);
		if (!der_read(&pair_reader, DER_OBJECT_IDENTIFIER, &identifier) ||
			!der_read_any(&pair_reader, &attribute.value))
			return false;
		attribute.identifier = identifier.contents;
		list->attributes[list->count++] = attribute;
	}
	return true;
}

static void
read_name(struct byte_span name, struct attribute_list *list)
{
	struct byte_reader reader, sets;
	struct der_value sequence, set;

	list->count = 0;
	byte_reader_init(&reader, name.bytes, name.length);
	if (!der_read(&reader, DER_SEQUENCE, &sequence))
		return;
	der_enter(&sequence, &sets);
	while (byte_reader_left(&sets) > 0) {
		if (!der_read(&sets, DER_SET, &set) || !read_set(&set, list))
			return;
	}
}

static bool
is_string(uint8_t tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_T61_STRING ||
	       tag == DER_IA5_STRING || tag == DER_VISIBLE_STRING || tag == DER_BMP_STRING ||
	       tag == DER_UNIVERSAL_STRING;
}

/* One character as UTF-8; returns its length. Numbers that are no characters come out as they would, for the writer to escape. */
static size_t
encode_utf8(uint32_t character, uint8_t bytes[4])
{
	if (character < 0x80) {
		bytes[0] = (uint8_t)character;
		return 1;
	}
	if (character < 0x800) {
		bytes[0] = (uint8_t)(0xc0 | character >> 6);
		bytes[1] = (uint8_t)(0x80 | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		bytes[0] = (uint8_t)(0xe0 | character >> 12);
		bytes[1] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
		bytes[2] = (uint8_t)(0x80 | (character & 0x3f));
		return 3;
	}
	bytes[0] = (uint8_t)(0xf0 | (character >> 18 & 0x07));
	bytes[1] = (uint8_t)(0x80 | (character >> 12 & 0x3f));
	bytes[2] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
	bytes[3] = (uint8_t)(0x80 | (character & 0x3f));
	return 4;
}

/* The next character of a string as it is to appear; returns how many bytes it has, 0 at the end. */
static size_t
next_character(struct byte_reader *reader, uint8_t tag, uint8_t bytes[4])
{
	const size_t left = byte_reader_left(reader);

	if (tag == DER_BMP_STRING)
		return left < 2 ? 0 : encode_utf8(byte_reader_be16(reader), bytes);
	if (tag == DER_UNIVERSAL_STRING)
		return left < 4 ? 0 : encode_utf8(byte_reader_be32(reader), bytes);
	if (left == 0)
		return 0;
	bytes[0] = byte_reader_u8(reader);
	return 1;
}

static void
write_type(struct byte_writer *writer, struct byte_span identifier)
{
	char dotted[64];

	for (size_t i = 0; i < sizeof(known_types) / sizeof(known_types[0]); i++) {
		const struct byte_span known = { known_types[i].identifier, known_types[i].length };
		if (byte_span_equal(identifier, known)) {
			byte_writer_bytes(writer, known_types[i].text, strlen(known_types[i].text));
			return;
		}
	}
	der_identifier_format(identifier, dotted, sizeof(dotted));
	byte_writer_bytes(writer, dotted, strlen(dotted));
}

static bool
needs_escape(uint8_t byte, bool is_first, bool is_last)
{
	switch (byte) {
	case '"':
	case '+':
	case ',':
	case ';':
	case '<':
	case '>':
	case '\\':
		return true;
	case '#':
		return is_first;
	case ' ':
		return is_first || is_last;
	default:
		return false;
	}
}

/* Values of other types: their DER in hexadecimal (RFC 4514 section 2.4). */
static void
write_hexadecimal(struct byte_writer *writer, struct byte_span whole)
{
	byte_writer_u8(writer, '#');
	for (size_t i = 0; i < whole.length && !writer->has_failed; i++) {
		char digits[3];
		byte_writer_bytes(writer, hexadecimal_format(whole.bytes + i, 1, digits), 2);
	}
}

static void
write_value(struct byte_writer *writer, const struct der_value *value)
{
	struct byte_reader reader;
	uint8_t bytes[4];
	size_t length;

	if (!is_string(value->tag)) {
		write_hexadecimal(writer, value->whole);
		return;
	}
	der_enter(value, &reader);
	bool is_first = true;
	while (!writer->has_failed && (length = next_character(&reader, value->tag, bytes)) > 0) {
		if (length == 1 && needs_escape(bytes[0], is_first, byte_reader_left(&reader) == 0))
			byte_writer_u8(writer, '\\');
		byte_writer_bytes(writer, bytes, length);
		is_first = false;
	}
}

size_t
distinguished_name_format(struct byte_span name, uint8_t *text, size_t capacity)
{
	struct attribute_list list;
	struct byte_writer writer;

	read_name(name, &list);
	byte_writer_init(&writer, text, capacity);
	/* Sets come last first, the attributes of one set in their own order. */
	for (size_t end = list.count; end > 0;) {
		size_t start = end - 1;

		while (start > 0 && list.attributes[start].joins_previous)
			start--;
		for (size_t i = start; i < end; i++) {
			if (i > start)
				byte_writer_u8(&writer, '+');
			else if (writer.length > 0)
				byte_writer_u8(&writer, ',');
			write_type(&writer, list.attributes[i].identifier);
			byte_writer_u8(&writer, '=');
			write_value(&writer, &list.attributes[i].value);
		}
		end = start;
	}
	return writer.length;
}

bool
distinguished_name_common(struct byte_span name, uint8_t *text, size_t capacity, size_t *length_out)
{
	const struct byte_span common = { known_types[0].identifier, known_types[0].length };
	struct attribute_list list;
	struct byte_reader reader;
	struct byte_writer writer;
	uint8_t bytes[4];
	size_t length;

	read_name(name, &list);
	for (size_t i = list.count; i > 0; i--) {
		const struct attribute *attribute = &list.attributes[i - 1];

		if (!byte_span_equal(attribute->identifier, common) ||
			!is_string(attribute->value.tag))
			continue;
		der_enter(&attribute->value, &reader);
		byte_writer_init(&writer, text, capacity);
		while ((length = next_character(&reader, attribute->value.tag, bytes)) > 0 &&
			!writer.has_failed)
			byte_writer_bytes(&writer, bytes, length);
		*length_out = writer.length;
		return true;
	}
	return false;
}

static bool
is_blank(uint8_t byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* T61 strings are Latin-1 to everybody who compares them. */
static size_t
next_canonical(struct byte_reader *reader, uint8_t tag, uint8_t bytes[4])
{
	if (tag == DER_T61_STRING)
		return byte_reader_left(reader) == 0 ? 0
						     : encode_utf8(byte_reader_u8(reader), bytes);
	return next_character(reader, tag, bytes);
}

static void
hash_string(wc_Sha256 *hash, const struct der_value *value)
{
	struct byte_reader reader;
	uint8_t bytes[4];
	size_t length;
	bool has_word = false;
	bool owes_blank = false;

	der_enter(value, &reader);
	while ((length = next_canonical(&reader, value->tag, bytes)) > 0) {
		if (length == 1 && is_blank(bytes[0])) {
			owes_blank = has_word;
			continue;
		}
		if (owes_blank)
			(void)wc_Sha256Update(hash, (const byte *)" ", 1);
		if (length == 1 && bytes[0] >= 'A' && bytes[0] <= 'Z')
			bytes[0] = (uint8_t)(bytes[0] + ('a' - 'A'));
		(void)wc_Sha256Update(hash, bytes, (word32)length);
		has_word = true;
		owes_blank = false;
	}
}

void
distinguished_name_id(struct byte_span name, uint8_t id[DISTINGUISHED_NAME_ID_BYTES])
{
	static const uint8_t string_mark[] = { 0, DER_UTF8_STRING };
	static const uint8_t other_mark[] = { 0, 0 };
	struct attribute_list list;
	wc_Sha256 hash;

	read_name(name, &list);
	(void)wc_InitSha256(&hash);
	for (size_t i = 0; i < list.count; i++) {
		const struct attribute *attribute = &list.attributes[i];
		const uint8_t mark = attribute->joins_previous ? 1 : 2;

		(void)wc_Sha256Update(&hash, &mark, 1);
		(void)wc_Sha256Update(
			&hash, attribute->identifier.bytes, (word32)attribute->identifier.length);
		if (is_string(attribute->value.tag)) {
			(void)wc_Sha256Update(&hash, string_mark, sizeof(string_mark));
			hash_string(&hash, &attribute->value);
		} else {
			(void)wc_Sha256Update(&hash, other_mark, sizeof(other_mark));
			(void)wc_Sha256Update(&hash, attribute->value.whole.bytes,
				(word32)attribute->value.whole.length);
		}
	}
	(void)wc_Sha256Final(&hash, id);
	wc_Sha256Free(&hash);
}
