/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JSON_STREAM_H
#define JSON_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_buffer;

/*
 * One JSON object that is written as a line while it is put together, for records: building the same by jansson and printing it takes
 * six times as long. Where nothing is written often, use json_builder.
 *
 * A failure (out of memory) is kept: put all, then look once, at json_stream_end. Keys must be literals of ours without anything to
 * escape; within an array the key is NULL. What is opened is closed, or an assertion fails.
 */
#define JSON_STREAM_DEPTH 16

struct json_stream {
	struct line_buffer *buffer; /* borrowed */
	size_t start;               /* where the line began */
	bool is_array[JSON_STREAM_DEPTH];
	unsigned int depth; /* how many objects and arrays are open */
	bool needs_comma;
	bool has_failed;
};

/* Open the line's object at the end of the buffer, which nobody else may write to until json_stream_end. */
void json_stream_begin(struct json_stream *stream, struct line_buffer *buffer);

/* Close the object and the line. Returns 0 or ERROR_MEMORY; then nothing was appended. */
int json_stream_end(struct json_stream *stream);

/* What follows goes into a new object or array, until it is closed. */
void json_stream_object(struct json_stream *stream, const char *key);
void json_stream_array(struct json_stream *stream, const char *key);
void json_stream_close(struct json_stream *stream);

void json_stream_null(struct json_stream *stream, const char *key);
void json_stream_boolean(struct json_stream *stream, const char *key, bool value);
void json_stream_integer(struct json_stream *stream, const char *key, int64_t value);

/* null where has_value is false. */
void json_stream_optional(
	struct json_stream *stream, const char *key, bool has_value, int64_t value);

/* A text of ours; null where it is empty. */
void json_stream_words(struct json_stream *stream, const char *key, const char *text);

/* Any bytes, by json_text; null where bytes is NULL. Longer ones than OBSERVATION_TEXT are cut. */
void json_stream_bytes(
	struct json_stream *stream, const char *key, const char *bytes, size_t length);

/* Lower-case hexadecimal; null where bytes is NULL. */
void json_stream_hexadecimal(
	struct json_stream *stream, const char *key, const uint8_t *bytes, size_t length);

#endif
