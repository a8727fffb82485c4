/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Any bytes as printable UTF-8, and back without loss.
 *
 * A byte becomes the four visible characters \xNN (two lower-case hexadecimal digits) where it is
 * not part of valid UTF-8 (RFC 3629), belongs to a control character (U+0000 to U+001F, U+007F to
 * U+009F), or is a backslash that itself stands before an x and two such digits. Everything else
 * stays as it is, so the escapes of DNS and RFC 4514 read as usual.
 */

/* Bytes needed at most for the encoded text and its terminating zero. */
#define JSON_TEXT_SIZE(length) (4 * (length) + 1)

/*
 * Encodes into text, which has JSON_TEXT_SIZE(length) bytes, and ends it with a zero. Returns the
 * length without it.
 */
size_t json_text_encode(const void *bytes, size_t length, char *text);

/*
 * Decodes; bytes needs room for length and may be the text itself. Returns how many bytes came out.
 */
size_t json_text_decode(const char *text, size_t length, void *bytes);

#endif
