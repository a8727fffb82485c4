/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BYTE_ORDER_H
#define BYTE_ORDER_H

#include <stdint.h>
#include <string.h>

/* Big-endian loads and stores at any alignment. Everything in a struct is host order unless its type says otherwise. */
static inline uint16_t
load_be16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
load_be32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return __builtin_bswap32(value);
}

static inline void
store_be16(uint8_t *bytes, uint16_t value)
{
	value = __builtin_bswap16(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline void
store_be32(uint8_t *bytes, uint32_t value)
{
	value = __builtin_bswap32(value);
	memcpy(bytes, &value, sizeof(value));
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian hosts only");

#endif
