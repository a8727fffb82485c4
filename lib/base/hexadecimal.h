/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HEXADECIMAL_H
#define HEXADECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lower-case hexadecimal of bytes and a terminating zero: text has 2 * length + 1 bytes. Returns text. */
char *hexadecimal_format(const uint8_t *bytes, size_t length, char *text);

/* Bytes from 2 * length lower-case digits. Returns false, with some of the bytes written, where one is none. */
bool hexadecimal_parse(const char *text, uint8_t *bytes, size_t length);

#endif
