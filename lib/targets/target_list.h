/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARGET_LIST_H
#define TARGET_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "targets/address_set.h"
#include "targets/range_list.h"

/* A list of texts, borrowed: entries in the form of target_file.h, or paths of files of them. */
struct target_texts {
	const char *const *texts;
	size_t count;
};

/* What the user chose. A zeroed struct chooses nothing. */
struct target_settings {
	struct target_texts include;
	struct target_texts include_files;
	struct target_texts exclude;
	struct target_texts exclude_files;
	const struct range_list *selection; /* normal, borrowed; NULL: none asked for */
	bool allow_reserved;
};

/*
 * What the choice amounts to: included = excluded + reserved + planned, and planned is the set's
 * count.
 */
struct target_list {
	struct address_set set;
	uint64_t included; /* chosen by include and selection */
	uint64_t excluded; /* of these, taken away by exclude */
	uint64_t reserved; /* of the rest, taken away as reserved */
	uint64_t planned;
	bool is_reserved_only; /* every planned target lies in reserved or lab space */
};

/*
 * Work the settings out into one set.
 *
 * Without a selection the targets are the entries of include and include_files; with one and no
 * such entry and no file, the selection; with both, what is in both. Excludes always win. Unless
 * allow_reserved, an included entry that lies wholly in reserved ranges is an error, since it was
 * meant and would not be probed; from wider entries and the selection the reserved part is taken
 * away and counted. planned may be 0: whether that is a mistake is for the caller to say. Returns
 * 0; ERROR_INPUT or ERROR_FILE, with the fault set to name the place; or ERROR_MEMORY.
 */
int target_list_init(
	struct target_list *list, const struct target_settings *settings, struct fault *fault);

/* Free the set. Accepts a zeroed list. */
void target_list_clear(struct target_list *list);

#endif
