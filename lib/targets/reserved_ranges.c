/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "targets/reserved_ranges.h"

#define BLOCK(a, b, c, d, length, text)                                      \
	{                                                                    \
		{ (uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d),          \
			((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)) | \
				UINT32_MAX >> ((length)-1) >> 1 },           \
			text                                                 \
	}

static const struct reserved_range table[] = {
	BLOCK(0, 0, 0, 0, 8, "this network, RFC 791"),
	BLOCK(10, 0, 0, 0, 8, "private use, RFC 1918"),
	BLOCK(100, 64, 0, 0, 10, "shared address space, RFC 6598"),
	BLOCK(127, 0, 0, 0, 8, "loopback, RFC 1122"),
	BLOCK(169, 254, 0, 0, 16, "link local, RFC 3927"),
	BLOCK(172, 16, 0, 0, 12, "private use, RFC 1918"),
	BLOCK(192, 0, 0, 0, 24, "IETF protocol assignments, RFC 6890"),
	BLOCK(192, 0, 2, 0, 24, "documentation, RFC 5737"),
	BLOCK(192, 88, 99, 0, 24, "deprecated 6to4 relay anycast, RFC 7526"),
	BLOCK(192, 168, 0, 0, 16, "private use, RFC 1918"),
	BLOCK(198, 18, 0, 0, 15, "benchmarking, RFC 2544"),
	BLOCK(198, 51, 100, 0, 24, "documentation, RFC 5737"),
	BLOCK(203, 0, 113, 0, 24, "documentation, RFC 5737"),
	BLOCK(224, 0, 0, 0, 4, "multicast, RFC 5771"),
	BLOCK(240, 0, 0, 0, 4, "reserved for future use, RFC 1112"),
	BLOCK(255, 255, 255, 255, 32, "limited broadcast, RFC 919"),
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

const struct reserved_range *
reserved_ranges(size_t *count_out)
{
	*count_out = TABLE_COUNT;
	return table;
}

const struct reserved_range *
reserved_ranges_find(uint32_t address)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (address >= table[i].range.first && address <= table[i].range.last)
			return &table[i];
	}
	return NULL;
}

int
reserved_ranges_list(struct range_list *list_out)
{
	struct range_list list = { 0 };

	for (size_t i = 0; i < TABLE_COUNT; i++) {
		int error = range_list_add(&list, table[i].range);
		if (error != 0) {
			range_list_clear(&list);
			return error;
		}
	}
	range_list_normalise(&list);
	*list_out = list;
	return 0;
}
