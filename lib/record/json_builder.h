/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JSON_BUILDER_H
#define JSON_BUILDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An object or array in the making. A failure (out of memory) is kept: put all, then look once, by
 * json_builder_take. Keys must be literals of ours.
 */
struct json_builder {
	json_t *json;
	bool has_failed;
};

void json_builder_object(struct json_builder *builder);
void json_builder_array(struct json_builder *builder);

/* The value, which the caller now owns, or NULL if anything failed. */
json_t *json_builder_take(struct json_builder *builder);

/* Takes value's reference; NULL is a failure. Into an array with key NULL. */
void json_builder_put(struct json_builder *builder, const char *key, json_t *value);

void json_builder_put_integer(struct json_builder *builder, const char *key, int64_t value);

/* null where has_value is false. */
void json_builder_put_optional(
	struct json_builder *builder, const char *key, bool has_value, int64_t value);

/* A text of ours; null where it is empty. */
void json_builder_put_words(struct json_builder *builder, const char *key, const char *text);

/* Any bytes, by json_text; null where bytes is NULL. Longer ones than OBSERVATION_TEXT are cut. */
void json_builder_put_bytes(
	struct json_builder *builder, const char *key, const char *bytes, size_t length);

/* Lower-case hexadecimal of up to 64 bytes; null where bytes is NULL. */
void json_builder_put_hexadecimal(
	struct json_builder *builder, const char *key, const uint8_t *bytes, size_t length);

/* RFC 3339 with microseconds; null outside the years that it can write. */
void json_builder_put_moment(struct json_builder *builder, const char *key, int64_t microseconds);

#endif
