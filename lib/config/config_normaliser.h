/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_NORMALISER_H
#define CONFIG_NORMALISER_H

#include <stdio.h>

struct config_document;
struct config_section;
struct fault;

/*
 * Hold a document against the fields that its root may have: no unknown field, none of another kind
 * or out of its range, none missing. Writes the whole configuration, defaults included, as one YAML
 * mapping whose numbers are plain, so that libcyaml needs no more than the section's schema to load
 * it. Returns 0, or ERROR_INPUT with one line in fault about the first thing wrong.
 */
int config_normalise(const struct config_document *document, const struct config_section *root,
	FILE *yaml, struct fault *fault);

#endif
