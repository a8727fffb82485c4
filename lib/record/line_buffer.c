/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/line_buffer.h"

#define FIRST_CAPACITY 65536

char *
line_buffer_room(struct line_buffer *buffer, size_t length)
{
	if (buffer->bytes == NULL || length > buffer->capacity - buffer->length) {
		size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;

		while (capacity - buffer->length < length)
			capacity *= 2;
		char *grown = realloc(buffer->bytes, capacity);
		if (grown == NULL)
			return NULL;
		buffer->bytes = grown;
		buffer->capacity = capacity;
	}
	return buffer->bytes + buffer->length;
}

int
line_buffer_append(struct line_buffer *buffer, const void *bytes, size_t length)
{
	char *room = line_buffer_room(buffer, length);

	if (room == NULL)
		return ERROR_MEMORY;
	if (length > 0)
		memcpy(room, bytes, length);
	buffer->length += length;
	return 0;
}

void
line_buffer_clear(struct line_buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct line_buffer){ 0 };
}

/* Certificates, the longest that come often, are below. */
#define LINE_GUESS 4096

/* Into the buffer's own memory: jansson's writer by callbacks is called for every comma. */
static bool
append_dumped(struct line_buffer *buffer, const struct json_t *json)
{
	if (line_buffer_room(buffer, LINE_GUESS) == NULL)
		return false;
	const size_t length = json_dumpb(json, buffer->bytes + buffer->length,
		buffer->capacity - buffer->length, JSON_COMPACT);
	if (length == 0)
		return false;
	if (length > buffer->capacity - buffer->length) {
		/* It says how much there is, and wrote as much as fits. */
		if (line_buffer_room(buffer, length) == NULL ||
			json_dumpb(json, buffer->bytes + buffer->length, length, JSON_COMPACT) !=
				length)
			return false;
	}
	buffer->length += length;
	return true;
}

int
line_buffer_append_json(struct line_buffer *buffer, struct json_t *json)
{
	const size_t before = buffer->length;

	if (json == NULL)
		return ERROR_MEMORY;
	const bool is_done =
		append_dumped(buffer, json) && line_buffer_append(buffer, "\n", 1) == 0;
	json_decref(json);
	if (is_done)
		return 0;
	buffer->length = before;
	return ERROR_MEMORY;
}
