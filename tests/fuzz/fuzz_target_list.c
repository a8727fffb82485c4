/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Target files are written by people and by other programs: reading one must neither crash nor
 * break the set.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "targets/address_set.h"
#include "targets/range_list.h"
#include "targets/target_file.h"

/* Beyond this many lines nothing new is found, only slowly. */
#define SIZE_MAXIMUM 16384

static void
require(int claim)
{
	if (!claim)
		abort();
}

static int
add_entry(void *context, const char *entry, const struct target_place *place, struct fault *fault)
{
	struct range_list *list = context;
	struct ipv4_range range = { 0, 0 };

	if (!ipv4_range_parse(entry, &range))
		return target_place_fault(fault, ERROR_INPUT, place, entry, "is not a target");
	require(range.first <= range.last);
	return range_list_add(list, range);
}

static void
check_set(struct range_list *list)
{
	struct address_set set;

	range_list_normalise(list);
	require(address_set_init(&set, list) == 0);
	require(set.count == range_list_address_count(list));
	for (size_t i = 0; i < list->count; i++) {
		struct ipv4_range range = list->ranges[i];

		require(address_set_contains(&set, range.first));
		require(address_set_contains(&set, range.last));
		require(range.first == 0 || !address_set_contains(&set, range.first - 1));
		require(range.last == UINT32_MAX || !address_set_contains(&set, range.last + 1));
		require(address_set_nth(&set, set.preceding[i]) == range.first);
	}
	address_set_clear(&set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct range_list list = { 0 };
	struct fault fault = { { 0 } };

	if (size == 0 || size > SIZE_MAXIMUM)
		return 0;
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
	require(file != NULL);
	int error = target_file_parse(file, "targets.txt", add_entry, &list, &fault);
	(void)fclose(file);
	/* A failure always says why, and only a failure does. */
	require((error != 0) == (fault.text[0] != '\0'));
	/* A set costs far more than the text does, and most random texts are refused. */
	if (error == 0 && list.count > 0)
		check_set(&list);
	range_list_clear(&list);
	return 0;
}
