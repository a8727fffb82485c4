/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hexadecimal.h"
#include "record/json_node.h"
#include "record/timestamp.h"

#define FIELD_SIZE    256
#define EXPECTED_SIZE 128

/* "certificate.names[3]", written from the outermost value inwards. */
static size_t
format_field(const struct json_node *node, char *text, size_t used)
{
	int added = 0;

	if (node->parent == NULL)
		return used;
	used = format_field(node->parent, text, used);
	if (node->key == NULL)
		added = snprintf(text + used, FIELD_SIZE - used, "[%zu]", node->index);
	else
		added = snprintf(
			text + used, FIELD_SIZE - used, "%s%s", used == 0 ? "" : ".", node->key);
	used += (size_t)added;
	return used < FIELD_SIZE ? used : FIELD_SIZE - 1;
}

void
json_node_refuse(const struct json_node *node, const char *expected)
{
	struct json_source *source = node->source;
	char field[FIELD_SIZE] = "";
	char line[24] = "";

	if (source->error != 0)
		return;
	if (source->line != 0)
		(void)snprintf(line, sizeof(line), "%llu:", (unsigned long long)source->line);
	(void)format_field(node, field, 0);
	source->error = fault_set(source->fault, ERROR_INPUT, "%s:%s %s%s%s%s", source->file, line,
		field[0] == '\0' ? "" : "field ", field, field[0] == '\0' ? "" : ": ",
		node->json == NULL ? "is missing" : expected);
}

struct json_node
json_node_parse(struct json_source *source, const char *text, size_t length, json_t **root_out)
{
	char reason[EXPECTED_SIZE + JSON_ERROR_TEXT_LENGTH];
	json_error_t error;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	const struct json_node node = {
		.source = source,
		.json = root == NULL ? json_null() : root, /* not missing, only not JSON */
	};

	if (root == NULL) {
		(void)snprintf(reason, sizeof(reason), "not JSON at byte %d: %s", error.position,
			error.text);
		json_node_refuse(&node, reason);
	}
	*root_out = root;
	return node;
}

/* Whether reading may go on here at all. */
static bool
is_readable(const struct json_node *node)
{
	if (node->source->error == 0 && node->json == NULL)
		json_node_refuse(node, "");
	return node->source->error == 0;
}

void
json_node_expect_object(const struct json_node *node, size_t key_count)
{
	char expected[EXPECTED_SIZE];

	if (!is_readable(node))
		return;
	if (!json_is_object(node->json)) {
		json_node_refuse(node, "expected an object");
	} else if (json_object_size(node->json) > key_count) {
		(void)snprintf(expected, sizeof(expected),
			"expected %zu keys and no others, found %zu", key_count,
			json_object_size(node->json));
		json_node_refuse(node, expected);
	}
	/* Fewer keys: the first missing one is named when it is asked for. */
}

size_t
json_node_expect_array(const struct json_node *node, size_t maximum)
{
	char expected[EXPECTED_SIZE];

	if (!is_readable(node))
		return 0;
	if (json_is_array(node->json) && json_array_size(node->json) <= maximum)
		return json_array_size(node->json);
	(void)snprintf(
		expected, sizeof(expected), "expected an array of at most %zu items", maximum);
	json_node_refuse(node, expected);
	return 0;
}

struct json_node
json_node_member(const struct json_node *object, const char *key)
{
	return (struct json_node){
		.source = object->source,
		.parent = object,
		.key = key,
		.json = json_object_get(object->json, key),
	};
}

struct json_node
json_node_item(const struct json_node *array, size_t index)
{
	return (struct json_node){
		.source = array->source,
		.parent = array,
		.index = index,
		.json = json_array_get(array->json, index),
	};
}

bool
json_node_is_null(const struct json_node *node)
{
	return is_readable(node) && json_is_null(node->json);
}

int64_t
json_node_integer(const struct json_node *node, int64_t minimum, int64_t maximum)
{
	char expected[EXPECTED_SIZE];

	if (!is_readable(node))
		return 0;
	if (json_is_integer(node->json)) {
		const int64_t value = json_integer_value(node->json);
		if (value >= minimum && value <= maximum)
			return value;
	}
	(void)snprintf(expected, sizeof(expected), "expected an integer from %lld to %lld",
		(long long)minimum, (long long)maximum);
	json_node_refuse(node, expected);
	return 0;
}

bool
json_node_boolean(const struct json_node *node)
{
	if (is_readable(node) && !json_is_boolean(node->json))
		json_node_refuse(node, "expected true or false");
	return node->source->error == 0 && json_is_true(node->json);
}

const char *
json_node_text(const struct json_node *node, size_t maximum, size_t *length_out)
{
	char expected[EXPECTED_SIZE];
	size_t length = 0;

	if (is_readable(node)) {
		length = json_string_length(node->json);
		if (!json_is_string(node->json) || length > maximum) {
			(void)snprintf(expected, sizeof(expected),
				"expected a text of at most %zu bytes", maximum);
			json_node_refuse(node, expected);
		}
	}
	if (node->source->error != 0)
		length = 0;
	if (length_out != NULL)
		*length_out = length;
	return node->source->error == 0 ? json_string_value(node->json) : "";
}

void
json_node_hexadecimal(const struct json_node *node, uint8_t *bytes, size_t length)
{
	char expected[EXPECTED_SIZE];
	size_t text_length;
	const char *text = json_node_text(node, 2 * length, &text_length);

	if (text_length == 2 * length && hexadecimal_parse(text, bytes, length))
		return;
	(void)snprintf(expected, sizeof(expected), "expected %zu lower-case hexadecimal digits",
		2 * length);
	json_node_refuse(node, expected);
}

int64_t
json_node_moment(const struct json_node *node)
{
	int64_t microseconds = 0;

	if (!timestamp_parse_us(json_node_text(node, TIMESTAMP_SIZE, NULL), &microseconds))
		json_node_refuse(node, "expected a time like 2026-01-02T03:04:05.678901Z");
	return microseconds;
}
