/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "dot/tls_suites.h"

#define UNWANTED_RANK 7

static bool
has_word(const char *suite, size_t length, const char *word)
{
	const size_t word_length = strlen(word);

	for (size_t i = 0; i + word_length <= length; i++) {
		if (strncmp(suite + i, word, word_length) == 0)
			return true;
	}
	return false;
}

static unsigned int
curve_rank(const char *suite, size_t length)
{
	if (has_word(suite, length, "AES128-GCM"))
		return 1;
	if (has_word(suite, length, "GCM"))
		return 2;
	return has_word(suite, length, "CHACHA20") ? 3 : 4;
}

static unsigned int
suite_rank(const char *suite, size_t length)
{
	static const char *const unwanted[] = { "ADH-", "AECDH-", "NULL", "PSK" };

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++) {
		if (length == 0 || has_word(suite, length, unwanted[i]))
			return UNWANTED_RANK;
	}
	if (has_word(suite, length, "TLS13-"))
		return 0;
	if (has_word(suite, length, "ECDHE-"))
		return curve_rank(suite, length);
	return has_word(suite, length, "GCM") ? 5 : 6;
}

bool
tls_suites_order(const char *all, char wanted[TLS_SUITES_BYTES])
{
	size_t used = 0;

	for (unsigned int rank = 0; rank < UNWANTED_RANK; rank++) {
		for (const char *at = all; *at != '\0';) {
			const size_t length = strcspn(at, ":");
			if (suite_rank(at, length) == rank) {
				memcpy(wanted + used, at, length);
				used += length;
				wanted[used++] = ':';
			}
			at += length + (at[length] == ':' ? 1 : 0);
		}
	}
	if (used > 0)
		wanted[used - 1] = '\0';
	return used > 0;
}
