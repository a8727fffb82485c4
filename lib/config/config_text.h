/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Text from a user, on its way into a message of one line. */

#define CONFIG_QUOTE_SIZE 256

/*
 * Writes text in double quotes, what does not print as \xNN, and the middle of a long one as "...".
 * The buffer has CONFIG_QUOTE_SIZE bytes; returns it.
 */
char *config_text_quote(const char *text, char *buffer);

/*
 * Like config_text_quote, but without the quotes: for names of files. Long ones lose their
 * beginning.
 */
char *config_text_visible(const char *text, char *buffer);

/*
 * Whether this UTF-8 has only characters that print, on one line: no control characters, no
 * separators of lines.
 */
bool config_text_is_printable(const char *text);

/* The word of the NULL-terminated list that is most like text, or NULL if none is like it. */
const char *config_text_nearest(const char *text, const char *const words[]);

#endif
