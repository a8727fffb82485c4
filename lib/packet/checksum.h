/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The Internet checksum, RFC 1071. Partial sums are of 16-bit words in memory order, so no swap is needed. */

/* Adds the bytes to a partial sum; an odd last byte is padded, so only the last piece may be odd. */
uint64_t checksum_add(uint64_t sum, const void *bytes, size_t length);

/* Folds every carry (once is not enough) and complements: the value to store, in memory order. */
static inline uint16_t
checksum_finish(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Of a TCP header and payload and their IPv4 pseudo-header; 0 over a segment whose stored checksum is right. */
uint16_t checksum_tcp(const uint8_t *ipv4_header, const uint8_t *tcp, size_t tcp_length);

#endif
