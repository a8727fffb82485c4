/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_BUFFER_H
#define LINE_BUFFER_H

#include <stddef.h>

/* Bytes of ours that grow; zeroed is empty. */
struct line_buffer {
	char *bytes;
	size_t length;
	size_t capacity;
};

/* Returns 0 or ERROR_MEMORY, and then nothing was appended. */
int line_buffer_append(struct line_buffer *buffer, const void *bytes, size_t length);

/*
 * Where the next length bytes may be written; length of the buffer grows by what the caller then says was. NULL when out of memory.
 * Valid until the next call.
 */
char *line_buffer_room(struct line_buffer *buffer, size_t length);

void line_buffer_clear(struct line_buffer *buffer);

struct json_t;

/*
 * Appends one JSON value, without white space, and a newline. Takes the reference, which may be
 * NULL (then ERROR_MEMORY). Returns 0 or ERROR_MEMORY; on failure nothing was appended.
 */
int line_buffer_append_json(struct line_buffer *buffer, struct json_t *json);

#endif
