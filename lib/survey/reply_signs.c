/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "survey/reply_signs.h"

/* Of replies (RFC 8467 section 4.1), and of queries, to which some software pads replies as well. */
#define BLOCK_OF_REPLIES 468
#define BLOCK_OF_QUERIES 128
#define LONGEST_OPTIONS  100 /* 16 numbers of five digits, with commas */

const char *
reply_signs_flags(const struct line_query *reply, char text[REPLY_SIGN_SIZE])
{
	static const char qr[] = "\"qr\"";
	size_t used = 0;
	uint32_t at = 0;

	if (reply->flags.length >= sizeof(qr) - 1 &&
		memcmp(reply->flags.bytes, qr, sizeof(qr) - 1) == 0)
		at = sizeof(qr);
	for (; at < reply->flags.length && used < REPLY_SIGN_SIZE - 1; at++) {
		const char byte = reply->flags.bytes[at];

		if (byte != '"')
			text[used++] = byte == ',' ? '+' : byte;
	}
	text[used] = '\0';
	return used == 0 ? strcpy(text, "none") : text;
}

const char *
reply_signs_edns(const struct line_query *reply, char text[REPLY_SIGN_SIZE])
{
	const struct line_edns *edns = &reply->edns;
	char version[16] = "";

	if (!edns->is_known)
		return strcpy(text, "unknown");
	if (!edns->is_present)
		return strcpy(text, "none");
	if (edns->version != 0)
		(void)snprintf(version, sizeof(version), "+v%u", (unsigned int)edns->version);
	(void)snprintf(text, REPLY_SIGN_SIZE, "%u%s%s", (unsigned int)edns->udp_size,
		edns->has_do ? "+do" : "", version);
	return text;
}

/* The padding option alone does not tell to what: the length of the reply does. */
const char *
reply_signs_padding(const struct line_query *reply, char text[REPLY_SIGN_SIZE])
{
	const struct line_edns *edns = &reply->edns;

	if (!edns->is_known)
		return strcpy(text, "unknown");
	if (edns->padding < 0)
		return strcpy(text, "none");
	if (edns->octets % BLOCK_OF_REPLIES == 0)
		return strcpy(text, "468");
	return strcpy(text, edns->octets % BLOCK_OF_QUERIES == 0 ? "128" : "other");
}

const char *
reply_signs_options(const struct line_query *reply, char text[REPLY_SIGN_SIZE])
{
	const struct line_edns *edns = &reply->edns;
	const size_t length =
		edns->options.length < LONGEST_OPTIONS ? edns->options.length : LONGEST_OPTIONS;

	if (!edns->is_known)
		return strcpy(text, "unknown");
	for (size_t i = 0; i < length; i++)
		text[i] = edns->options.bytes[i] == ',' ? '+' : edns->options.bytes[i];
	text[length] = '\0';
	if (edns->has_broken_options)
		return strcat(text, length == 0 ? "broken" : "+broken");
	return length == 0 ? strcpy(text, "none") : text;
}
