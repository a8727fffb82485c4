/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml's events to config_document's tree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/config_document.h"
#include "config/config_text.h"

#define DOCUMENT_FIELD "document"

/* depth open lists and mappings, the innermost last; a key that still awaits its value. */
struct config_parser {
	yaml_parser_t yaml;
	struct config_document *document;
	const char *override;
	const uint8_t *bytes;
	size_t length;
	struct config_node *open[CONFIG_MAX_DEPTH];
	size_t depth;
	struct config_node *root;
	char *key;
	uint32_t key_line;
	bool has_document;
	struct fault *fault;
};

/* A fault that has a line but no node yet. */
static int
parser_fault(struct config_parser *parser, size_t line, const char *path, const char *what)
{
	struct config_node here = { .line = (uint32_t)line, .override = parser->override };

	return config_document_fault(parser->document, &here, path, parser->fault, "%s", what);
}

static int
memory_fault(struct config_parser *parser)
{
	return fault_set(parser->fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
}

/*
 * Writes the path of a node's child into path, which has CONFIG_PATH_SIZE bytes. What does not fit
 * is cut.
 */
static void
write_path(const struct config_node *node, const char *key, char *path)
{
	const struct config_node *way[CONFIG_MAX_DEPTH + 1];
	size_t count = 0;
	size_t offset = 0;

	for (; node->parent != NULL && count < CONFIG_MAX_DEPTH; node = node->parent)
		way[count++] = node;
	path[0] = '\0';
	while (count-- > 0 && offset < CONFIG_PATH_SIZE) {
		size_t room = CONFIG_PATH_SIZE - offset;

		if (way[count]->key != NULL)
			offset += (size_t)snprintf(path + offset, room, "%s%s",
				offset == 0 ? "" : ".", way[count]->key);
		else
			offset += (size_t)snprintf(path + offset, room, "[%u]", way[count]->index);
	}
	if (key != NULL && offset < CONFIG_PATH_SIZE)
		(void)snprintf(path + offset, CONFIG_PATH_SIZE - offset, "%s%s",
			offset == 0 ? "" : ".", key);
	if (path[0] == '\0')
		strcpy(path, DOCUMENT_FIELD);
}

static size_t
line_of_byte(const struct config_parser *parser, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && i < parser->length; i++)
		line += parser->bytes[i] == '\n';
	return line;
}

/* Whether a tab stands in the white space that this line (the first is 1) begins with. */
static bool
is_indented_by_tab(const struct config_parser *parser, size_t line)
{
	const uint8_t *at = parser->bytes;
	const uint8_t *end = parser->bytes + parser->length;

	while (at < end && line > 1)
		line -= *at++ == '\n';
	while (at < end && *at == ' ')
		at++;
	return at < end && *at == '\t';
}

/* What libyaml says becomes our one line. */
static int
syntax_fault(struct config_parser *parser)
{
	yaml_parser_t *yaml = &parser->yaml;
	char what[512];
	char since[40] = "";

	if (yaml->error == YAML_MEMORY_ERROR)
		return memory_fault(parser);
	if (yaml->error == YAML_READER_ERROR)
		return parser_fault(parser, line_of_byte(parser, yaml->problem_offset),
			DOCUMENT_FIELD, "is not text; accepted: YAML in UTF-8");
	size_t line = yaml->problem_mark.line + 1;
	if (is_indented_by_tab(parser, line))
		return parser_fault(
			parser, line, DOCUMENT_FIELD, "is indented by a tab; accepted: spaces");
	/* Where the broken thing begins is often more telling than where it cannot go on. */
	if (yaml->context != NULL && yaml->context_mark.line + 1 < line)
		(void)snprintf(
			since, sizeof(since), " since line %zu", yaml->context_mark.line + 1);
	(void)snprintf(what, sizeof(what), "is not YAML: %s%s%s%s; accepted: well-formed YAML",
		yaml->context == NULL ? "" : yaml->context, since,
		yaml->context == NULL ? "" : ", ",
		yaml->problem == NULL ? "it cannot be understood" : yaml->problem);
	return parser_fault(parser, line, DOCUMENT_FIELD, what);
}

