/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "dot/der_reader.h"

#define LENGTH_OCTETS_MAX 4 /* no certificate we take is longer than a 24-bit length */

static size_t
read_length(struct byte_reader *reader)
{
	uint8_t first = byte_reader_u8(reader);
	size_t length = 0;

	if (first < 0x80)
		return first;
	unsigned int octets = first & 0x7fU;
	if (octets == 0 || octets > LENGTH_OCTETS_MAX) {
		reader->has_failed = true;
		return 0;
	}
	for (unsigned int i = 0; i < octets; i++)
		length = length << 8 | byte_reader_u8(reader);
	return length;
}

bool
der_read_any(struct byte_reader *reader, struct der_value *value_out)
{
	const size_t start = reader->offset;
	uint8_t tag = byte_reader_u8(reader);

	if ((tag & 0x1f) == 0x1f)
		reader->has_failed = true;
	size_t length = read_length(reader);
	const uint8_t *contents = byte_reader_take(reader, length);
	if (contents == NULL)
		return false;
	*value_out = (struct der_value){
		.tag = tag,
		.contents = { contents, length },
		.whole = { reader->bytes + start, reader->offset - start },
	};
	return true;
}

bool
der_read(struct byte_reader *reader, uint8_t tag, struct der_value *value_out)
{
	struct der_value value;

	if (!der_read_any(reader, &value))
		return false;
	if (value.tag != tag) {
		reader->has_failed = true;
		return false;
	}
	*value_out = value;
	return true;
}

bool
der_read_optional(struct byte_reader *reader, uint8_t tag, struct der_value *value_out)
{
	if (reader->has_failed || byte_reader_left(reader) == 0)
		return false;
	if (reader->bytes[reader->offset] != tag)
		return false;
	return der_read_any(reader, value_out);
}

bool
der_is_at_end(const struct byte_reader *reader)
{
	return !reader->has_failed && byte_reader_left(reader) == 0;
}

void
der_enter(const struct der_value *value, struct byte_reader *reader_out)
{
	byte_reader_init(reader_out, value->contents.bytes, value->contents.length);
}

bool
der_bits(const struct der_value *value, struct byte_span *octets_out)
{
	if (value->contents.length < 1 || value->contents.bytes[0] != 0)
		return false;
	*octets_out = (struct byte_span){ value->contents.bytes + 1, value->contents.length - 1 };
	return true;
}

static bool
read_digits(struct byte_reader *reader, unsigned int count, int64_t *number_out)
{
	int64_t number = 0;

	for (unsigned int i = 0; i < count; i++) {
		uint8_t digit = byte_reader_u8(reader);
		if (digit < '0' || digit > '9')
			return false;
		number = number * 10 + (digit - '0');
	}
	*number_out = number;
	return true;
}

/* Days since 1970 of a date of the Gregorian calendar; months from March make the leap day the last one. */
static int64_t
days_from_date(int64_t year, int64_t month, int64_t day)
{
	if (month <= 2)
		year--;
	const int64_t era = (year >= 0 ? year : year - 399) / 400;
	const int64_t year_of_era = year - era * 400;
	const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
	const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
	const int64_t day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

bool
der_time(const struct der_value *value, int64_t *seconds_out)
{
	struct byte_reader reader;
	int64_t year, month, day, hour, minute, second;

	der_enter(value, &reader);
	if (value->tag == DER_UTC_TIME) {
		if (!read_digits(&reader, 2, &year))
			return false;
		year += year < 50 ? 2000 : 1900;
	} else if (value->tag != DER_GENERALIZED_TIME || !read_digits(&reader, 4, &year)) {
		return false;
	}
	if (!read_digits(&reader, 2, &month) || !read_digits(&reader, 2, &day) ||
		!read_digits(&reader, 2, &hour) || !read_digits(&reader, 2, &minute) ||
		!read_digits(&reader, 2, &second))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
		second > 60)
		return false;
	if (byte_reader_u8(&reader) != 'Z' || !der_is_at_end(&reader))
		return false;
	*seconds_out = ((days_from_date(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}

void
der_identifier_format(struct byte_span identifier, char *text, size_t capacity)
{
	uint64_t arc = 0;
	size_t used = 0;
	bool is_first = true;

	text[0] = '\0';
	for (size_t i = 0; i < identifier.length && used < capacity; i++) {
		arc = arc << 7 | (identifier.bytes[i] & 0x7f);
		if (identifier.bytes[i] & 0x80)
			continue;
		int added;
		if (is_first) {
			const uint64_t root = arc < 80 ? arc / 40 : 2;
			added = snprintf(text, capacity, "%llu.%llu", (unsigned long long)root,
				(unsigned long long)(arc - root * 40));
		} else {
			added = snprintf(
				text + used, capacity - used, ".%llu", (unsigned long long)arc);
		}
		used += (size_t)added;
		is_first = false;
		arc = 0;
	}
}
