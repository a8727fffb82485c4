/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/error.h"
#include "config/config_field.h"
#include "config/config_value.h"
#include "config/scan_config.h"
#include "config/scan_config_fields.h"

/* Lists longer than this are printed with an entry a line. */
#define ENTRIES_ON_A_LINE 8

/* flags: only fields that have all of these. */
struct printer {
	FILE *file;
	int flags;
};

static void
indent(const struct printer *printer, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++)
		fputs("  ", printer->file);
}

static void
print_list(const struct printer *printer, enum config_kind kind, const cyaml_schema_field_t *schema,
	const char *section, unsigned int depth)
{
	const char *entry = *(const char *const *)(const void *)(section + schema->data_offset);
	uint32_t count = *(const uint32_t *)(const void *)(section + schema->count_offset);
	size_t size = (schema->value.sequence.entry->flags & CYAML_FLAG_POINTER) != 0
			      ? sizeof(char *)
			      : schema->value.sequence.entry->data_size;
	bool is_short = count <= ENTRIES_ON_A_LINE;

	fputs(is_short ? " [" : "", printer->file);
	for (uint32_t i = 0; i < count; i++) {
		if (is_short) {
			fputs(i == 0 ? "" : ", ", printer->file);
		} else {
			fputc('\n', printer->file);
			indent(printer, depth + 1);
			fputs("- ", printer->file);
		}
		config_value_print(kind, entry + size * i, size, printer->file);
	}
	fputs(is_short ? "]" : "", printer->file);
}

static bool
is_wanted(const struct printer *printer, const struct config_field *field)
{
	if (field->kind != CONFIG_SECTION)
		return (field->flags & printer->flags) == printer->flags;
	for (const struct config_field *inner = field->section->fields; inner->key != NULL; inner++)
		if (is_wanted(printer, inner))
			return true;
	return false;
}

static void
print_section(const struct printer *printer, const struct config_section *section, const void *data,
	unsigned int depth)
{
	for (size_t i = 0; section->fields[i].key != NULL; i++) {
		const struct config_field *field = &section->fields[i];
		const cyaml_schema_field_t *schema = &section->schema[i];
		const char *value = (const char *)data + schema->data_offset;

		if (!is_wanted(printer, field))
			continue;
		indent(printer, depth);
		fprintf(printer->file, "%s:", field->key);
		if (field->kind == CONFIG_SECTION) {
			fputc('\n', printer->file);
			print_section(printer, field->section, value, depth + 1);
			continue;
		}
		if (config_kind_is_list(field->kind)) {
			print_list(printer, field->kind, schema, data, depth);
		} else {
			fputc(' ', printer->file);
			config_value_print(
				field->kind, value, schema->value.data_size, printer->file);
		}
		fputc('\n', printer->file);
	}
}

static int
print(const struct scan_config *config, int flags, FILE *file)
{
	const struct printer printer = { .file = file, .flags = flags };

	print_section(&printer, &scan_config_section, config, 0);
	return fflush(file) != 0 || ferror(file) != 0 ? ERROR_FILE : 0;
}

int
scan_config_print(const struct scan_config *config, FILE *file)
{
	return print(config, 0, file);
}

int
scan_config_print_identity(const struct scan_config *config, FILE *file)
{
	return print(config, CONFIG_IS_IDENTITY, file);
}