static struct config_node *
innermost(struct config_parser *parser)
{
	return parser->depth == 0 ? NULL : parser->open[parser->depth - 1];
}

static int
take_key(struct config_parser *parser, const char *text, size_t line)
{
	struct config_node *mapping = innermost(parser);
	const struct config_node *twin = config_node_find(mapping, text);
	char path[CONFIG_PATH_SIZE];
	char what[80];

	write_path(mapping, text, path);
	if (twin != NULL) {
		(void)snprintf(what, sizeof(what),
			"is given twice, first in line %u; accepted: once", twin->line);
		return parser_fault(parser, line, path, what);
	}
	if (mapping->child_count == CONFIG_MAX_KEYS) {
		write_path(mapping, NULL, path);
		return parser_fault(parser, line, path, "has too many fields; accepted: up to 64");
	}
	parser->key = strdup(text);
	if (parser->key == NULL)
		return memory_fault(parser);
	parser->key_line = (uint32_t)line;
	return 0;
}

/* Hang a new value where it belongs, adopting node. */
static int
place_node(struct config_parser *parser, struct config_node *node)
{
	struct config_node *parent = innermost(parser);

	node->override = parser->override;
	if (parent == NULL) {
		parser->root = node;
		return 0;
	}
	if (parent->kind == CONFIG_MAPPING) {
		node->key = parser->key;
		node->line = parser->key_line;
		parser->key = NULL;
	}
	config_node_adopt(parent, node);
	if (parent->child_count > CONFIG_MAX_ENTRIES) {
		char path[CONFIG_PATH_SIZE];

		write_path(parent, NULL, path);
		return parser_fault(
			parser, node->line, path, "has too many entries; accepted: up to 10000");
	}
	return 0;
}

static bool
awaits_key(struct config_parser *parser)
{
	const struct config_node *parent = innermost(parser);

	return parent != NULL && parent->kind == CONFIG_MAPPING && parser->key == NULL;
}

/* Anchors and tags, which a configuration has no use for. */
static int
refuse_extras(struct config_parser *parser, const yaml_char_t *anchor, const yaml_char_t *tag,
	size_t line)
{
	char path[CONFIG_PATH_SIZE] = DOCUMENT_FIELD;

	if (anchor == NULL && tag == NULL)
		return 0;
	if (innermost(parser) != NULL)
		write_path(innermost(parser), parser->key, path);
	return parser_fault(parser, line, path,
		anchor != NULL ? "has an anchor (&); accepted: plain values"
			       : "has a tag (!); accepted: plain values");
}

static int
take_scalar(struct config_parser *parser, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t line = event->start_mark.line + 1;
	int error = refuse_extras(parser, event->data.scalar.anchor, event->data.scalar.tag, line);

	if (error != 0)
		return error;
	if (strlen(text) != event->data.scalar.length)
		return parser_fault(
			parser, line, DOCUMENT_FIELD, "holds a zero byte; accepted: text");
	if (awaits_key(parser))
		return take_key(parser, text, line);
	struct config_node *node = config_node_create(CONFIG_SCALAR, NULL, text, (uint32_t)line);
	if (node == NULL)
		return memory_fault(parser);
	node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return place_node(parser, node);
}

static int
open_container(struct config_parser *parser, enum config_node_kind kind, size_t line)
{
	char path[CONFIG_PATH_SIZE] = DOCUMENT_FIELD;

	if (awaits_key(parser)) {
		write_path(innermost(parser), NULL, path);
		return parser_fault(
			parser, line, path, "has a key that is no word; accepted: field names");
	}
	if (parser->depth == CONFIG_MAX_DEPTH)
		return parser_fault(parser, line, path, "is nested too deep; accepted: 16 levels");
	struct config_node *node = config_node_create(kind, NULL, NULL, (uint32_t)line);
	if (node == NULL)
		return memory_fault(parser);
	int error = place_node(parser, node);
	if (error == 0)
		parser->open[parser->depth++] = node;
	return error;
}

