/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/byte_order.h"
#include "packet/checksum.h"
#include "packet/wire_headers.h"

uint64_t
checksum_add(uint64_t sum, const void *bytes, size_t length)
{
	const uint8_t *cursor = bytes;
	unsigned __int128 wide = 0;

	/* 64-bit words: the end-around carries are the same, in a quarter of the additions. */
	for (; length >= 32; length -= 32, cursor += 32) {
		uint64_t words[4];
		memcpy(words, cursor, 32);
		wide += words[0];
		wide += words[1];
		wide += words[2];
		wide += words[3];
	}
	for (; length >= 8; length -= 8, cursor += 8) {
		uint64_t word;
		memcpy(&word, cursor, 8);
		wide += word;
	}
	sum += (uint64_t)(wide & UINT32_MAX) + (uint64_t)(wide >> 32 & UINT32_MAX) +
	       (uint64_t)(wide >> 64);
	if (length >= 4) {
		uint32_t word;
		memcpy(&word, cursor, 4);
		sum += word;
		cursor += 4;
		length -= 4;
	}
	if (length >= 2) {
		uint16_t word;
		memcpy(&word, cursor, 2);
		sum += word;
		cursor += 2;
		length -= 2;
	}
	if (length == 1)
		sum += cursor[0];
	return sum;
}

uint16_t
checksum_tcp(const uint8_t *ipv4_header, const uint8_t *tcp, size_t tcp_length)
{
	uint8_t tail[4] = { 0, IP_PROTOCOL_TCP, 0, 0 };

	store_be16(tail + 2, (uint16_t)tcp_length);
	/* Pseudo-header: both addresses, protocol, length (RFC 9293 section 3.1). */
	uint64_t sum = checksum_add(0, ipv4_header + IPV4_OFFSET_SOURCE, 8);
	sum = checksum_add(sum, tail, sizeof(tail));
	return checksum_finish(checksum_add(sum, tcp, tcp_length));
}
