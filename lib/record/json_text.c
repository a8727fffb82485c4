/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "record/json_text.h"

static bool
is_hexadecimal(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
}

static bool
is_escape(const char *text, size_t left)
{
	return left >= 4 && text[0] == '\\' && text[1] == 'x' && is_hexadecimal(text[2]) &&
	       is_hexadecimal(text[3]);
}

/* How many bytes the valid UTF-8 character at bytes has (RFC 3629, section 4), or 0. */
static size_t
character_length(const uint8_t *bytes, size_t left)
{
	const uint8_t first = bytes[0];
	size_t length = 1;
	uint8_t low =
		0x80; /* the range of the second byte shuts out overlong forms, surrogates and */
	uint8_t high = 0xbf; /* what lies above U+10FFFF */

	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf) {
		length = 2;
	} else if ((first & 0xf0) == 0xe0) {
		length = 3;
		low = first == 0xe0 ? 0xa0 : 0x80;
		high = first == 0xed ? 0x9f : 0xbf;
	} else if (first >= 0xf0 && first <= 0xf4) {
		length = 4;
		low = first == 0xf0 ? 0x90 : 0x80;
		high = first == 0xf4 ? 0x8f : 0xbf;
	}
	if (length == 1 || length > left || bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	return length;
}

/* C0, DEL and C1 would move a reader's cursor or worse. */
static bool
is_control(const uint8_t *bytes)
{
	return bytes[0] < 0x20 || bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

static size_t
escape(uint8_t byte, char *text)
{
	static const char digits[] = "0123456789abcdef";

	text[0] = '\\';
	text[1] = 'x';
	text[2] = digits[byte >> 4];
	text[3] = digits[byte & 15];
	return 4;
}

size_t
json_text_encode(const void *bytes, size_t length, char *text)
{
	const uint8_t *input = bytes;
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		const size_t valid = character_length(input + i, length - i);

		if (valid == 0 || is_control(input + i) ||
			is_escape((const char *)input + i, length - i)) {
			used += escape(input[i], text + used);
			i++;
			continue;
		}
		memcpy(text + used, input + i, valid);
		used += valid;
		i += valid;
	}
	text[used] = '\0';
	return used;
}

static uint8_t
digit_value(char digit)
{
	return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

size_t
json_text_decode(const char *text, size_t length, void *bytes)
{
	uint8_t *output = bytes;
	size_t used = 0;

	for (size_t i = 0; i < length; used++) {
		if (is_escape(text + i, length - i)) {
			output[used] =
				(uint8_t)(digit_value(text[i + 2]) << 4 | digit_value(text[i + 3]));
			i += 4;
		} else {
			output[used] = (uint8_t)text[i++];
		}
	}
	return used;
}
