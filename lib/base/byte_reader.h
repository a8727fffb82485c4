/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BYTE_READER_H
#define BYTE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/byte_order.h"

/*
 * A cursor over bytes that somebody else chose. A read past the end returns 0 and sets has_failed, which stays set:
 * read all, then look once. It borrows the bytes.
 */
struct byte_reader {
	const uint8_t *bytes;
	size_t length;
	size_t offset;
	bool has_failed;
};

static inline void
byte_reader_init(struct byte_reader *reader, const uint8_t *bytes, size_t length)
{
	*reader = (struct byte_reader){ .bytes = bytes, .length = length };
}

static inline size_t
byte_reader_left(const struct byte_reader *reader)
{
	return reader->length - reader->offset;
}

/* The next count bytes, or NULL. The pointer is into the borrowed bytes. */
static inline const uint8_t *
byte_reader_take(struct byte_reader *reader, size_t count)
{
	if (reader->has_failed || count > byte_reader_left(reader)) {
		reader->has_failed = true;
		return NULL;
	}
	const uint8_t *taken = reader->bytes + reader->offset;
	reader->offset += count;
	return taken;
}

static inline void
byte_reader_skip(struct byte_reader *reader, size_t count)
{
	(void)byte_reader_take(reader, count);
}

static inline uint8_t
byte_reader_u8(struct byte_reader *reader)
{
	const uint8_t *taken = byte_reader_take(reader, 1);

	return taken == NULL ? 0 : taken[0];
}

static inline uint16_t
byte_reader_be16(struct byte_reader *reader)
{
	const uint8_t *taken = byte_reader_take(reader, 2);

	return taken == NULL ? 0 : load_be16(taken);
}

static inline uint32_t
byte_reader_be32(struct byte_reader *reader)
{
	const uint8_t *taken = byte_reader_take(reader, 4);

	return taken == NULL ? 0 : load_be32(taken);
}

#endif
