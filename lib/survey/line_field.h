/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_FIELD_H
#define LINE_FIELD_H

#include "survey/line_cursor.h"

/*
 * Keys stand in the order in which record_write puts them, so each is asked for where it must be: an object is a list of
 * literals, each with what follows it and where that goes.
 */
struct line_field {
	const char *literal;
	size_t length;
	void (*take)(struct line_cursor *cursor, const struct line_field *field, void *member);
	size_t offset;    /* of the member in the struct that the list fills */
	uint64_t maximum; /* of a number */
};

// clang-format off
#define LINE_FIELD(literal, take, type, member) { literal, sizeof(literal) - 1, take, offsetof(struct type, member), 0 }
#define LINE_NUMBER(literal, type, member, maximum) \
	{ literal, sizeof(literal) - 1, line_field_take_number, offsetof(struct type, member), maximum }

/* What fills no member, or several: take gets the whole object. */
#define LINE_PASS(literal, take, maximum) { literal, sizeof(literal) - 1, take, 0, maximum }
// clang-format on

/* Take all fields of a list into an object. */
#define LINE_TAKE_FIELDS(cursor, fields, object) \
	line_fields_take(cursor, fields, sizeof(fields) / sizeof((fields)[0]), object)
void line_fields_take(
	struct line_cursor *cursor, const struct line_field *fields, size_t count, void *object);

/* Members: uint64_t; int64_t, -1 for null; struct line_text; bool. */
void line_field_take_number(
	struct line_cursor *cursor, const struct line_field *field, void *member);
void line_field_take_optional(
	struct line_cursor *cursor, const struct line_field *field, void *member);
void line_field_take_text(struct line_cursor *cursor, const struct line_field *field, void *member);
void line_field_take_boolean(
	struct line_cursor *cursor, const struct line_field *field, void *member);

/* What nobody asks for must be of its kind all the same. */
void line_field_pass_number(
	struct line_cursor *cursor, const struct line_field *field, void *member);
void line_field_pass_optional(
	struct line_cursor *cursor, const struct line_field *field, void *member);
void line_field_pass_text(struct line_cursor *cursor, const struct line_field *field, void *member);

#endif
