/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECEPTION_H
#define RECEPTION_H

#include <stddef.h>
#include <stdint.h>

#include "packet/frame_parser.h"
#include "packet/syn_cookie.h"
#include "stats/counter.h"

/*
 * What an I/O worker does with a received frame, decided without state: the cookie says whether a segment can be an answer to us.
 * One counter each; the first four go on to somebody, everything else is dropped there and then.
 */
#define RECEPTION_LIST(X)                                                           \
	X(SYNACK, "synack", "SYN-ACK that proves the cookie")                       \
	X(SEGMENT, "segment", "later segment whose acknowledgment fits the cookie") \
	X(ARP, "arp", "ARP")                                                        \
	X(ECHO, "echo", "ICMP echo request")                                        \
	X(RST, "rst", "RST that answers a SYN")                                     \
	X(ICMP, "icmp", "ICMP error about a SYN")                                   \
	X(OTHER_PORT, "other_port", "TCP from or to a port that is not ours")       \
	X(BAD_COOKIE, "bad_cookie", "TCP whose acknowledgment proves nothing")      \
	X(OTHER_PROTOCOL, "other_protocol", "not IPv4 TCP, ICMP or ARP")            \
	X(OTHER_ADDRESS, "other_address", "not for one of our addresses")           \
	X(FRAGMENT, "fragment", "IPv4 fragment")                                    \
	X(MALFORMED, "malformed", "lengths or offsets that do not fit")             \
	X(BAD_CHECKSUM, "bad_checksum", "IPv4, TCP or ICMP checksum wrong")

enum reception {
#define X(name, key, text) RECEPTION_##name,
	RECEPTION_LIST(X)
#undef X
		RECEPTION_COUNT
};

extern const struct counter_name reception_names[RECEPTION_COUNT];

/* What does not change during a scan. */
struct receiver {
	struct frame_parser parser;
	const struct syn_cookie *cookie;
	uint16_t remote_port;
};

/* Sort one frame. A RST without ACK cannot prove anything and is a SEGMENT: only a worker that has the connection believes it. */
enum reception receiver_sort(const struct receiver *receiver, const uint8_t *frame, size_t length,
	struct parsed_frame *parsed_out);

#endif
