/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/line_cursor.h"
#include "base/hexadecimal.h"
#include "record/json_text.h"
#include "record/timestamp.h"

#define LONGEST_TEXT 4200 /* of OBSERVATION_TEXT bytes, each as \xNN */

/* What record_write leaves to JSON: quotes and backslashes. Other escapes are for the full reader. */
static bool
is_plain_escape(const struct line_cursor *cursor)
{
	return cursor->end - cursor->at > 1 && (cursor->at[1] == '"' || cursor->at[1] == '\\');
}

/* Text beyond ASCII must be as json_text_encode makes it, or it could not be written again. */
static bool
is_encoded(const struct line_text *text)
{
	char plain[LONGEST_TEXT];
	char bytes[LONGEST_TEXT];
	char again[JSON_TEXT_SIZE(LONGEST_TEXT)];

	if (text->length > LONGEST_TEXT)
		return false;
	const size_t length = line_text_copy(text, plain);
	const size_t decoded = json_text_decode(plain, length, bytes);
	return json_text_encode(bytes, decoded, again) == length &&
	       memcmp(plain, again, length) == 0;
}

struct line_text
line_cursor_take_string(struct line_cursor *cursor)
{
	struct line_text text = { NULL, 0, false };
	bool is_ascii = true;

	if (!LINE_SKIP(cursor, "\""))
		return text;
	text.bytes = cursor->at;
	while (cursor->at < cursor->end && *cursor->at != '"') {
		const unsigned char byte = (unsigned char)*cursor->at;

		if (byte < 0x20 || byte == 0x7f)
			break;
		if (byte == '\\' && !is_plain_escape(cursor))
			break;
		text.is_escaped |= byte == '\\';
		is_ascii &= byte < 0x80;
		cursor->at += byte == '\\' ? 2 : 1;
	}
	text.length = (uint32_t)(cursor->at - text.bytes);
	if (text.length > LONGEST_TEXT || (!is_ascii && !is_encoded(&text)))
		cursor->has_failed = true;
	(void)LINE_SKIP(cursor, "\"");
	return text;
}

struct line_text
line_cursor_take_text(struct line_cursor *cursor)
{
	if (line_cursor_take_null(cursor))
		return (struct line_text){ NULL, 0, false };
	return line_cursor_take_string(cursor);
}

bool
line_cursor_take_word(struct line_cursor *cursor, char *word, size_t size)
{
	const struct line_text text = line_cursor_take_string(cursor);

	if (cursor->has_failed || text.is_escaped || text.length >= size) {
		cursor->has_failed = true;
		return false;
	}
	memcpy(word, text.bytes, text.length);
	word[text.length] = '\0';
	return true;
}

uint64_t
line_cursor_take_number(struct line_cursor *cursor, uint64_t maximum)
{
	const char *start = cursor->at;
	uint64_t value = 0;

	while (!cursor->has_failed && cursor->at < cursor->end && *cursor->at >= '0' &&
		*cursor->at <= '9') {
		value = value * 10 + (uint64_t)(*cursor->at++ - '0');
		if (value > maximum || cursor->at - start > 18)
			cursor->has_failed = true;
	}
	if (cursor->at == start || (*start == '0' && cursor->at - start > 1))
		cursor->has_failed = true;
	return cursor->has_failed ? 0 : value;
}

bool
line_cursor_take_boolean(struct line_cursor *cursor)
{
	const bool value = line_cursor_is_at(cursor, 't');

	return (value ? LINE_SKIP(cursor, "true") : LINE_SKIP(cursor, "false")) && value;
}

bool
line_cursor_take_digest(struct line_cursor *cursor, uint8_t digest[32])
{
	const struct line_text text = line_cursor_take_text(cursor);

	if (cursor->has_failed || text.bytes == NULL)
		return false;
	if (text.length != 64 || !hexadecimal_parse(text.bytes, digest, 32))
		cursor->has_failed = true;
	return !cursor->has_failed;
}

bool
line_cursor_take_second(struct line_cursor *cursor, int64_t *second)
{
	char word[32];

	if (line_cursor_take_null(cursor))
		return false;
	if (!line_cursor_take_word(cursor, word, sizeof(word)))
		return false;
	if (!timestamp_parse_seconds(word, second))
		cursor->has_failed = true;
	return true;
}

size_t
line_text_copy(const struct line_text *text, char *buffer)
{
	size_t used = 0;

	for (size_t i = 0; i < text->length; i++) {
		if (text->bytes[i] == '\\' && i + 1 < text->length)
			i++;
		buffer[used++] = text->bytes[i];
	}
	return used;
}
