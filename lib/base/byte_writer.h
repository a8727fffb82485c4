/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BYTE_WRITER_H
#define BYTE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/byte_order.h"

/* A cursor over a buffer of ours. A write that does not fit writes nothing and sets has_failed, which stays set. */
struct byte_writer {
	uint8_t *bytes;
	size_t capacity;
	size_t length;
	bool has_failed;
};

static inline void
byte_writer_init(struct byte_writer *writer, uint8_t *bytes, size_t capacity)
{
	*writer = (struct byte_writer){ .bytes = bytes, .capacity = capacity };
}

/* Room for count bytes, to be filled by the caller, or NULL. */
static inline uint8_t *
byte_writer_reserve(struct byte_writer *writer, size_t count)
{
	if (writer->has_failed || count > writer->capacity - writer->length) {
		writer->has_failed = true;
		return NULL;
	}
	uint8_t *room = writer->bytes + writer->length;
	writer->length += count;
	return room;
}

static inline void
byte_writer_u8(struct byte_writer *writer, uint8_t value)
{
	uint8_t *room = byte_writer_reserve(writer, 1);

	if (room != NULL)
		room[0] = value;
}

static inline void
byte_writer_be16(struct byte_writer *writer, uint16_t value)
{
	uint8_t *room = byte_writer_reserve(writer, 2);

	if (room != NULL)
		store_be16(room, value);
}

static inline void
byte_writer_be32(struct byte_writer *writer, uint32_t value)
{
	uint8_t *room = byte_writer_reserve(writer, 4);

	if (room != NULL)
		store_be32(room, value);
}

static inline void
byte_writer_bytes(struct byte_writer *writer, const void *bytes, size_t count)
{
	uint8_t *room = byte_writer_reserve(writer, count);

	if (room != NULL && count > 0)
		memcpy(room, bytes, count);
}

#endif
