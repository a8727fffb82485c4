/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Base 64 with padding (RFC 4648, section 4). */

#define BASE64_SIZE(length) (((length) + 2) / 3 * 4 + 1)

/*
 * Text has BASE64_SIZE(length) bytes. Returns the length of the text without its terminating zero.
 */
size_t base64_encode(const uint8_t *bytes, size_t length, char *text);

#endif
