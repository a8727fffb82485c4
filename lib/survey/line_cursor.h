/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_CURSOR_H
#define LINE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A way along a line of JSON whose form is known beforehand. What is not as expected sets has_failed, which stays set: take all,
 * then look once. After a failure everything taken is 0, false or NULL.
 */
struct line_cursor {
	const char *at;
	const char *end;
	bool has_failed;
};

/* Text of a record, still with JSON's escapes; bytes NULL: null. Borrowed from the line. */
struct line_text {
	const char *bytes;
	uint32_t length;
	bool is_escaped; /* holds a backslash */
};

static inline bool
line_cursor_skip(struct line_cursor *cursor, const char *literal, size_t length)
{
	if (cursor->has_failed || (size_t)(cursor->end - cursor->at) < length ||
		memcmp(cursor->at, literal, length) != 0)
		cursor->has_failed = true;
	else
		cursor->at += length;
	return !cursor->has_failed;
}

/* The length of a literal is known to the compiler. */
#define LINE_SKIP(cursor, literal) line_cursor_skip(cursor, literal, sizeof(literal) - 1)

static inline bool
line_cursor_is_at(const struct line_cursor *cursor, char character)
{
	return !cursor->has_failed && cursor->at < cursor->end && *cursor->at == character;
}

/* "null", where it stands; false, and no move, where it does not. */
static inline bool
line_cursor_take_null(struct line_cursor *cursor)
{
	return line_cursor_is_at(cursor, 'n') && LINE_SKIP(cursor, "null");
}

/* Begin with "["; true as long as another item follows, and "]" is taken in the end. For index 0, 1, and so on. */
static inline bool
line_cursor_next_item(struct line_cursor *cursor, size_t index)
{
	if (index == 0)
		(void)LINE_SKIP(cursor, "[");
	if (line_cursor_is_at(cursor, ']'))
		return LINE_SKIP(cursor, "]") && false;
	if (index > 0)
		(void)LINE_SKIP(cursor, ",");
	return !cursor->has_failed;
}

/* A string without its quotes: printable UTF-8 in the form in which json_text_encode makes it. */
struct line_text line_cursor_take_string(struct line_cursor *cursor);

/* The same, or null. */
struct line_text line_cursor_take_text(struct line_cursor *cursor);

/* A string of our own words, which need no escape and fit with a terminating zero; false where it is none. */
bool line_cursor_take_word(struct line_cursor *cursor, char *word, size_t size);

/* Digits, without leading zeros. */
uint64_t line_cursor_take_number(struct line_cursor *cursor, uint64_t maximum);

bool line_cursor_take_boolean(struct line_cursor *cursor);

/* 32 bytes in hexadecimal, or null, which returns false. */
bool line_cursor_take_digest(struct line_cursor *cursor, uint8_t digest[32]);

/* A time of RFC 3339 without a fraction, in seconds since 1970; or null, which returns false. */
bool line_cursor_take_second(struct line_cursor *cursor, int64_t *second);

/*
 * The text without JSON's escapes, into buffer, which has room for text->length bytes. Returns its
 * length.
 */
size_t line_text_copy(const struct line_text *text, char *buffer);

#endif
