/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/line_buffer.h"

#define FIRST_CAPACITY 65536

int
line_buffer_append(struct line_buffer *buffer, const void *bytes, size_t length)
{
	if (length > buffer->capacity - buffer->length) {
		size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
		while (capacity - buffer->length < length)
			capacity *= 2;
		char *grown = realloc(buffer->bytes, capacity);
		if (grown == NULL)
			return ERROR_MEMORY;
		buffer->bytes = grown;
		buffer->capacity = capacity;
	}
	if (length > 0)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	return 0;
}

void
line_buffer_clear(struct line_buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct line_buffer){ 0 };
}

static int
append_dumped(const char *bytes, size_t length, void *context)
{
	return line_buffer_append(context, bytes, length) == 0 ? 0 : -1;
}

int
line_buffer_append_json(struct line_buffer *buffer, struct json_t *json)
{
	const size_t before = buffer->length;

	if (json == NULL)
		return ERROR_MEMORY;
	const bool is_done = json_dump_callback(json, append_dumped, buffer, JSON_COMPACT) == 0 &&
			     line_buffer_append(buffer, "\n", 1) == 0;
	json_decref(json);
	if (is_done)
		return 0;
	buffer->length = before;
	return ERROR_MEMORY;
}
