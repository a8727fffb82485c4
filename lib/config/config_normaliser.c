/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "config/config_document.h"
#include "config/config_field.h"
#include "config/config_normaliser.h"
#include "config/config_text.h"
#include "config/config_value.h"

/*
 * node is the value looked at, or its nearest ancestor in the file if it is missing; path is its
 * full name.
 */
struct place {
	const struct config_document *document;
	const struct config_node *node;
	const char *path;
	struct fault *fault;
};

#define PLACE_FAULT(place, ...) \
	config_document_fault(  \
		(place)->document, (place)->node, (place)->path, (place)->fault, __VA_ARGS__)

static void
join_path(const char *parent, const char *key, char *path_out)
{
	(void)snprintf(
		path_out, CONFIG_PATH_SIZE, "%s%s%s", parent, *parent == '\0' ? "" : ".", key);
}

static int
verdict_fault(const struct place *place, const struct config_field *field,
	enum config_verdict verdict, const char *text)
{
	char quoted[CONFIG_QUOTE_SIZE];
	char accepted[CONFIG_ACCEPTED_SIZE];

	config_value_accepted(field, accepted);
	config_text_quote(text, quoted);
	switch (verdict) {
	case CONFIG_GOOD:
		return 0;
	case CONFIG_WRONG:
		return PLACE_FAULT(place, "%s is not %s; accepted: %s", quoted,
			config_value_name(field->kind), accepted);
	case CONFIG_OUT_OF_RANGE:
		return PLACE_FAULT(place, "%s is out of range; accepted: %s", quoted, accepted);
	case CONFIG_EMPTY:
		return PLACE_FAULT(place, "is empty; accepted: %s", accepted);
	case CONFIG_TOO_LONG:
		return PLACE_FAULT(place, "%s is too long, %zu bytes; accepted: %s", quoted,
			strlen(text), accepted);
	}
	return 0;
}

static bool
is_null(const struct config_node *node)
{
	static const char *const words[] = { "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!node->is_quoted && strcmp(node->text, words[i]) == 0)
			return true;
	return false;
}

/* One scalar: a field of its own, or an entry of a list. */
static int
write_scalar(const struct place *place, const struct config_field *field, FILE *yaml)
{
	static const char *const names[] = { "text", "a list", "a section" };
	const struct config_node *node = place->node;
	char accepted[CONFIG_ACCEPTED_SIZE];
	bool is_plain = field->kind == CONFIG_COUNT || field->kind == CONFIG_FLAG;

	config_value_accepted(field, accepted);
	if (node->kind != CONFIG_SCALAR)
		return PLACE_FAULT(place, "is %s, not %s; accepted: %s", names[node->kind],
			config_value_name(field->kind), accepted);
	if (is_null(node))
		return PLACE_FAULT(place, "is null; accepted: %s", accepted);
	if (node->is_quoted && is_plain)
		return PLACE_FAULT(place, "is text in quotes, not %s; accepted: %s, without quotes",
			config_value_name(field->kind), accepted);
	return verdict_fault(place, field, config_value_write(field, node->text, yaml), node->text);
}

static int
write_entries(const struct place *place, const struct config_field *field, FILE *yaml)
{
	char path[CONFIG_PATH_SIZE + sizeof("[4294967295]")];
	struct place entry = *place;
	int error = 0;

	entry.path = path;
	fputc('[', yaml);
	for (const struct config_node *child = place->node->first_child;
		child != NULL && error == 0; child = child->next) {
		(void)snprintf(path, sizeof(path), "%s[%u]", place->path, child->index);
		entry.node = child;
		error = write_scalar(&entry, field, yaml);
		fputs(", ", yaml);
	}
	fputc(']', yaml);
	return error;
}

static int
write_list(const struct place *place, const struct config_field *field, FILE *yaml)
{
	const struct config_node *node = place->node;
	char accepted[CONFIG_ACCEPTED_SIZE];

	config_value_accepted(field, accepted);
	if (node->kind == CONFIG_MAPPING)
		return PLACE_FAULT(place, "is a section; accepted: %s", accepted);
	if (node->kind == CONFIG_SCALAR && node->text[0] == '\0')
		return PLACE_FAULT(place, "is empty; accepted: %s", accepted);
	if (node->kind == CONFIG_SCALAR)
		return PLACE_FAULT(place, "is not a list; accepted: %s", accepted);
	if (node->child_count < field->minimum)
		return PLACE_FAULT(place, "is empty; accepted: %s", accepted);
	if (node->child_count > field->maximum)
		return PLACE_FAULT(place, "has %u entries; accepted: up to %u", node->child_count,
			(unsigned int)field->maximum);
	return write_entries(place, field, yaml);
}

/* What the file does not say. */
static int
write_default(const struct place *place, const struct config_field *field, FILE *yaml)
{
	char accepted[CONFIG_ACCEPTED_SIZE];
	enum config_verdict verdict = CONFIG_GOOD;

	if ((field->flags & CONFIG_IS_REQUIRED) != 0)
		return PLACE_FAULT(
			place, "is missing; accepted: %s", config_value_accepted(field, accepted));
	if (config_kind_is_list(field->kind))
		fputs("[]", yaml);
	else
		verdict = config_value_write(field, field->default_text, yaml);
	assert(verdict == CONFIG_GOOD);
	(void)verdict;
	return 0;
}

static int
check_keys(const struct place *place, const struct config_section *section)
{
	char path[CONFIG_PATH_SIZE];
	char what[CONFIG_UNKNOWN_SIZE];

	for (const struct config_node *child = place->node->first_child; child != NULL;
		child = child->next) {
		if (config_section_find(section, child->key) != NULL)
			continue;
		join_path(place->path, child->key, path);
		return config_document_fault(place->document, child, path, place->fault, "%s",
			config_section_unknown(section, child->key, what));
	}
	return 0;
}

/*
 * is_present: place->node is the section itself. Recursion is as deep as the sections are nested.
 */
static int
write_section(const struct place *place, bool is_present, const struct config_section *section,
	FILE *yaml)
{
	char path[CONFIG_PATH_SIZE];
	int error = 0;

	if (is_present && place->node->kind != CONFIG_MAPPING)
		return PLACE_FAULT(place, "is not a section; accepted: fields, as in \"%s:\"",
			section->fields[0].key);
	if (is_present)
		error = check_keys(place, section);
	fputc('{', yaml);
	for (const struct config_field *field = section->fields; field->key != NULL && error == 0;
		field++) {
		const struct config_node *node =
			is_present ? config_node_find(place->node, field->key) : NULL;
		struct place inner = *place;

		join_path(place->path, field->key, path);
		inner.path = path;
		inner.node = node != NULL ? node : place->node;
		fprintf(yaml, "%s: ", field->key);
		if (field->kind == CONFIG_SECTION)
			error = write_section(&inner, node != NULL, field->section, yaml);
		else if (node == NULL)
			error = write_default(&inner, field, yaml);
		else if (config_kind_is_list(field->kind))
			error = write_list(&inner, field, yaml);
		else
			error = write_scalar(&inner, field, yaml);
		fputs(", ", yaml);
	}
	fputc('}', yaml);
	return error;
}

int
config_normalise(const struct config_document *document, const struct config_section *root,
	FILE *yaml, struct fault *fault)
{
	const struct place place = {
		.document = document, .node = document->root, .path = "", .fault = fault
	};

	return write_section(&place, true, root, yaml);
}
