/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "targets/geo_database.h"

#define ADDRESS_BITS 32
/*
 * Zero bytes between the tree and the data section, which a record's value counts too (MaxMind DB
 * format 2.0).
 */
#define DATA_SEPARATOR_SIZE 16

/* One step of the way from the IPv4 root: a record, and the block of addresses below it. */
struct tree_place {
	uint64_t record;
	MMDB_entry_s entry;
	uint32_t first;
	uint8_t type;  /* MMDB_RECORD_TYPE_... */
	uint8_t depth; /* address bits fixed so far */
};

static int
open_fault(struct fault *fault, const char *path, int status)
{
	if (status == MMDB_FILE_OPEN_ERROR)
		return fault_set(
			fault, ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
	if (status == MMDB_IO_ERROR)
		return fault_set(fault, ERROR_FILE,
			"%s: empty, or not a regular file; accepted are .mmdb files", path);
	if (status == MMDB_OUT_OF_MEMORY_ERROR)
		return fault_set(fault, ERROR_MEMORY, "%s: out of memory", path);
	return fault_set(fault, ERROR_INPUT,
		"%s: not a MaxMind DB file, or a damaged one (%s); accepted are .mmdb files", path,
		MMDB_strerror(status));
}

static bool
has_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strstr(text, *words) != NULL)
			return true;
	}
	return false;
}

int
geo_database_open(
	MMDB_s *database, const char *path, const char *const *type_words, struct fault *fault)
{
	int status = MMDB_open(path, MMDB_MODE_MMAP, database);

	if (status != MMDB_SUCCESS)
		return open_fault(fault, path, status);
	const char *type = database->metadata.database_type;
	if (type != NULL && has_word(type, type_words))
		return 0;
	(void)fault_set(fault, ERROR_INPUT,
		"%s: a database of type \"%.60s\"; accepted are those with %s, %s or %s in the type",
		path, type == NULL ? "" : type, type_words[0], type_words[1], type_words[2]);
	MMDB_close(database);
	return ERROR_INPUT;
}

static struct ipv4_range
block_of(const struct tree_place *place)
{
	uint32_t host_bits = (uint32_t)((1ULL << (ADDRESS_BITS - place->depth)) - 1);

	return (struct ipv4_range){ place->first, place->first | host_bits };
}

/*
 * The first place. In an IPv6 tree the library has walked the 96 zero bits; if it met a leaf on the
 * way, the whole of IPv4 is that one leaf. Its value then tells the type as any record's does:
 * node_count is empty.
 */
static struct tree_place
ipv4_root(const MMDB_s *database)
{
	uint32_t node_count = database->metadata.node_count;
	uint32_t node =
		database->metadata.ip_version == 6 ? database->ipv4_start_node.node_value : 0;
	struct tree_place root = { .record = node, .type = MMDB_RECORD_TYPE_SEARCH_NODE };

	if (node == node_count)
		root.type = MMDB_RECORD_TYPE_EMPTY;
	if (node > node_count) {
		root.type = MMDB_RECORD_TYPE_DATA;
		root.entry.mmdb = database;
		root.entry.offset = node - node_count - DATA_SEPARATOR_SIZE;
	}
	return root;
}

/*
 * A record may also point into the separator, where the library's own check of the offset can
 * overflow.
 */
static bool
is_in_data(const MMDB_s *database, const MMDB_entry_s *entry)
{
	return entry->offset < database->data_section_size;
}

static int
damaged(const MMDB_s *database, struct fault *fault)
{
	return fault_set(fault, ERROR_INPUT,
		"%s: the search tree is damaged; accepted are complete .mmdb files",
		database->filename);
}

/* Replace the place on top of the stack by its two halves, the lower one on top. */
static int
push_halves(const MMDB_s *database, struct tree_place *top, struct fault *fault)
{
	struct tree_place place = *top;
	MMDB_search_node_s node;

	if (place.depth == ADDRESS_BITS ||
		MMDB_read_node(database, (uint32_t)place.record, &node) != MMDB_SUCCESS)
		return damaged(database, fault);
	top[0] = (struct tree_place){
		.record = node.right_record,
		.entry = node.right_record_entry,
		.first = place.first | 1u << (ADDRESS_BITS - 1 - place.depth),
		.type = node.right_record_type,
		.depth = (uint8_t)(place.depth + 1),
	};
	top[1] = (struct tree_place){
		.record = node.left_record,
		.entry = node.left_record_entry,
		.first = place.first,
		.type = node.left_record_type,
		.depth = (uint8_t)(place.depth + 1),
	};
	return 0;
}

int
geo_database_walk(
	const MMDB_s *database, geo_database_visit visit, void *context, struct fault *fault)
{
	/* Each level leaves at most one place waiting while the other half is walked. */
	struct tree_place stack[ADDRESS_BITS + 2];
	size_t height = 1;
	uint32_t nodes_left = database->metadata.node_count;

	stack[0] = ipv4_root(database);
	while (height > 0) {
		struct tree_place *top = &stack[height - 1];
		int error = 0;

		if (top->type == MMDB_RECORD_TYPE_SEARCH_NODE) {
			/*
			 * In a tree no node comes twice; where each names the next one twice, 32
			 * nodes have 2^32 leaves.
			 */
			if (nodes_left-- == 0)
				return damaged(database, fault);
			error = push_halves(database, top, fault);
			height++;
		} else if (top->type == MMDB_RECORD_TYPE_DATA &&
			   is_in_data(database, &top->entry)) {
			error = visit(context, block_of(top), &top->entry);
			height--;
		} else if (top->type == MMDB_RECORD_TYPE_EMPTY) {
			height--;
		} else {
			error = damaged(database, fault);
		}
		if (error != 0)
			return error;
	}
	return 0;
}
