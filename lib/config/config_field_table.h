/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_FIELD_TABLE_H
#define CONFIG_FIELD_TABLE_H

#include "config/config_field.h"

/*
 * How a list of fields, FIELD(struct, key, member, kind, flags, minimum, maximum, default, accepted) and SECTION(struct, key), becomes
 * the two tables of a struct config_section. The including file names the entries of its lists: text_entry, word_entry and byte_entry,
 * and port_range_schema, as far as it has such fields.
 */

#define MS     1000000ULL
#define SECOND (1000 * MS)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

// clang-format off
/* How libcyaml reads what config_value.h writes for each kind. */
#define CYAML_OF_TEXT(type, key, member) \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, CYAML_UNLIMITED)
#define CYAML_OF_UINT(type, key, member) CYAML_FIELD_UINT(key, CYAML_FLAG_DEFAULT, type, member)
#define CYAML_OF_LIST(type, key, member, entry) \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER_NULL, type, member, member##_count, entry, 0, CYAML_UNLIMITED)

#define CYAML_OF_IDENTIFIER CYAML_OF_TEXT
#define CYAML_OF_RECORD_TYPE CYAML_OF_TEXT
#define CYAML_OF_COUNTRY_MEANING CYAML_OF_TEXT
#define CYAML_OF_COUNT CYAML_OF_UINT
#define CYAML_OF_DURATION CYAML_OF_UINT
#define CYAML_OF_SECONDS CYAML_OF_UINT
#define CYAML_OF_CPU CYAML_OF_UINT
#define CYAML_OF_RATE CYAML_OF_UINT
#define CYAML_OF_ADDRESS CYAML_OF_UINT
#define CYAML_OF_FLAG(type, key, member) CYAML_FIELD_BOOL(key, CYAML_FLAG_DEFAULT, type, member)
#define CYAML_OF_PORTS(type, key, member) \
	CYAML_FIELD_MAPPING(key, CYAML_FLAG_DEFAULT, type, member, port_range_schema)
#define CYAML_OF_MAC(type, key, member) \
	CYAML_FIELD_SEQUENCE_FIXED(key, CYAML_FLAG_DEFAULT, type, member, &byte_entry, 6)
#define CYAML_OF_TEXTS(type, key, member) CYAML_OF_LIST(type, key, member, &text_entry)
#define CYAML_OF_RANGES CYAML_OF_TEXTS
#define CYAML_OF_COUNTRIES CYAML_OF_TEXTS
#define CYAML_OF_ASNS(type, key, member) CYAML_OF_LIST(type, key, member, &word_entry)
#define CYAML_OF_ADDRESSES CYAML_OF_ASNS
#define CYAML_OF_CPUS CYAML_OF_ASNS

/* Each list twice: as our fields and as libcyaml's. */
#define AS_FIELD(type, key, member, kind, flags, minimum, maximum, default_text, accepted) \
	{ #key, CONFIG_##kind, CONFIG_IS_##flags, minimum, maximum, default_text, accepted, NULL },
#define AS_SECTION(type, key) \
	{ #key, CONFIG_SECTION, CONFIG_IS_OPTIONAL, 0, 0, "", NULL, &key##_section },
#define AS_CYAML_FIELD(type, key, member, kind, ...) CYAML_OF_##kind(struct type, #key, member),
#define AS_CYAML_SECTION(type, key) \
	CYAML_FIELD_MAPPING(#key, CYAML_FLAG_DEFAULT, struct type, key, key##_schema),
#define DEFINE_FIELDS(name, LIST) \
	static const struct config_field name##_fields[] = { LIST(AS_FIELD, AS_SECTION) { .key = NULL } }; \
	static const cyaml_schema_field_t name##_schema[] = { LIST(AS_CYAML_FIELD, AS_CYAML_SECTION) CYAML_FIELD_END }
#define DEFINE_SECTION(name, LIST) \
	DEFINE_FIELDS(name, LIST); \
	static const struct config_section name##_section = { name##_fields, name##_schema }
// clang-format on

#endif
