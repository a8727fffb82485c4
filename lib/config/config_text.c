/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config/config_text.h"

#define VISIBLE_MAX 120
#define QUOTED_MAX  64
#define WORD_MAX    32

/* Room for an escaped character, an ellipsis, a quotation mark and the end. */
#define ROOM_NEEDED 10

static size_t
write_visible(const char *text, size_t length, char *buffer, size_t offset)
{
	for (size_t i = 0; i < length && offset < CONFIG_QUOTE_SIZE - ROOM_NEEDED; i++) {
		uint8_t byte = (uint8_t)text[i];

		if (byte >= ' ' && byte < 0x7f)
			buffer[offset++] = text[i];
		else
			offset += (size_t)snprintf(buffer + offset, 5, "\\x%02x", byte);
	}
	buffer[offset] = '\0';
	return offset;
}

char *
config_text_quote(const char *text, char *buffer)
{
	size_t length = strlen(text);
	size_t shown = length <= QUOTED_MAX ? length : QUOTED_MAX - 3;

	buffer[0] = '"';
	size_t offset = write_visible(text, shown, buffer, 1);
	(void)snprintf(
		buffer + offset, CONFIG_QUOTE_SIZE - offset, "%s\"", shown < length ? "..." : "");
	return buffer;
}

char *
config_text_visible(const char *text, char *buffer)
{
	size_t length = strlen(text);
	size_t offset = 0;

	if (length > VISIBLE_MAX) {
		offset = (size_t)snprintf(buffer, CONFIG_QUOTE_SIZE, "...");
		text += length - VISIBLE_MAX;
		length = VISIBLE_MAX;
	}
	write_visible(text, length, buffer, offset);
	return buffer;
}

/*
 * One code point of well-formed UTF-8 (RFC 3629); returns its length, or 0 if it is not
 * well-formed.
 */
static size_t
decode(const uint8_t *bytes, uint32_t *point_out)
{
	size_t length = bytes[0] < 0x80   ? 1
			: bytes[0] < 0xc2 ? 0
			: bytes[0] < 0xe0 ? 2
			: bytes[0] < 0xf0 ? 3
			: bytes[0] < 0xf5 ? 4
					  : 0;
	uint32_t point = length < 2 ? bytes[0] : bytes[0] & (0x7fU >> length);

	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (bytes[i] & 0x3f);
	}
	*point_out = point;
	return length;
}

bool
config_text_is_printable(const char *text)
{
	const uint8_t *bytes = (const uint8_t *)text;

	while (*bytes != 0) {
		uint32_t point = 0;
		size_t length = decode(bytes, &point);

		if (length == 0 || point < 0x20 || (point >= 0x7f && point < 0xa0))
			return false;
		/*
		 * Line and paragraph separators, byte order mark, surrogates, and what is no
		 * character.
		 */
		if (point == 0x2028 || point == 0x2029 || point == 0xfeff || point > 0x10ffff)
			return false;
		if ((point >= 0xd800 && point < 0xe000) || point == 0xfffe || point == 0xffff)
			return false;
		bytes += length;
	}
	return true;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, where capitals do not matter; both words are at most WORD_MAX long. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1];
	size_t width = strlen(b);

	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				diagonal + (tolower((uint8_t)a[i - 1]) == tolower((uint8_t)b[j - 1])
							   ? 0
							   : 1));
			diagonal = above;
		}
	}
	return row[width];
}

const char *
config_text_nearest(const char *text, const char *const words[])
{
	const char *nearest = NULL;
	size_t length = strlen(text);
	/* A third of the letters may be wrong, and at least two. */
	size_t limit = length < 6 ? 2 : length / 3;

	if (length > WORD_MAX)
		return NULL;
	for (size_t i = 0; words[i] != NULL; i++) {
		if (strlen(words[i]) > WORD_MAX)
			continue;
		size_t apart = distance(text, words[i]);
		if (apart <= limit && apart < strlen(words[i]) && apart < length) {
			limit = apart - (apart > 0);
			nearest = words[i];
		}
	}
	return nearest;
}
