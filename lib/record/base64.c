/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
base64_encode(const uint8_t *bytes, size_t length, char *text)
{
	char *out = text;

	for (size_t i = 0; i < length; i += 3, out += 4) {
		const size_t left = length - i;
		const uint32_t group = (uint32_t)bytes[i] << 16 |
				       (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				       (left > 2 ? bytes[i + 2] : 0U);

		out[0] = alphabet[group >> 18];
		out[1] = alphabet[group >> 12 & 63];
		out[2] = left > 1 ? alphabet[group >> 6 & 63] : '=';
		out[3] = left > 2 ? alphabet[group & 63] : '=';
	}
	*out = '\0';
	return (size_t)(out - text);
}
