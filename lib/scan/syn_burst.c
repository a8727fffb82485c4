/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "base/vector_clones.h"
#include "scan/syn_burst.h"

/* What varies from SYN to SYN, one lane each: in host order at first, and in network order once it is worked out. */
struct syn_lanes {
	uint32_t remote[SYN_BURST_MAXIMUM];
	uint32_t local[SYN_BURST_MAXIMUM];
	uint32_t spread[SYN_BURST_MAXIMUM];
	uint32_t port[SYN_BURST_MAXIMUM];
	uint32_t sequence[SYN_BURST_MAXIMUM];
	uint32_t identification[SYN_BURST_MAXIMUM];
	uint32_t ip_checksum[SYN_BURST_MAXIMUM];
	uint32_t tcp_checksum[SYN_BURST_MAXIMUM];
	uint64_t hash[SYN_BURST_MAXIMUM];
};

static inline void
choose_local(struct syn_lanes *lanes, const struct syn_source *source)
{
	const uint64_t count = source->local_address_count;

	for (int i = 0; i < SYN_BURST_MAXIMUM; i++)
		lanes->local[i] = source->local_addresses[lanes->spread[i] * count >> 32];
}

static inline void
spread_remote(struct syn_lanes *lanes, const struct syn_cookie *cookie)
{
	for (int i = 0; i < SYN_BURST_MAXIMUM; i++)
		lanes->spread[i] = syn_cookie_spread(cookie, lanes->remote[i]);
}

static inline void
choose_port(struct syn_lanes *lanes, const struct syn_cookie *cookie, uint64_t now_ns)
{
	const uint32_t slot = (uint32_t)(now_ns >> cookie->slot_shift);
	const uint32_t first = cookie->first_port;
	const uint32_t mask = cookie->port_mask;

	for (int i = 0; i < SYN_BURST_MAXIMUM; i++)
		lanes->port[i] = first + ((slot + lanes->spread[i]) & mask);
}

static inline void
hash_connections(struct syn_lanes *lanes, const struct syn_cookie *cookie)
{
	const struct syn_cookie copy = *cookie;

	for (int i = 0; i < SYN_BURST_MAXIMUM; i++)
		lanes->hash[i] = syn_cookie_hash(
			&copy, lanes->remote[i], lanes->local[i], (uint16_t)lanes->port[i]);
}

static inline uint32_t
swap_half(uint32_t word)
{
	return (word & 0xff) << 8 | (word >> 8 & 0xff);
}

static inline void
to_network_order(struct syn_lanes *lanes)
{
	for (int i = 0; i < SYN_BURST_MAXIMUM; i++) {
		lanes->remote[i] = __builtin_bswap32(lanes->remote[i]);
		lanes->local[i] = __builtin_bswap32(lanes->local[i]);
		lanes->port[i] = swap_half(lanes->port[i]);
		lanes->sequence[i] = __builtin_bswap32((uint32_t)lanes->hash[i]);
		lanes->identification[i] = (uint32_t)(lanes->hash[i] >> 32) & 0xffff;
	}
}

/* The sum of the two halves of a word: at most 0x1fffe, so that a few of them fit 32 bits. */
static inline uint32_t
fold(uint32_t word)
{
	return (word & 0xffff) + (word >> 16);
}

static inline uint32_t
finish(uint32_t sum)
{
	return ~fold(fold(sum)) & 0xffff;
}

static inline void
add_up(struct syn_lanes *lanes, const struct syn_template *syn)
{
	/* Of the template's sums, as of any, only the value modulo 2^16 - 1 counts. */
	const uint32_t ip_sum = (uint16_t)~checksum_finish(syn->ip_sum);
	const uint32_t tcp_sum = (uint16_t)~checksum_finish(syn->tcp_sum);

	for (int i = 0; i < SYN_BURST_MAXIMUM; i++) {
		const uint32_t addresses = fold(lanes->remote[i]) + fold(lanes->local[i]);

		lanes->ip_checksum[i] = finish(ip_sum + addresses + lanes->identification[i]);
		lanes->tcp_checksum[i] =
			finish(tcp_sum + addresses + fold(lanes->sequence[i]) + lanes->port[i]);
	}
}

static inline void
store_half(uint8_t *to, uint32_t word)
{
	const uint16_t half = (uint16_t)word;

	memcpy(to, &half, 2);
}

static inline void
write_frame(const struct syn_template *syn, const struct syn_lanes *lanes, size_t i, uint8_t *frame)
{
	memcpy(frame, syn->frame, SYN_TEMPLATE_SIZE);
	uint8_t *ip = frame + syn->ip_offset;
	uint8_t *tcp = ip + IPV4_HEADER_SIZE;

	store_half(ip + IPV4_OFFSET_IDENTIFICATION, lanes->identification[i]);
	store_half(ip + IPV4_OFFSET_CHECKSUM, lanes->ip_checksum[i]);
	memcpy(ip + IPV4_OFFSET_SOURCE, &lanes->local[i], 4);
	memcpy(ip + IPV4_OFFSET_DESTINATION, &lanes->remote[i], 4);
	store_half(tcp, lanes->port[i]);
	memcpy(tcp + TCP_OFFSET_SEQUENCE, &lanes->sequence[i], 4);
	store_half(tcp + TCP_OFFSET_CHECKSUM, lanes->tcp_checksum[i]);
}

VECTOR_CLONES void
syn_burst_write(const struct syn_source *source, const uint32_t *addresses, size_t count,
	uint64_t now_ns, uint8_t *const *frames)
{
	struct syn_lanes lanes;

	assert(count <= SYN_BURST_MAXIMUM);
	/* Lanes without an address are worked out too, and thrown away: a fixed number has no ends to take care of. */
	memset(lanes.remote, 0, sizeof(lanes.remote));
	memcpy(lanes.remote, addresses, count * sizeof(*addresses));
	spread_remote(&lanes, source->cookie);
	choose_local(&lanes, source);
	choose_port(&lanes, source->cookie, now_ns);
	hash_connections(&lanes, source->cookie);
	to_network_order(&lanes);
	add_up(&lanes, &source->syn);
	for (size_t i = 0; i < count; i++)
		write_frame(&source->syn, &lanes, i, frames[i]);
}
