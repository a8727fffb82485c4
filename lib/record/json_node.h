/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JSON_NODE_H
#define JSON_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * Strict reading of JSON that somebody may have edited. A value that is missing or not what was
 * asked for sets the source's error, which stays set and names file, line and field; from then on
 * every call answers 0, false or NULL: read all, then look once.
 */
struct json_source {
	const char *file;    /* for the error text */
	uint64_t line;       /* 0: the file is one value */
	struct fault *fault; /* where the first error is written */
	int error;
};

/* One value and the way to it. A node borrows its parents, which must live as long. */
struct json_node {
	struct json_source *source;
	const struct json_node *parent; /* NULL: the outermost value */
	const char *key;                /* NULL: item index of an array */
	size_t index;
	const json_t *json; /* NULL: missing */
};

/*
 * Parses one value. Returns the node of it and its reference, which json_decref ends, in root_out.
 */
struct json_node json_node_parse(
	struct json_source *source, const char *text, size_t length, json_t **root_out);

/* The value must be an object with exactly key_count members. */
void json_node_expect_object(const struct json_node *node, size_t key_count);

/* The value must be an array of at most maximum items; returns how many. */
size_t json_node_expect_array(const struct json_node *node, size_t maximum);

struct json_node json_node_member(const struct json_node *object, const char *key);
struct json_node json_node_item(const struct json_node *array, size_t index);

bool json_node_is_null(const struct json_node *node);
int64_t json_node_integer(const struct json_node *node, int64_t minimum, int64_t maximum);
bool json_node_boolean(const struct json_node *node);

/* A text of at most maximum bytes, borrowed; "" after an error. length_out may be NULL. */
const char *json_node_text(const struct json_node *node, size_t maximum, size_t *length_out);

/* Exactly length bytes in lower-case hexadecimal. */
void json_node_hexadecimal(const struct json_node *node, uint8_t *bytes, size_t length);

/* RFC 3339 with microseconds. */
int64_t json_node_moment(const struct json_node *node);

/* Sets the source's error: "file:line: field: expected ...". */
void json_node_refuse(const struct json_node *node, const char *expected);

#endif
