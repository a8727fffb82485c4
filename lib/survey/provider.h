/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROVIDER_H
#define PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "survey/survey_set.h"

#define PROVIDER_SIZE 1100 /* of a name with its terminating zero; longer ones are cut */

/*
 * Who runs a resolver, by the common name of its certificate: the registrable domain by the public
 * suffix list, in lower case; an address or a name without a dot stands for itself; the default
 * certificates of a vendor's devices are one provider, known by the subject. Returns false where
 * there is no name, and then there is no provider.
 */
bool provider_name(const char *common_name, const char *subject, char name[PROVIDER_SIZE],
	bool *is_factory_out);

/* Set the provider of each certificate. Returns 0, ERROR_MEMORY or ERROR_FULL. */
int provider_assign(struct survey_set *set);

#endif
