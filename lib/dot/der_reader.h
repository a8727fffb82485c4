/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DER_READER_H
#define DER_READER_H

#include "base/byte_reader.h"
#include "base/byte_span.h"

/*
 * The tag-length-value layer of DER (ITU-T X.690): definite lengths of at most four octets, one-octet tags. It reads through
 * a byte_reader, so a value never reaches past the one it lies in, and a failure sticks to the reader.
 */
enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OBJECT_IDENTIFIER = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE_STRING = 0x1a,
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

#define DER_CONTEXT(number)             (0x80 | (number))
#define DER_CONTEXT_CONSTRUCTED(number) (0xa0 | (number))

struct der_value {
	uint8_t tag;
	struct byte_span contents;
	struct byte_span whole; /* tag and length included */
};

/* The next value, of any tag. Returns false, and fails the reader, if there is no whole one. */
bool der_read_any(struct byte_reader *reader, struct der_value *value_out);

/* The next value, which must have that tag. */
bool der_read(struct byte_reader *reader, uint8_t tag, struct der_value *value_out);

/* The next value if it has that tag; otherwise false and the reader stays where it was, without failing. */
bool der_read_optional(struct byte_reader *reader, uint8_t tag, struct der_value *value_out);

/* Whether nothing is left and nothing has failed. */
bool der_is_at_end(const struct byte_reader *reader);

/* A reader over the contents of a value. */
void der_enter(const struct der_value *value, struct byte_reader *reader_out);

/* A BIT STRING of whole octets: its octets. Returns false for any other. */
bool der_bits(const struct der_value *value, struct byte_span *octets_out);

/* UTCTime or GeneralizedTime in UTC (RFC 5280 section 4.1.2.5) as seconds since 1970. Returns false on any other form. */
bool der_time(const struct der_value *value, int64_t *seconds_out);

/* The object identifier in dotted decimal, cut at capacity; text is always terminated. */
void der_identifier_format(struct byte_span identifier, char *text, size_t capacity);

#endif
