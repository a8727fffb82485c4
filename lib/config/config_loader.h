/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_LOADER_H
#define CONFIG_LOADER_H

#include <stddef.h>

#include "config/config_field.h"

struct config_document;
struct fault;

/* What is to be loaded: its fields for us, the pointer to its struct for libcyaml, and what stands before an override. */
struct config_layout {
	const struct config_section *section;
	const cyaml_schema_value_t *schema;
	const char *override_prefix;
};

/*
 * Put the overrides into the document, check each field and load the struct, which config_loader_free frees. Returns 0;
 * ERROR_INPUT with the line about the first field that is wrong; ERROR_MEMORY; ERROR_LIBRARY.
 */
int config_loader_load(struct config_document *document, const struct config_layout *layout,
	const char *const overrides[], size_t override_count, void **config_out,
	struct fault *fault);
void config_loader_free(const struct config_layout *layout, void *config);

#endif
