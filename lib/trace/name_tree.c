/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "trace/name_tree.h"

const struct dns_name name_tree_root = { .bytes = { 0 }, .length = 1 };

unsigned int
name_tree_labels(const struct dns_name *name)
{
	unsigned int labels = 0;

	for (size_t at = 0; at < name->length && name->bytes[at] != 0; labels++)
		at += (size_t)name->bytes[at] + 1;
	return labels;
}

/* The name without its first labels. */
static struct dns_name
suffix_of(const struct dns_name *name, unsigned int labels_off)
{
	struct dns_name suffix;
	size_t at = 0;

	for (unsigned int i = 0; i < labels_off; i++)
		at += (size_t)name->bytes[at] + 1;
	suffix.length = name->length - at;
	memcpy(suffix.bytes, name->bytes + at, suffix.length);
	return suffix;
}

bool
name_tree_is_within(const struct dns_name *name, const struct dns_name *zone)
{
	const unsigned int name_labels = name_tree_labels(name);
	const unsigned int zone_labels = name_tree_labels(zone);

	if (name_labels < zone_labels)
		return false;
	const struct dns_name suffix = suffix_of(name, name_labels - zone_labels);
	return dns_name_equal(&suffix, zone);
}

bool
name_tree_is_below(const struct dns_name *name, const struct dns_name *zone)
{
	return name_tree_is_within(name, zone) && !dns_name_equal(name, zone);
}

bool
name_tree_substitute(const struct dns_name *name, const struct dns_name *suffix,
	const struct dns_name *target, struct dns_name *name_out)
{
	const size_t head = name->length - suffix->length;

	if (head + target->length > DNS_NAME_BYTES)
		return false;
	struct dns_name result = { .length = head + target->length };
	memcpy(result.bytes, name->bytes, head);
	memcpy(result.bytes + head, target->bytes, target->length);
	*name_out = result;
	return true;
}
