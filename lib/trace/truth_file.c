/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "record/json_node.h"
#include "record/json_text.h"
#include "trace/truth_file.h"

#define NAME_TEXT_MAX 1100
#define TYPE_TEXT_MAX 16
#define DATA_TEXT_MAX 8192
#define HOLDERS_MAX   256
#define KEYS_OUTER    10
#define KEYS_VARIANT  6

bool
truth_file_same_name(const char *a, const char *b)
{
	size_t a_length = strlen(a);
	size_t b_length = strlen(b);

	if (a_length > 1 && a[a_length - 1] == '.')
		a_length--;
	if (b_length > 1 && b[b_length - 1] == '.')
		b_length--;
	return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

void
truth_file_clear(struct truth_file *truth)
{
	for (size_t i = 0; i < truth->variant_count; i++) {
		for (size_t j = 0; j < truth->variants[i].count; j++)
			free(truth->variants[i].data[j]);
		free(truth->variants[i].data);
	}
	free(truth->name);
	free(truth->type);
	json_decref(truth->json);
	*truth = (struct truth_file){ .name = NULL };
}

/* A copy of the text, decoded; NULL after an error, which is in the source. */
static char *
copy_text(const struct json_node *node, size_t maximum)
{
	size_t length = 0;
	const char *text = json_node_text(node, maximum, &length);
	char *copy = malloc(length + 1);

	if (copy == NULL) {
		node->source->error = ERROR_MEMORY;
		return NULL;
	}
	copy[json_text_decode(text, length, copy)] = '\0';
	return copy;
}

static void
read_variant(const struct json_node *node, struct truth_file *truth)
{
	struct truth_variant *variant = &truth->variants[truth->variant_count];

	json_node_expect_object(node, KEYS_VARIANT);
	const struct json_node data = json_node_member(node, "data");
	const struct json_node seen = json_node_member(node, "seen");
	const struct json_node servers = json_node_member(node, "servers");
	const size_t count = json_node_expect_array(&data, TRUTH_FILE_DATA_MAX);

	variant->seen_us = json_node_moment(&seen);
	(void)json_node_expect_array(&servers, HOLDERS_MAX);
	if (node->source->error != 0 || count == 0)
		return;
	variant->data = calloc(count, sizeof(*variant->data));
	if (variant->data == NULL) {
		node->source->error = ERROR_MEMORY;
		return;
	}
	truth->variant_count++;
	for (; variant->count < count && node->source->error == 0; variant->count++) {
		const struct json_node item = json_node_item(&data, variant->count);
		variant->data[variant->count] = copy_text(&item, DATA_TEXT_MAX);
	}
}

static void
read_root(const struct json_node *root, struct truth_file *truth)
{
	json_node_expect_object(root, KEYS_OUTER);
	const struct json_node schema = json_node_member(root, "schema");
	const struct json_node name = json_node_member(root, "name");
	const struct json_node type = json_node_member(root, "type");
	const struct json_node taken = json_node_member(root, "taken");
	const struct json_node split = json_node_member(root, "split");
	const struct json_node lame = json_node_member(root, "lame");
	const struct json_node variants = json_node_member(root, "variants");

	(void)json_node_integer(&schema, TRUTH_FILE_SCHEMA, TRUTH_FILE_SCHEMA);
	truth->name = copy_text(&name, NAME_TEXT_MAX);
	truth->type = copy_text(&type, TYPE_TEXT_MAX);
	truth->taken_us = json_node_moment(&taken);
	truth->is_split = json_node_boolean(&split);
	truth->is_lame = json_node_boolean(&lame);
	const size_t count = json_node_expect_array(&variants, TRUTH_FILE_VARIANTS_MAX);
	for (size_t i = 0; i < count && root->source->error == 0; i++) {
		const struct json_node variant = json_node_item(&variants, i);
		read_variant(&variant, truth);
	}
	if (root->source->error != 0)
		return;
	truth->json = json_deep_copy(variants.json);
	if (truth->json == NULL)
		root->source->error = ERROR_MEMORY;
}

int
truth_file_parse(const char *text, size_t length, const char *path, struct truth_file *truth_out,
	struct fault *fault)
{
	struct json_source source = { .file = path, .fault = fault };
	json_t *json = NULL;

	*truth_out = (struct truth_file){ .name = NULL };
	const struct json_node root = json_node_parse(&source, text, length, &json);
	if (source.error == 0)
		read_root(&root, truth_out);
	json_decref(json);
	return source.error;
}

int
truth_file_read(const char *path, struct truth_file *truth_out, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	char *text = malloc(TRUTH_FILE_BYTES_MAX);
	int error = 0;

	*truth_out = (struct truth_file){ .name = NULL };
	if (file == NULL || text == NULL) {
		error = fault_set(fault, file == NULL ? ERROR_FILE : ERROR_MEMORY, "%s: %s", path,
			strerror(errno));
	} else {
		const size_t length = fread(text, 1, TRUTH_FILE_BYTES_MAX, file);
		if (ferror(file) != 0)
			error = fault_set(fault, ERROR_FILE, "%s: %s", path, strerror(errno));
		else if (length == TRUTH_FILE_BYTES_MAX)
			error = fault_set(fault, ERROR_INPUT,
				"%s: too long for a truth file; accepted: below 4 MiB", path);
		else
			error = truth_file_parse(text, length, path, truth_out, fault);
	}
	free(text);
	if (file != NULL)
		(void)fclose(file);
	return error;
}

int
truth_file_read_earlier(const char *path, const char *name, const char *type,
	struct truth_file *truth_out, struct fault *fault)
{
	struct stat status;

	*truth_out = (struct truth_file){ .name = NULL };
	if (stat(path, &status) != 0 && errno == ENOENT)
		return 0;
	const int error = truth_file_read(path, truth_out, fault);
	if (error != 0 || (truth_file_same_name(truth_out->name, name) &&
				  strcasecmp(truth_out->type, type) == 0))
		return error;
	return fault_set(fault, ERROR_INPUT,
		"%s is for %.300s %.15s; accepted: a file for %.300s %.15s, or one that is not there yet",
		path, truth_out->name, truth_out->type, name, type);
}
