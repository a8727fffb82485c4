/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_FIELD_H
#define CONFIG_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include <cyaml/cyaml.h>

/*
 * What one field of a configuration may hold, and where libcyaml puts it. A list of a kind has
 * entries of that kind.
 */
enum config_kind {
	CONFIG_SECTION,
	CONFIG_TEXT,
	CONFIG_IDENTIFIER,
	CONFIG_COUNT,
	CONFIG_FLAG,
	CONFIG_DURATION,
	CONFIG_SECONDS,
	CONFIG_CPU,
	CONFIG_RATE,
	CONFIG_PORTS,
	CONFIG_ADDRESS,
	CONFIG_MAC,
	CONFIG_RECORD_TYPE,
	CONFIG_COUNTRY_MEANING,
	CONFIG_TEXTS,
	CONFIG_RANGES,
	CONFIG_COUNTRIES,
	CONFIG_ASNS,
	CONFIG_ADDRESSES,
	CONFIG_CPUS,
};

enum config_field_flags {
	CONFIG_IS_OPTIONAL = 0,
	CONFIG_IS_REQUIRED = 1 << 0,
	CONFIG_IS_IDENTITY = 1 << 1, /* may not change when a scan is resumed */
	CONFIG_IS_REQUIRED_IDENTITY = CONFIG_IS_REQUIRED | CONFIG_IS_IDENTITY,
};

struct config_section;

/*
 * minimum and maximum bound a count, a CPU, nanoseconds, the bytes of a text or the entries of a list.
 * default_text is written as in the file, "" for none. accepted ends a message about the field;
 * NULL if kind and range say it all.
 */
struct config_field {
	const char *key;
	enum config_kind kind;
	int flags;
	uint64_t minimum;
	uint64_t maximum;
	const char *default_text;
	const char *accepted;
	const struct config_section *section; /* of kind CONFIG_SECTION */
};

/*
 * fields[i] and schema[i] describe the same field; fields ends with a NULL key, schema with
 * CYAML_FIELD_END.
 */
struct config_section {
	const struct config_field *fields;
	const cyaml_schema_field_t *schema;
};

bool config_kind_is_list(enum config_kind kind);

/* The field of a section with this key, or NULL. */
const struct config_field *config_section_find(
	const struct config_section *section, const char *key);

#define CONFIG_UNKNOWN_SIZE 512

/*
 * Says that key is no field of the section, which field may have been meant, and which there are.
 * The buffer has CONFIG_UNKNOWN_SIZE bytes; returns it.
 */
char *config_section_unknown(const struct config_section *section, const char *key, char *buffer);

#endif
