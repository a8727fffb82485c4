/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_CONFIG_RULES_H
#define SCAN_CONFIG_RULES_H

struct scan_config;
struct fault;

/*
 * What must hold between fields, and inside of texts, of a configuration whose single values are
 * good. Returns 0, or ERROR_INPUT with one line in fault about the first rule that is broken.
 */
int scan_config_check_rules(const struct scan_config *config, struct fault *fault);

#endif
