/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hexadecimal.h"

char *
hexadecimal_format(const uint8_t *bytes, size_t length, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * length] = '\0';
	return text;
}
