/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "base/hexadecimal.h"
#include "record/json_builder.h"
#include "record/json_text.h"
#include "record/observation.h"
#include "record/timestamp.h"

#define HEXADECIMAL_BYTES 64

void
json_builder_object(struct json_builder *builder)
{
	builder->json = json_object();
	builder->has_failed = builder->json == NULL;
}

void
json_builder_array(struct json_builder *builder)
{
	builder->json = json_array();
	builder->has_failed = builder->json == NULL;
}

json_t *
json_builder_take(struct json_builder *builder)
{
	if (builder->has_failed) {
		json_decref(builder->json);
		return NULL;
	}
	return builder->json;
}

void
json_builder_put(struct json_builder *builder, const char *key, json_t *value)
{
	/* Both take the reference of value also when they fail. */
	const int error = key == NULL ? json_array_append_new(builder->json, value)
				      : json_object_set_new_nocheck(builder->json, key, value);

	if (error != 0)
		builder->has_failed = true;
}

void
json_builder_put_integer(struct json_builder *builder, const char *key, int64_t value)
{
	json_builder_put(builder, key, json_integer(value));
}

void
json_builder_put_optional(
	struct json_builder *builder, const char *key, bool has_value, int64_t value)
{
	json_builder_put(builder, key, has_value ? json_integer(value) : json_null());
}

void
json_builder_put_bytes(
	struct json_builder *builder, const char *key, const char *bytes, size_t length)
{
	char text[JSON_TEXT_SIZE(OBSERVATION_TEXT)];

	if (bytes == NULL) {
		json_builder_put(builder, key, json_null());
		return;
	}
	if (length > OBSERVATION_TEXT)
		length = OBSERVATION_TEXT;
	const size_t used = json_text_encode(bytes, length, text);
	json_builder_put(builder, key, json_stringn_nocheck(text, used));
}

void
json_builder_put_words(struct json_builder *builder, const char *key, const char *text)
{
	json_builder_put_bytes(builder, key, text[0] == '\0' ? NULL : text, strlen(text));
}

void
json_builder_put_hexadecimal(
	struct json_builder *builder, const char *key, const uint8_t *bytes, size_t length)
{
	char text[2 * HEXADECIMAL_BYTES + 1];

	assert(length <= HEXADECIMAL_BYTES);
	if (bytes == NULL) {
		json_builder_put(builder, key, json_null());
		return;
	}
	hexadecimal_format(bytes, length, text);
	json_builder_put(builder, key, json_stringn_nocheck(text, 2 * length));
}

void
json_builder_put_moment(struct json_builder *builder, const char *key, int64_t microseconds)
{
	char text[TIMESTAMP_SIZE];

	(void)timestamp_format_us(microseconds, text);
	json_builder_put_words(builder, key, text);
}
