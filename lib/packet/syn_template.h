/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYN_TEMPLATE_H
#define SYN_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "packet/checksum.h"
#include "packet/link_endpoints.h"
#include "packet/wire_headers.h"

/*
 * A SYN frame built once, of which only addresses, identification, source port and sequence number vary. Checksums grow from
 * the sums of what does not vary (RFC 1624). MSS is the only option: it costs no wire time, since the frame is the shortest that
 * Ethernet carries, and hosts that ignore a SYN without options answer one with it.
 */
#define SYN_TEMPLATE_SIZE 64

struct syn_template {
	uint8_t frame[SYN_TEMPLATE_SIZE]; /* checksums and what varies are zero */
	uint64_t ip_sum;
	uint64_t tcp_sum;
	uint16_t ip_offset;
	uint16_t length;
};

/* What varies, in host order. */
struct syn_fields {
	uint32_t local_address;
	uint32_t remote_address;
	uint32_t sequence;
	uint16_t local_port;
	uint16_t identification;
};

void syn_template_init(
	struct syn_template *syn, const struct link_endpoints *link, uint16_t remote_port);

/* Writes SYN_TEMPLATE_SIZE bytes, of which syn->length are the frame. */
static inline void
syn_template_write(const struct syn_template *syn, const struct syn_fields *fields, uint8_t *frame)
{
	const uint32_t local = __builtin_bswap32(fields->local_address);
	const uint32_t remote = __builtin_bswap32(fields->remote_address);
	const uint32_t sequence = __builtin_bswap32(fields->sequence);
	const uint16_t port = __builtin_bswap16(fields->local_port);
	const uint16_t identification = fields->identification;
	const uint64_t addresses = (uint64_t)local + remote;

	memcpy(frame, syn->frame, SYN_TEMPLATE_SIZE);
	uint8_t *ip = frame + syn->ip_offset;
	uint8_t *tcp = ip + IPV4_HEADER_SIZE;
	const uint16_t ip_checksum = checksum_finish(syn->ip_sum + addresses + identification);
	const uint16_t tcp_checksum = checksum_finish(syn->tcp_sum + addresses + sequence + port);

	memcpy(ip + IPV4_OFFSET_IDENTIFICATION, &identification, 2);
	memcpy(ip + IPV4_OFFSET_CHECKSUM, &ip_checksum, 2);
	memcpy(ip + IPV4_OFFSET_SOURCE, &local, 4);
	memcpy(ip + IPV4_OFFSET_DESTINATION, &remote, 4);
	memcpy(tcp, &port, 2);
	memcpy(tcp + TCP_OFFSET_SEQUENCE, &sequence, 4);
	memcpy(tcp + TCP_OFFSET_CHECKSUM, &tcp_checksum, 2);
}

#endif
