/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAME_BOOK_H
#define NAME_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "survey/survey_set.h"
#include "survey/warning_list.h"

/* More addresses of one name are not kept. */
#define NAME_BOOK_ADDRESSES 64

enum lookup_type {
	LOOKUP_PTR, /* of an address; the value is the number of a text */
	LOOKUP_A,   /* of a text; the values are addresses */
};

enum lookup_status {
	LOOKUP_UNKNOWN, /* never asked, or no answer came */
	LOOKUP_NOTHING, /* there is no such name, or it has no such data */
	LOOKUP_FOUND,
};

struct lookup_entry {
	uint32_t subject; /* an address or a text */
	uint32_t first;   /* in values */
	uint8_t count;
	uint8_t type;
	uint8_t status;
	bool is_used;
};

/* What the DNS said of addresses and names: an open hash table over both kinds of question. */
struct name_book {
	struct lookup_entry *slots;
	uint32_t slot_count;
	uint32_t used;
	uint32_t *values;
	uint32_t value_count;
	uint32_t value_capacity;
	uint64_t hash_factor;
};

int name_book_init(struct name_book *book);
void name_book_clear(struct name_book *book);

/* Keep what was learnt; a second answer to the same question is dropped. Returns 0 or ERROR_MEMORY. */
int name_book_add(struct name_book *book, enum lookup_type type, uint32_t subject,
	enum lookup_status status, const uint32_t *values, uint32_t count);

/* NULL: never asked. Borrowed until the next addition. */
const struct lookup_entry *name_book_find(
	const struct name_book *book, enum lookup_type type, uint32_t subject);

/* Whether the A records of a name hold the address. */
bool name_book_points_to(const struct name_book *book, uint32_t name, uint32_t address);

/* Whether a name is worth a question: it has a dot, no wildcard, and no suffix of private use. */
bool name_book_is_askable(const char *name);

/*
 * Take in a file of lookups as name_lookup writes it, whose lines that cannot be read are warned
 * of. A file that is not there holds nothing. Returns 0, ERROR_FILE with the fault set, ERROR_FULL
 * or ERROR_MEMORY.
 */
int name_book_load(struct name_book *book, struct survey_set *set, const char *path,
	struct warning_list *warnings, struct fault *fault);

#endif
