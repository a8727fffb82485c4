/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/line_field.h"

void
line_fields_take(
	struct line_cursor *cursor, const struct line_field *fields, size_t count, void *object)
{
	for (size_t i = 0; i < count && !cursor->has_failed; i++) {
		const struct line_field *field = &fields[i];

		if (line_cursor_skip(cursor, field->literal, field->length))
			field->take(cursor, field, (char *)object + field->offset);
	}
}

void
line_field_take_number(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	*(uint64_t *)member = line_cursor_take_number(cursor, field->maximum);
}

void
line_field_take_optional(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)field;
	*(int64_t *)member = line_cursor_take_null(cursor)
				     ? -1
				     : (int64_t)line_cursor_take_number(cursor, INT64_MAX);
}

void
line_field_take_text(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)field;
	*(struct line_text *)member = line_cursor_take_text(cursor);
}

void
line_field_take_boolean(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)field;
	*(bool *)member = line_cursor_take_boolean(cursor);
}

/* What nobody asks for must be of its kind all the same. */
void
line_field_pass_number(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)member;
	(void)line_cursor_take_number(cursor, field->maximum);
}

void
line_field_pass_optional(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	int64_t value;

	(void)member;
	line_field_take_optional(cursor, field, &value);
}

void
line_field_pass_text(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)field;
	(void)member;
	(void)line_cursor_take_text(cursor);
}
