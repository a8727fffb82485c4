/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/first_bytes.h"

static const char *const first_bytes_texts[] = {
#define X(name, text) text,
	FIRST_BYTES_LIST(X)
#undef X
};

const char *
first_bytes_text(enum first_bytes kind)
{
	return first_bytes_texts[kind];
}

static bool
starts_with(const struct line_text *text, const char *hexadecimal)
{
	const size_t length = strlen(hexadecimal);

	return text->length >= length && memcmp(text->bytes, hexadecimal, length) == 0;
}

enum first_bytes
first_bytes_classify(const struct line_text *text)
{
	if (text->bytes == NULL || text->length < 2)
		return FIRST_BYTES_NONE;
	if (starts_with(text, "48545450"))
		return FIRST_BYTES_HTTP;
	if (starts_with(text, "5353482d"))
		return FIRST_BYTES_SSH;
	if (text->length >= 8 && text->bytes[0] == '3' && text->bytes[2] == '3' &&
		text->bytes[4] == '3' &&
		(starts_with(text, "32") || starts_with(text, "34") || starts_with(text, "35")))
		return FIRST_BYTES_GREETING;
	/* A length, an id, and the flags of a response (RFC 1035, section 4.2.2 and 4.1.1). */
	if (text->length >= 12 && text->bytes[0] == '0' && text->bytes[8] >= '8')
		return FIRST_BYTES_DNS;
	for (uint32_t i = 0; i + 1 < text->length; i += 2) {
		if ((text->bytes[i] < '2' || text->bytes[i] > '7') &&
			!(text->bytes[i] == '0' && strchr("9ad", text->bytes[i + 1]) != NULL))
			return FIRST_BYTES_BINARY;
	}
	return FIRST_BYTES_TEXT;
}
