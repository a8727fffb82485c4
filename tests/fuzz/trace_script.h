/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_SCRIPT_H
#define TRACE_SCRIPT_H

#include <string.h>

#include "trace/exchange.h"

/*
 * A fuzz input as a list of messages for exchanges: an octet of mode, an octet of length, and so many octets. Odd modes have the id and
 * the question put right, since no fuzzer would guess them, but for the case of one letter with 32. The two upper bits of the mode
 * make the length up to four times as long.
 */
struct trace_script {
	const uint8_t *data;
	size_t size;
	size_t at;
};

/* The next message, at most 4 * 255 octets and a question. Returns its length; *mode_out is 0 at the end of the script. */
static inline size_t
trace_script_next(struct trace_script *script, const struct exchange *exchange, uint8_t *bytes,
	uint8_t *mode_out)
{
	uint8_t query[QUERY_MESSAGE_BYTES];

	*mode_out = 0;
	if (script->size - script->at < 2)
		return 0;
	const uint8_t mode = script->data[script->at];
	size_t length = script->data[script->at + 1] * (size_t)(1 + mode / 64);
	*mode_out = mode;
	script->at += 2;
	if (length > script->size - script->at)
		length = script->size - script->at;
	memcpy(bytes, script->data + script->at, length);
	script->at += length;
	if ((mode & 1) == 0 || length < DNS_HEADER_BYTES)
		return length;
	/* A header as the script has it, but for the id and the question, and then its records. */
	const size_t question =
		exchange_query(exchange, query) - (exchange->query.has_edns ? 11 : 0);
	memmove(bytes + question, bytes + DNS_HEADER_BYTES, length - DNS_HEADER_BYTES);
	memcpy(bytes + DNS_HEADER_BYTES, query + DNS_HEADER_BYTES, question - DNS_HEADER_BYTES);
	memcpy(bytes, query, 2);
	bytes[2] = (uint8_t)((bytes[2] & 0x87) | 0x80);
	if ((mode & 32) != 0)
		bytes[DNS_HEADER_BYTES + 1] ^= 0x20;
	bytes[4] = 0;
	bytes[5] = 1;
	return length + question - DNS_HEADER_BYTES;
}

#endif
