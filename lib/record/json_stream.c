/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/hexadecimal.h"
#include "record/json_stream.h"
#include "record/json_text.h"
#include "record/line_buffer.h"
#include "record/observation.h"

/* A comma, the quotes of the key and its colon. */
#define LEAD_BYTES    4
#define DECIMAL_BYTES 20 /* of INT64_MIN; UINT64_MAX has as many digits */

/* Everything between the value before and this one. Returns where room bytes of the value may be written, or NULL. */
static char *
lead(struct json_stream *stream, const char *key, size_t room)
{
	const size_t key_length = key == NULL ? 0 : strlen(key);

	assert(stream->depth > 0 && stream->is_array[stream->depth - 1] == (key == NULL));
	if (stream->has_failed)
		return NULL;
	char *to = line_buffer_room(stream->buffer, key_length + LEAD_BYTES + room);
	if (to == NULL) {
		stream->has_failed = true;
		return NULL;
	}
	if (stream->needs_comma)
		*to++ = ',';
	if (key != NULL) {
		*to++ = '"';
		memcpy(to, key, key_length);
		to += key_length;
		*to++ = '"';
		*to++ = ':';
	}
	stream->needs_comma = true;
	return to;
}

static void
finish(struct json_stream *stream, const char *end)
{
	stream->buffer->length = (size_t)(end - stream->buffer->bytes);
}

static void
put_literal(struct json_stream *stream, const char *key, const char *literal)
{
	const size_t length = strlen(literal);
	char *to = lead(stream, key, length);

	if (to == NULL)
		return;
	memcpy(to, literal, length);
	finish(stream, to + length);
}

static void
enter(struct json_stream *stream, bool is_array)
{
	assert(stream->depth < JSON_STREAM_DEPTH);
	stream->is_array[stream->depth++] = is_array;
	stream->needs_comma = false;
}

void
json_stream_begin(struct json_stream *stream, struct line_buffer *buffer)
{
	*stream = (struct json_stream){ .buffer = buffer, .start = buffer->length };
	stream->has_failed = line_buffer_append(buffer, "{", 1) != 0;
	enter(stream, false);
}

int
json_stream_end(struct json_stream *stream)
{
	assert(stream->depth == 1);
	if (!stream->has_failed && line_buffer_append(stream->buffer, "}\n", 2) == 0)
		return 0;
	stream->buffer->length = stream->start;
	return ERROR_MEMORY;
}

void
json_stream_object(struct json_stream *stream, const char *key)
{
	put_literal(stream, key, "{");
	enter(stream, false);
}

void
json_stream_array(struct json_stream *stream, const char *key)
{
	put_literal(stream, key, "[");
	enter(stream, true);
}

void
json_stream_close(struct json_stream *stream)
{
	assert(stream->depth > 1);
	const char *end = stream->is_array[--stream->depth] ? "]" : "}";

	stream->needs_comma = true;
	if (!stream->has_failed && line_buffer_append(stream->buffer, end, 1) != 0)
		stream->has_failed = true;
}

void
json_stream_null(struct json_stream *stream, const char *key)
{
	put_literal(stream, key, "null");
}

void
json_stream_boolean(struct json_stream *stream, const char *key, bool value)
{
	put_literal(stream, key, value ? "true" : "false");
}

void
json_stream_integer(struct json_stream *stream, const char *key, int64_t value)
{
	char digits[DECIMAL_BYTES];
	size_t first = sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char *to = lead(stream, key, 1 + sizeof(digits));

	if (to == NULL)
		return;
	do
		digits[--first] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (value < 0)
		*to++ = '-';
	memcpy(to, digits + first, sizeof(digits) - first);
	finish(stream, to + sizeof(digits) - first);
}

void
json_stream_optional(struct json_stream *stream, const char *key, bool has_value, int64_t value)
{
	if (has_value)
		json_stream_integer(stream, key, value);
	else
		json_stream_null(stream, key);
}

/* RFC 8259 section 7; what json_text makes has no control characters. */
static char *
escape(char *to, const char *bytes, size_t length)
{
	char text[JSON_TEXT_SIZE(OBSERVATION_TEXT)];
	const size_t used = json_text_encode(bytes, length, text);

	for (size_t i = 0; i < used; i++) {
		if (text[i] == '"' || text[i] == '\\')
			*to++ = '\\';
		*to++ = text[i];
	}
	return to;
}

static inline bool
is_plain(char character)
{
	return character >= 0x20 && character < 0x7f && character != '"' && character != '\\';
}

#define EIGHT(byte) (0x0101010101010101ULL * (byte))

static inline uint64_t
has_byte(uint64_t word, uint8_t byte)
{
	const uint64_t zeroed = word ^ EIGHT(byte);

	return (zeroed - EIGHT(0x01)) & ~zeroed & EIGHT(0x80);
}

/* is_plain of eight at once: none has its top bit, is below a blank, or one of the three. */
static inline bool
are_plain(uint64_t word)
{
	const uint64_t is_below = (word - EIGHT(0x20)) & ~word;

	return ((word | is_below) & EIGHT(0x80)) == 0 &&
	       (has_byte(word, 0x7f) | has_byte(word, '"') | has_byte(word, '\\')) == 0;
}

/* Copies what needs no escape; returns how much. A third of the time of one by one. */
static size_t
copy_plain(char *to, const char *bytes, size_t length)
{
	size_t plain = 0;
	uint64_t word;

	for (; length - plain >= sizeof(word); plain += sizeof(word)) {
		memcpy(&word, bytes + plain, sizeof(word));
		if (!are_plain(word))
			break;
		memcpy(to + plain, &word, sizeof(word));
	}
	for (; plain < length && is_plain(bytes[plain]); plain++)
		to[plain] = bytes[plain];
	return plain;
}

void
json_stream_bytes(struct json_stream *stream, const char *key, const char *bytes, size_t length)
{
	if (bytes == NULL) {
		json_stream_null(stream, key);
		return;
	}
	if (length > OBSERVATION_TEXT)
		length = OBSERVATION_TEXT;
	/* A byte becomes \xNN, whose backslash is escaped again. */
	char *to = lead(stream, key, 5 * length + 2);
	if (to == NULL)
		return;
	*to++ = '"';
	const size_t plain = copy_plain(to, bytes, length);
	to += plain;
	if (plain < length)
		to = escape(to, bytes + plain, length - plain);
	*to++ = '"';
	finish(stream, to);
}

void
json_stream_words(struct json_stream *stream, const char *key, const char *text)
{
	json_stream_bytes(stream, key, text[0] == '\0' ? NULL : text, strlen(text));
}

void
json_stream_hexadecimal(
	struct json_stream *stream, const char *key, const uint8_t *bytes, size_t length)
{
	if (bytes == NULL) {
		json_stream_null(stream, key);
		return;
	}
	/* hexadecimal_format ends its text, where the closing quote then goes. */
	char *to = lead(stream, key, 2 * length + 3);
	if (to == NULL)
		return;
	*to++ = '"';
	(void)hexadecimal_format(bytes, length, to);
	to += 2 * length;
	*to++ = '"';
	finish(stream, to);
}
