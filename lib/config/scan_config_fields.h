/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_CONFIG_FIELDS_H
#define SCAN_CONFIG_FIELDS_H

#include "config/config_field.h"

/* Every field of scan.yaml, once, for reading, checking and printing. */
extern const struct config_section scan_config_section;

/* The same, for libcyaml: a pointer to struct scan_config. */
extern const cyaml_schema_value_t scan_config_schema;

#endif