static int
take_event(struct config_parser *parser, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;
	int error = 0;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (parser->has_document)
			return parser_fault(parser, line, DOCUMENT_FIELD,
				"is followed by a second one; accepted: one document");
		parser->has_document = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return parser_fault(
			parser, line, DOCUMENT_FIELD, "has an alias (*); accepted: plain values");
	case YAML_SCALAR_EVENT:
		return take_scalar(parser, event);
	case YAML_SEQUENCE_START_EVENT:
		error = refuse_extras(parser, event->data.sequence_start.anchor,
			event->data.sequence_start.tag, line);
		return error != 0 ? error : open_container(parser, CONFIG_LIST, line);
	case YAML_MAPPING_START_EVENT:
		error = refuse_extras(parser, event->data.mapping_start.anchor,
			event->data.mapping_start.tag, line);
		return error != 0 ? error : open_container(parser, CONFIG_MAPPING, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		parser->depth--;
		return 0;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 0;
	}
	return 0;
}

/* Returns 0 and adopts the tree into root_out, which is NULL if there is no document. */
static int
parse(struct config_parser *parser, struct config_node **root_out)
{
	bool is_over = false;
	int error = 0;

	if (yaml_parser_initialize(&parser->yaml) == 0)
		return memory_fault(parser);
	yaml_parser_set_input_string(&parser->yaml, parser->bytes, parser->length);
	yaml_parser_set_encoding(&parser->yaml, YAML_UTF8_ENCODING);
	while (error == 0 && !is_over) {
		yaml_event_t event;

		if (yaml_parser_parse(&parser->yaml, &event) == 0) {
			error = syntax_fault(parser);
			break;
		}
		is_over = event.type == YAML_STREAM_END_EVENT;
		error = take_event(parser, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser->yaml);
	free(parser->key);
	if (error != 0) {
		config_node_destroy(parser->root);
		return error;
	}
	*root_out = parser->root;
	return 0;
}

/* What a configuration is at the least: not empty, and a mapping. */
static int
check_root(struct config_parser *parser)
{
	static const char *const accepted =
		"accepted: the sections of a configuration, as in \"scan:\"";
	const struct config_node *root = parser->document->root;
	bool is_empty = root == NULL || (root->kind == CONFIG_SCALAR && root->text[0] == '\0');
	char what[128];

	if (!is_empty && root->kind == CONFIG_MAPPING)
		return 0;
	(void)snprintf(what, sizeof(what), "is %s; %s",
		is_empty                    ? "empty"
		: root->kind == CONFIG_LIST ? "a list"
					    : "only text",
		accepted);
	return parser_fault(parser, root == NULL ? 1 : root->line, DOCUMENT_FIELD, what);
}

int
config_document_parse(const char *name, const uint8_t *bytes, size_t length,
	struct config_document **document_out, struct fault *fault)
{
	struct config_document *document = calloc(1, sizeof(*document));
	/* libyaml wants a pointer, even to nothing. */
	struct config_parser parser = { .document = document,
		.bytes = length == 0 ? (const uint8_t *)"" : bytes,
		.length = length,
		.fault = fault };
	const uint8_t *zero = memchr(parser.bytes, 0, length);
	int error = 0;

	if (document != NULL)
		document->name = strdup(name);
	if (document == NULL || document->name == NULL)
		error = memory_fault(&parser);
	else if (zero != NULL)
		error = parser_fault(&parser, line_of_byte(&parser, (size_t)(zero - parser.bytes)),
			DOCUMENT_FIELD, "is not text; accepted: YAML in UTF-8");
	else
		error = parse(&parser, &document->root);
	if (error == 0)
		error = check_root(&parser);
	if (error != 0) {
		config_document_destroy(document);
		return error;
	}
	*document_out = document;
	return 0;
}

int
config_document_parse_value(
	const char *override, const char *text, struct config_node **node_out, struct fault *fault)
{
	struct config_document nowhere = { .name = NULL };
	struct config_parser parser = { .document = &nowhere,
		.override = override,
		.bytes = (const uint8_t *)text,
		.length = strlen(text),
		.fault = fault };
	struct config_node *node = NULL;
	int error = parse(&parser, &node);

	if (error != 0)
		return error;
	if (node == NULL)
		return parser_fault(
			&parser, 1, DOCUMENT_FIELD, "is empty; accepted: a value after \"=\"");
	*node_out = node;
	return 0;
}
