/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_STREAM_H
#define DNS_STREAM_H

#include <stdbool.h>

#include "dns/dns_walk.h"

/*
 * Replies as they come over a stream: each behind two octets of length (RFC 1035 section 4.2.2). It holds at most one message and
 * a little of the next. Zeroed is ready; its buffer is taken with the first octet.
 */
#define DNS_STREAM_BYTES (2 + DNS_MESSAGE_MAX)

struct dns_stream {
	uint8_t *bytes;
	size_t length;
};

enum dns_stream_state {
	DNS_STREAM_AWAITS_MORE,
	DNS_STREAM_HAS_MESSAGE,
	DNS_STREAM_IS_NOT_DNS, /* no length a message could have, and no header of a response to that id */
	DNS_STREAM_IS_TOO_LONG, /* a response to that id, longer than DNS_MESSAGE_MAX */
};

/* Room for at least one more octet, *capacity_out of them; NULL when out of memory. Call only when more is awaited. */
uint8_t *dns_stream_room(struct dns_stream *stream, size_t *capacity_out);

/* So many octets were put there. */
void dns_stream_grow(struct dns_stream *stream, size_t length);

/* What the stream holds, to somebody who waits for a response with that id. */
enum dns_stream_state dns_stream_look(const struct dns_stream *stream, uint16_t id);

/* The message, borrowed from the stream until it is dropped. Only when there is one. */
const uint8_t *dns_stream_message(const struct dns_stream *stream, size_t *length_out);
void dns_stream_drop(struct dns_stream *stream);

/* Whether what came so far could not even begin a message: for when no more will come. */
bool dns_stream_is_junk(const struct dns_stream *stream);

void dns_stream_clear(struct dns_stream *stream);

#endif
