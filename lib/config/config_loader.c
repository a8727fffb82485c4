/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/config_loader.h"
#include "config/config_normaliser.h"
#include "config/config_override.h"

static const cyaml_config_t cyaml_settings = { .mem_fn = cyaml_mem };

/*
 * Everything a user can get wrong in one field has been found before, so a failure here is not the
 * user's.
 */
static int
load_normalised(const char *yaml, size_t length, const struct config_layout *layout,
	void **config_out, struct fault *fault)
{
	cyaml_data_t *data = NULL;
	cyaml_err_t result = cyaml_load_data(
		(const uint8_t *)yaml, length, &cyaml_settings, layout->schema, &data, NULL);

	if (result == CYAML_ERR_OOM)
		return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	if (result != CYAML_OK)
		return fault_set(fault, ERROR_LIBRARY, "libcyaml: %s", cyaml_strerror(result));
	*config_out = data;
	return 0;
}

int
config_loader_load(struct config_document *document, const struct config_layout *layout,
	const char *const overrides[], size_t override_count, void **config_out,
	struct fault *fault)
{
	char *yaml = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&yaml, &length);
	int error = 0;

	if (stream == NULL)
		return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	error = config_override(document, layout->section, layout->override_prefix, overrides,
		override_count, fault);
	if (error == 0)
		error = config_normalise(document, layout->section, stream, fault);
	if (fclose(stream) != 0 && error == 0)
		error = fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	if (error == 0)
		error = load_normalised(yaml, length, layout, config_out, fault);
	free(yaml);
	return error;
}

void
config_loader_free(const struct config_layout *layout, void *config)
{
	(void)cyaml_free(&cyaml_settings, layout->schema, config, 0);
}
