/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

/*
 * A YAML file as a tree that knows where each of its values stands, which is what an error message
 * must say. Only the plain part of YAML that a configuration needs is read: one document; no
 * anchors, aliases or tags; no key twice.
 */

/* Enough for any configuration, little enough that a wrong file cannot hurt. */
#define CONFIG_MAX_BYTES   (1U << 20)
#define CONFIG_MAX_DEPTH   16
#define CONFIG_MAX_KEYS    64
#define CONFIG_MAX_ENTRIES 10000
#define CONFIG_PATH_SIZE   128

enum config_node_kind { CONFIG_SCALAR, CONFIG_LIST, CONFIG_MAPPING };

/*
 * One value. key is set if the parent is a mapping, text if it is a scalar; override if --set put
 * it there.
 */
struct config_node {
	enum config_node_kind kind;
	bool is_quoted;
	uint32_t line;
	uint32_t index; /* among the parent's children */
	uint32_t child_count;
	char *key;
	char *text;
	const char *override; /* the option that gave it; belongs to the document */
	struct config_node *parent;
	struct config_node *first_child;
	struct config_node *last_child;
	struct config_node *next;
};

struct config_document {
	char *name; /* the file's, as messages print it */
	struct config_node *root;
	char **overrides;
	size_t override_count;
};

/*
 * Read bytes, which name was read from. Returns 0 with a document whose root is a mapping and which
 * the caller destroys, ERROR_MEMORY, or ERROR_INPUT with one line in fault: name:line: field: what
 * is wrong; accepted: what is.
 */
int config_document_parse(const char *name, const uint8_t *bytes, size_t length,
	struct config_document **document_out, struct fault *fault);

/* Read a file of at most CONFIG_MAX_BYTES; also returns ERROR_FILE, with the reason in fault. */
int config_document_read(
	const char *path, struct config_document **document_out, struct fault *fault);

/*
 * Read text as YAML of its own, for a value that --set gave. override is borrowed by the nodes. The
 * caller hangs the node into a document or destroys it.
 */
int config_document_parse_value(
	const char *override, const char *text, struct config_node **node_out, struct fault *fault);

void config_document_destroy(struct config_document *document);

/*
 * A node that has no parent yet, or NULL if there is no memory. key and text are copied and may be
 * NULL.
 */
struct config_node *config_node_create(
	enum config_node_kind kind, const char *key, const char *text, uint32_t line);
void config_node_destroy(struct config_node *node);

/* Append a child, adopting it. */
void config_node_adopt(struct config_node *parent, struct config_node *child);

/* The child of a mapping that has this key, or NULL. */
struct config_node *config_node_find(const struct config_node *mapping, const char *key);

/*
 * The node at a path such as "scan.targets.include[2]", or the last one on the way to it that
 * exists; never NULL.
 */
const struct config_node *config_document_nearest(
	const struct config_document *document, const char *path);

/*
 * Write "place: path: what is wrong" about node into fault: one line, where place is file:line or
 * --set field=value. Returns error.
 */
int config_document_fault(const struct config_document *document, const struct config_node *node,
	const char *path, struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
