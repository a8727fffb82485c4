/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BYTE_SPAN_H
#define BYTE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that somebody else owns; bytes NULL: there are none. */
struct byte_span {
	const uint8_t *bytes;
	size_t length;
};

static inline bool
byte_span_equal(struct byte_span a, struct byte_span b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

#endif
