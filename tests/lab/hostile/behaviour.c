/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "behaviour.h"

static const struct behaviour *
find_in(const struct behaviour *table, const char *name)
{
	for (; table->name != NULL; table++) {
		if (strcmp(table->name, name) == 0)
			return table;
	}
	return NULL;
}

const struct behaviour *
behaviour_find(const char *name)
{
	const struct behaviour *found = find_in(raw_behaviours, name);
	return found != NULL ? found : find_in(tls_behaviours, name);
}
