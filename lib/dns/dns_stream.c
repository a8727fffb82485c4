/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/byte_order.h"
#include "dns/dns_stream.h"
#include "record/observation.h"

#define PREFIX_BYTES 2
#define HEADER_START 4 /* prefix, id and flags: enough to tell a response from a text */

uint8_t *
dns_stream_room(struct dns_stream *stream, size_t *capacity_out)
{
	if (stream->bytes == NULL)
		stream->bytes = malloc(DNS_STREAM_BYTES);
	if (stream->bytes == NULL)
		return NULL;
	assert(stream->length < DNS_STREAM_BYTES);
	*capacity_out = DNS_STREAM_BYTES - stream->length;
	return stream->bytes + stream->length;
}

void
dns_stream_grow(struct dns_stream *stream, size_t length)
{
	stream->length += length;
}

static bool
has_impossible_length(const struct dns_stream *stream)
{
	const uint16_t length = load_be16(stream->bytes);

	return length < DNS_HEADER_BYTES || length > DNS_MESSAGE_MAX;
}

enum dns_stream_state
dns_stream_look(const struct dns_stream *stream, uint16_t id)
{
	if (stream->length < PREFIX_BYTES)
		return DNS_STREAM_AWAITS_MORE;
	const uint16_t length = load_be16(stream->bytes);
	if (length < DNS_HEADER_BYTES)
		return DNS_STREAM_IS_NOT_DNS;
	if (length > DNS_MESSAGE_MAX) {
		if (stream->length < PREFIX_BYTES + HEADER_START)
			return DNS_STREAM_AWAITS_MORE;
		const bool is_response = load_be16(stream->bytes + 2) == id &&
					 (load_be16(stream->bytes + 4) & DNS_FLAG_QR) != 0;
		return is_response ? DNS_STREAM_IS_TOO_LONG : DNS_STREAM_IS_NOT_DNS;
	}
	return stream->length < PREFIX_BYTES + (size_t)length ? DNS_STREAM_AWAITS_MORE
							      : DNS_STREAM_HAS_MESSAGE;
}

const uint8_t *
dns_stream_message(const struct dns_stream *stream, size_t *length_out)
{
	*length_out = load_be16(stream->bytes);
	return stream->bytes + PREFIX_BYTES;
}

void
dns_stream_drop(struct dns_stream *stream)
{
	const size_t used = PREFIX_BYTES + (size_t)load_be16(stream->bytes);

	stream->length -= used;
	memmove(stream->bytes, stream->bytes + used, stream->length);
}

bool
dns_stream_is_junk(const struct dns_stream *stream)
{
	return stream->length >= PREFIX_BYTES && has_impossible_length(stream);
}

void
dns_stream_clear(struct dns_stream *stream)
{
	free(stream->bytes);
	*stream = (struct dns_stream){ .bytes = NULL };
}
