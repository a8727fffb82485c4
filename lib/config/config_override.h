/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONFIG_OVERRIDE_H
#define CONFIG_OVERRIDE_H

#include <stddef.h>

struct config_document;
struct config_section;
struct fault;

/*
 * Put each "scan.rate=50kpps" into the document, in place of what the file says there; the last of
 * several wins. prefix is what stands before them on the command line, "--set " or "--", and
 * messages repeat it. A hyphen in a name stands for an underscore. A list is given as "[a, b]", or as its one entry. Values are checked later, like
 * those of the file. Returns 0, ERROR_MEMORY, or ERROR_INPUT with one line in fault if the field
 * does not exist.
 */
int config_override(struct config_document *document, const struct config_section *root,
	const char *prefix, const char *const overrides[], size_t count, struct fault *fault);

#endif
