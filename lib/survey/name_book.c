/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "base/random.h"
#include "record/line_reader.h"
#include "survey/name_book.h"

#define FIRST_SLOTS  1024
#define LONGEST_NAME 253
#define LONGEST_LINE 65536

int
name_book_init(struct name_book *book)
{
	*book = (struct name_book){ .slot_count = FIRST_SLOTS };
	if (random_secret(&book->hash_factor, sizeof(book->hash_factor)) != 0)
		return ERROR_LIBRARY;
	book->hash_factor |= 1;
	book->slots = calloc(FIRST_SLOTS, sizeof(*book->slots));
	return book->slots == NULL ? ERROR_MEMORY : 0;
}

void
name_book_clear(struct name_book *book)
{
	if (book == NULL)
		return;
	free(book->slots);
	free(book->values);
	*book = (struct name_book){ 0 };
}

static uint32_t
find_slot(const struct name_book *book, enum lookup_type type, uint32_t subject)
{
	const uint64_t hash = ((uint64_t)subject << 1 | (type == LOOKUP_A)) * book->hash_factor;
	uint32_t at = (uint32_t)(hash >> 32) & (book->slot_count - 1);

	while (book->slots[at].is_used &&
		(book->slots[at].subject != subject || book->slots[at].type != type))
		at = (at + 1) & (book->slot_count - 1);
	return at;
}

static int
grow(struct name_book *book)
{
	struct name_book larger = *book;

	larger.slot_count *= 2;
	larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < book->slot_count; i++) {
		const struct lookup_entry *entry = &book->slots[i];
		if (entry->is_used)
			larger.slots[find_slot(&larger, entry->type, entry->subject)] = *entry;
	}
	free(book->slots);
	*book = larger;
	return 0;
}

int
name_book_add(struct name_book *book, enum lookup_type type, uint32_t subject,
	enum lookup_status status, const uint32_t *values, uint32_t count)
{
	const uint32_t kept = count < NAME_BOOK_ADDRESSES ? count : NAME_BOOK_ADDRESSES;

	if (book->used >= book->slot_count / 2 && grow(book) != 0)
		return ERROR_MEMORY;
	if (book->value_count + kept > book->value_capacity) {
		const uint32_t capacity = book->value_capacity * 2 + 1024;
		uint32_t *grown = reallocarray(book->values, capacity, sizeof(*grown));
		if (grown == NULL)
			return ERROR_MEMORY;
		book->values = grown;
		book->value_capacity = capacity;
	}
	struct lookup_entry *entry = &book->slots[find_slot(book, type, subject)];
	if (entry->is_used)
		return 0;
	*entry = (struct lookup_entry){ subject, book->value_count, (uint8_t)kept, (uint8_t)type,
		(uint8_t)status, true };
	if (kept > 0)
		memcpy(book->values + book->value_count, values, kept * sizeof(*values));
	book->value_count += kept;
	book->used++;
	return 0;
}

const struct lookup_entry *
name_book_find(const struct name_book *book, enum lookup_type type, uint32_t subject)
{
	const struct lookup_entry *entry = &book->slots[find_slot(book, type, subject)];

	return entry->is_used ? entry : NULL;
}

bool
name_book_points_to(const struct name_book *book, uint32_t name, uint32_t address)
{
	const struct lookup_entry *entry = name_book_find(book, LOOKUP_A, name);

	for (uint32_t i = 0; entry != NULL && i < entry->count; i++) {
		if (book->values[entry->first + i] == address)
			return true;
	}
	return false;
}

static bool
has_suffix(const char *name, size_t length, const char *suffix)
{
	const size_t suffix_length = strlen(suffix);

	return length >= suffix_length && strcasecmp(name + length - suffix_length, suffix) == 0;
}

bool
name_book_is_askable(const char *name)
{
	static const char *const private_suffixes[] = { ".internal", ".localdomain", ".local",
		".arpa", "example.com" };
	const size_t length = strlen(name);
	bool has_letter = false;

	if (length == 0 || length > LONGEST_NAME || strchr(name, '.') == NULL || name[0] == '.' ||
		strstr(name, "..") != NULL)
		return false;
	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)name[i];
		if (!isalnum(byte) && byte != '-' && byte != '.' && byte != '_')
			return false;
		has_letter |= isalpha(byte) != 0;
	}
	for (size_t i = 0; i < sizeof(private_suffixes) / sizeof(private_suffixes[0]); i++) {
		if (has_suffix(name, length, private_suffixes[i]))
			return false;
	}
	return has_letter;
}

/* The file may have been edited; what is written again must be printable. */
static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (!isprint((unsigned char)*text))
			return false;
	}
	return true;
}

/* The values of one line. Returns how many, or a negative number where one is none. */
static int
read_values(struct survey_set *set, const json_t *answers, enum lookup_type type,
	uint32_t values[NAME_BOOK_ADDRESSES])
{
	const size_t count = json_array_size(answers);

	if (count > NAME_BOOK_ADDRESSES)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(answers, i));
		if (text == NULL || !is_printable(text))
			return -1;
		if (type == LOOKUP_A && !ipv4_parse(text, &values[i]))
			return -1;
		if (type == LOOKUP_PTR &&
			text_pool_add(&set->texts, text, strlen(text), &values[i]) != 0)
			return -1;
	}
	return (int)count;
}

/* Returns 0, 1 where the line is none of ours, or an error. */
static int
add_line(struct name_book *book, struct survey_set *set, const char *line, size_t length)
{
	uint32_t values[NAME_BOOK_ADDRESSES];
	uint32_t subject = 0;
	json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const char *type_text = json_string_value(json_object_get(root, "type"));
	const char *name = json_string_value(json_object_get(root, "name"));
	int result = 1;

	if (type_text != NULL && name != NULL && is_printable(name)) {
		const enum lookup_type type = strcmp(type_text, "A") == 0 ? LOOKUP_A : LOOKUP_PTR;
		const int count = read_values(set, json_object_get(root, "answers"), type, values);
		const bool is_good = type == LOOKUP_PTR ? ipv4_parse(name, &subject)
							: text_pool_add(&set->texts, name,
								  strlen(name), &subject) == 0;
		if (is_good && count >= 0)
			result = name_book_add(book, type, subject,
				count == 0 ? LOOKUP_NOTHING : LOOKUP_FOUND, values,
				(uint32_t)count);
	}
	json_decref(root);
	return result;
}

int
name_book_load(struct name_book *book, struct survey_set *set, const char *path,
	struct warning_list *warnings, struct fault *fault)
{
	struct line_reader reader;
	const char *line;
	size_t length;
	int got;

	if (access(path, F_OK) != 0)
		return 0;
	int error = line_reader_open(&reader, path, LONGEST_LINE, fault);
	if (error != 0)
		return error;
	while ((got = line_reader_next(&reader, &line, &length, fault)) == 1) {
		error = add_line(book, set, line, length);
		if (error < 0)
			break;
		if (error == 1)
			warning_list_add(warnings, "%s:%llu: not a lookup of ours; asked again",
				path, (unsigned long long)reader.line);
	}
	line_reader_close(&reader);
	return error < 0 ? error : got;
}
