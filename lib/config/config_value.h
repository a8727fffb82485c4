/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include <stdio.h>

#include "config/config_field.h"

/*
 * The values of each kind of field: from a user's text to what libcyaml reads, and from the loaded
 * struct back to text.
 */

/* What a CPU field holds for "last". */
#define CONFIG_CPU_LAST UINT16_MAX

enum config_verdict {
	CONFIG_GOOD,
	CONFIG_WRONG,
	CONFIG_OUT_OF_RANGE,
	CONFIG_EMPTY,
	CONFIG_TOO_LONG
};

#define CONFIG_ACCEPTED_SIZE 256

/*
 * Check a scalar, or one entry of a list, and if it is good write it as YAML with plain numbers:
 * durations in nanoseconds, addresses as integers. A range of CPUs becomes several entries. Writes
 * nothing unless it returns CONFIG_GOOD.
 */
enum config_verdict config_value_write(
	const struct config_field *field, const char *text, FILE *yaml);

/* What a value of this kind is called, such as "a rate"; an entry, for kinds of lists. */
const char *config_value_name(enum config_kind kind);

/* What the field accepts, for messages. The buffer has CONFIG_ACCEPTED_SIZE bytes; returns it. */
char *config_value_accepted(const struct config_field *field, char *buffer);

/*
 * Print one scalar or one entry of a list, of size bytes in memory, so that config_value_write
 * reads the same.
 */
void config_value_print(enum config_kind kind, const void *value, size_t size, FILE *file);

/* Text in double quotes. It must be printable. */
void config_value_print_text(const char *text, FILE *file);

#endif
