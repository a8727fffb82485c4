/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYN_COOKIE_H
#define SYN_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"
#include "packet/segment.h"

/*
 * A SYN without state. Its sequence number is a keyed hash of the connection (as RFC 4987 section 3.6 does for servers), so a reply
 * proves by its acknowledgment that we asked. Its source port tells when: ports are time slots, shifted by a hash of the remote
 * address, so a SYN-ACK gives its round-trip time back to the width of a slot.
 *
 * The key is fresh for each run and is not the seed of the permutation: who knows the order cannot forge answers.
 */

/*
 * All that we send over a connection, SYN and FIN included, is shorter than half of this: a ClientHello, a Finished, a few queries. So a genuine
 * acknowledgment lies within cookie + 1 .. cookie + SYN_COOKIE_WINDOW. Connections that a worker opens itself begin half a window
 * further on, so that the answers to them are told from answers to stateless SYNs. SYN and FIN take a sequence number each.
 */
#define SYN_COOKIE_WINDOW         8192
#define SYN_COOKIE_CONNECT_OFFSET (SYN_COOKIE_WINDOW / 2)
#define SYN_COOKIE_SEND_MAXIMUM   (SYN_COOKIE_CONNECT_OFFSET - 2)

/* All slots together span 2^32 ns, 4.3 s: a longer round trip is reported modulo that. */
#define SYN_COOKIE_SPAN_BITS 32

struct syn_cookie {
	struct siphash_key key;
	uint64_t spread;     /* odd multiplier behind the hash of the remote address */
	uint16_t first_port; /* of a power of two many, aligned */
	uint16_t port_mask;  /* how many, less one */
	uint8_t slot_shift;  /* now_ns >> slot_shift is the time slot */
};

/* port_count is a power of two, 1 to 32768. secret is 32 bytes from random_secret. */
void syn_cookie_init(struct syn_cookie *cookie, const uint64_t secret[4], uint16_t first_port,
	uint32_t port_count);

static inline uint32_t
syn_cookie_spread(const struct syn_cookie *cookie, uint32_t remote_address)
{
	return (uint32_t)(remote_address * cookie->spread >> 32);
}

static inline uint16_t
syn_cookie_port(const struct syn_cookie *cookie, uint32_t remote_address, uint64_t now_ns)
{
	uint32_t slot = (uint32_t)(now_ns >> cookie->slot_shift);

	return (uint16_t)(cookie->first_port +
			  ((slot + syn_cookie_spread(cookie, remote_address)) & cookie->port_mask));
}

static inline bool
syn_cookie_owns_port(const struct syn_cookie *cookie, uint16_t local_port)
{
	return (local_port & ~cookie->port_mask) == cookie->first_port;
}

/* The low half is the sequence number of the SYN; the high half is as unpredictable. */
static inline uint64_t
syn_cookie_hash(const struct syn_cookie *cookie, uint32_t remote_address, uint32_t local_address,
	uint16_t local_port)
{
	uint16_t local = (uint16_t)(local_address ^ local_address >> 16);

	return siphash_u64(
		&cookie->key, (uint64_t)remote_address << 32 | (uint32_t)local_port << 16 | local);
}

/* How long ago the SYN left whose source port was local_port, to the width of a slot. */
static inline uint64_t
syn_cookie_age_ns(const struct syn_cookie *cookie, uint32_t remote_address, uint16_t local_port,
	uint64_t now_ns)
{
	uint32_t now_slot = (uint32_t)(now_ns >> cookie->slot_shift);
	uint32_t sent_slot = (uint32_t)(local_port - cookie->first_port) -
			     syn_cookie_spread(cookie, remote_address);
	uint64_t slots = (now_slot - sent_slot) & cookie->port_mask;

	/* The middle of the slot it left in, on average; within the same slot, half of what has passed of it. */
	if (slots == 0)
		return (now_ns & ((1ULL << cookie->slot_shift) - 1)) / 2;
	return (slots << cookie->slot_shift) - (1ULL << cookie->slot_shift) / 2 +
	       (now_ns & ((1ULL << cookie->slot_shift) - 1));
}

#endif
