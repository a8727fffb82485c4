/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "config/config_document.h"
#include "config/config_field.h"
#include "config/config_text.h"

bool
config_kind_is_list(enum config_kind kind)
{
	return kind >= CONFIG_TEXTS;
}

const struct config_field *
config_section_find(const struct config_section *section, const char *key)
{
	for (const struct config_field *field = section->fields; field->key != NULL; field++)
		if (strcmp(field->key, key) == 0)
			return field;
	return NULL;
}

char *
config_section_unknown(const struct config_section *section, const char *key, char *buffer)
{
	const char *words[CONFIG_MAX_KEYS + 1] = { NULL };
	size_t count = 0;

	while (count < CONFIG_MAX_KEYS && section->fields[count].key != NULL) {
		words[count] = section->fields[count].key;
		count++;
	}
	const char *nearest = config_text_nearest(key, words);
	int offset = snprintf(buffer, CONFIG_UNKNOWN_SIZE, "is not a field");
	if (nearest != NULL)
		offset += snprintf(buffer + offset, CONFIG_UNKNOWN_SIZE - (size_t)offset,
			" (did you mean \"%s\"?)", nearest);
	for (size_t i = 0; i < count && offset < CONFIG_UNKNOWN_SIZE; i++)
		offset += snprintf(buffer + offset, CONFIG_UNKNOWN_SIZE - (size_t)offset, "%s%s",
			i == 0 ? "; accepted: " : ", ", words[i]);
	return buffer;
}
