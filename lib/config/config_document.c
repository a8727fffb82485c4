/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/config_document.h"
#include "config/config_text.h"

struct config_node *
config_node_create(enum config_node_kind kind, const char *key, const char *text, uint32_t line)
{
	struct config_node *node = calloc(1, sizeof(*node));

	if (node == NULL)
		return NULL;
	node->kind = kind;
	node->line = line;
	node->key = key == NULL ? NULL : strdup(key);
	node->text = text == NULL ? NULL : strdup(text);
	if ((key != NULL && node->key == NULL) || (text != NULL && node->text == NULL)) {
		config_node_destroy(node);
		return NULL;
	}
	return node;
}

/* Recursion is bounded by CONFIG_MAX_DEPTH. */
void
config_node_destroy(struct config_node *node)
{
	if (node == NULL)
		return;
	struct config_node *child = node->first_child;
	while (child != NULL) {
		struct config_node *next = child->next;

		config_node_destroy(child);
		child = next;
	}
	free(node->key);
	free(node->text);
	free(node);
}

void
config_node_adopt(struct config_node *parent, struct config_node *child)
{
	child->parent = parent;
	child->index = parent->child_count++;
	if (parent->last_child == NULL)
		parent->first_child = child;
	else
		parent->last_child->next = child;
	parent->last_child = child;
}

struct config_node *
config_node_find(const struct config_node *mapping, const char *key)
{
	struct config_node *child = mapping->first_child;

	if (mapping->kind != CONFIG_MAPPING)
		return NULL;
	while (child != NULL && strcmp(child->key, key) != 0)
		child = child->next;
	return child;
}

/* The child that the first step of path leads to, or NULL. */
static const struct config_node *
find_step(const struct config_node *node, const char *path, size_t length)
{
	const struct config_node *child = node->first_child;

	if (node->kind == CONFIG_MAPPING) {
		while (child != NULL &&
			(strlen(child->key) != length || memcmp(child->key, path, length) != 0))
			child = child->next;
	} else {
		unsigned long index = strtoul(path, NULL, 10);

		while (child != NULL && child->index != index)
			child = child->next;
	}
	return child;
}

const struct config_node *
config_document_nearest(const struct config_document *document, const char *path)
{
	const struct config_node *node = document->root;

	while (*path != '\0') {
		size_t length = strcspn(path, ".[]");
		const struct config_node *child = find_step(node, path, length);

		if (child == NULL)
			return node;
		node = child;
		path += length;
		path += strspn(path, ".[]");
	}
	return node;
}

int
config_document_fault(const struct config_document *document, const struct config_node *node,
	const char *path, struct fault *fault, const char *format, ...)
{
	char place[CONFIG_QUOTE_SIZE];
	char field[CONFIG_QUOTE_SIZE];
	char what[sizeof(fault->text)];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	config_text_visible(path, field);
	if (node != NULL && node->override != NULL)
		return fault_set(fault, ERROR_INPUT, "%s: %s: %s",
			config_text_visible(node->override, place), field, what);
	return fault_set(fault, ERROR_INPUT, "%s:%u: %s: %s",
		config_text_visible(document->name, place), node == NULL ? 1 : node->line, field,
		what);
}

void
config_document_destroy(struct config_document *document)
{
	if (document == NULL)
		return;
	config_node_destroy(document->root);
	for (size_t i = 0; i < document->override_count; i++)
		free(document->overrides[i]);
	free(document->overrides);
	free(document->name);
	free(document);
}

static int
file_fault(const char *path, struct fault *fault, int error, const char *what)
{
	char visible[CONFIG_QUOTE_SIZE];

	return fault_set(fault, error,
		"%s: cannot be read: %s; accepted: a readable YAML file of at most 1 MiB",
		config_text_visible(path, visible), what);
}

int
config_document_read(const char *path, struct config_document **document_out, struct fault *fault)
{
	struct stat status;
	FILE *file = fopen(path, "re");
	uint8_t *bytes = NULL;
	int error = 0;

	if (file == NULL)
		return file_fault(path, fault, errno == ENOMEM ? ERROR_MEMORY : ERROR_FILE,
			errno == ENOENT ? "there is no such file" : strerror(errno));
	if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
		error = file_fault(path, fault, ERROR_FILE, "it is a directory");
		goto cleanup;
	}
	bytes = malloc(CONFIG_MAX_BYTES + 1);
	if (bytes == NULL) {
		error = fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
		goto cleanup;
	}
	size_t length = fread(bytes, 1, CONFIG_MAX_BYTES + 1, file);
	if (ferror(file) != 0)
		error = file_fault(path, fault, ERROR_FILE, strerror(errno));
	else if (length > CONFIG_MAX_BYTES)
		error = file_fault(path, fault, ERROR_INPUT, "it is too big");
	else
		error = config_document_parse(path, bytes, length, document_out, fault);
cleanup:
	free(bytes);
	(void)fclose(file);
	return error;
}
