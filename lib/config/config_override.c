/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/config_document.h"
#include "config/config_field.h"
#include "config/config_override.h"
#include "config/config_text.h"

/* text is what stands on the command line: a prefix, then "path=value". */
struct override {
	struct config_document *document;
	const char *text;
	const char *assignment; /* in text, after the prefix */
	char path[CONFIG_PATH_SIZE];
	const char *value;
	struct fault *fault;
};

static int
memory_fault(struct fault *fault)
{
	return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
}

static int
override_fault(const struct override *override, const char *what)
{
	const struct config_node here = { .override = override->text };

	return config_document_fault(
		override->document, &here, override->path, override->fault, "%s", what);
}

/* Whether copying worked; overrides are kept because messages quote them. */
static bool
keep_text(struct config_document *document, const char *prefix, const char *text,
	const char **copy_out)
{
	size_t count = document->override_count;
	char **overrides = realloc(document->overrides, (count + 1) * sizeof(*overrides));

	if (overrides == NULL)
		return false;
	document->overrides = overrides;
	if (asprintf(&overrides[count], "%s%s", prefix, text) < 0)
		return false;
	document->override_count++;
	*copy_out = overrides[count];
	return true;
}

static int
split(struct override *override)
{
	const char *equals = strchr(override->assignment, '=');
	size_t length = equals == NULL ? 0 : (size_t)(equals - override->assignment);

	if (length == 0 || length >= sizeof(override->path)) {
		strcpy(override->path, "field");
		return override_fault(
			override, "is not named; accepted: field=value, such as scan.rate=50kpps");
	}
	memcpy(override->path, override->assignment, length);
	override->path[length] = '\0';
	for (char *c = override->path; *c != '\0'; c++)
		*c = *c == '-' ? '_' : *c;
	override->value = equals + 1;
	return 0;
}

/* Replace the child of this name, or add one; adopts node. */
static void
put_child(struct config_node *mapping, struct config_node *node)
{
	struct config_node *old = config_node_find(mapping, node->key);

	if (old == NULL) {
		config_node_adopt(mapping, node);
		return;
	}
	struct config_node **link = &mapping->first_child;
	while (*link != old)
		link = &(*link)->next;
	*link = node;
	node->next = old->next;
	node->parent = mapping;
	node->index = old->index;
	if (mapping->last_child == old)
		mapping->last_child = node;
	config_node_destroy(old);
}

/* Scalars are taken as they are: nobody quotes for YAML on a command line. */
static int
create_value(const struct override *override, const struct config_field *field,
	struct config_node **node_out)
{
	bool is_list = config_kind_is_list(field->kind);
	struct config_node *node = NULL;

	if (is_list && override->value[0] == '[') {
		int error = config_document_parse_value(
			override->text, override->value, &node, override->fault);
		if (error != 0)
			return error;
		node->key = strdup(field->key);
		if (node->key == NULL) {
			config_node_destroy(node);
			return memory_fault(override->fault);
		}
		*node_out = node;
		return 0;
	}
	node = config_node_create(is_list ? CONFIG_LIST : CONFIG_SCALAR, field->key,
		is_list ? NULL : override->value, 1);
	struct config_node *entry =
		is_list ? config_node_create(CONFIG_SCALAR, NULL, override->value, 1) : NULL;
	if (node == NULL || (is_list && entry == NULL)) {
		config_node_destroy(node);
		config_node_destroy(entry);
		return memory_fault(override->fault);
	}
	node->override = override->text;
	if (entry != NULL) {
		entry->override = override->text;
		config_node_adopt(node, entry);
	}
	*node_out = node;
	return 0;
}

/* The mapping of a section, which is made if the file has none. NULL without memory. */
static struct config_node *
enter_section(struct config_node *mapping, const struct config_field *field)
{
	struct config_node *inner = config_node_find(mapping, field->key);

	if (inner != NULL)
		return inner;
	inner = config_node_create(CONFIG_MAPPING, field->key, NULL, mapping->line);
	if (inner != NULL)
		config_node_adopt(mapping, inner);
	return inner;
}

/* Walk override->path down to its field and put the value there. */
static int
apply(const struct override *override, const struct config_section *section)
{
	struct config_node *mapping = override->document->root;
	const char *step = override->path;
	char word[CONFIG_PATH_SIZE];
	char what[CONFIG_UNKNOWN_SIZE];

	for (;;) {
		size_t length = strcspn(step, ".");

		memcpy(word, step, length);
		word[length] = '\0';
		const struct config_field *field = config_section_find(section, word);
		if (field == NULL || (field->kind != CONFIG_SECTION && step[length] != '\0'))
			return override_fault(
				override, config_section_unknown(section, word, what));
		/*
		 * A file with something else in the section's place is reported when it is checked.
		 */
		if (mapping->kind != CONFIG_MAPPING)
			return 0;
		if (field->kind != CONFIG_SECTION) {
			struct config_node *node = NULL;
			int error = create_value(override, field, &node);

			if (error == 0)
				put_child(mapping, node);
			return error;
		}
		if (step[length] == '\0')
			return override_fault(override,
				"is a section; accepted: one field of it, as in scan.port=853");
		mapping = enter_section(mapping, field);
		if (mapping == NULL)
			return memory_fault(override->fault);
		section = field->section;
		step += length + 1;
	}
}

int
config_override(struct config_document *document, const struct config_section *root,
	const char *prefix, const char *const overrides[], size_t count, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		struct override override = { .document = document, .fault = fault };
		int error = 0;

		if (!keep_text(document, prefix, overrides[i], &override.text))
			return memory_fault(fault);
		override.assignment = override.text + strlen(prefix);
		error = split(&override);
		if (error == 0)
			error = apply(&override, root);
		if (error != 0)
			return error;
	}
	return 0;
}
