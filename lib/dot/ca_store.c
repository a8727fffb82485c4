/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/coding.h>

#include "base/error.h"
#include "dot/ca_store.h"

#define FILE_BYTES_MAX (64U << 20) /* the largest bundle in use is below 1 MiB */

struct ca_entry {
	struct chain_link link;
	uint8_t *der;
};

struct ca_store {
	struct ca_entry *entries;
	size_t count;
	size_t capacity;
};

struct ca_store *
ca_store_create(void)
{
	return calloc(1, sizeof(struct ca_store));
}

void
ca_store_destroy(struct ca_store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < store->count; i++)
		free(store->entries[i].der);
	free(store->entries);
	free(store);
}

size_t
ca_store_count(const struct ca_store *store)
{
	return store->count;
}

const struct chain_link *
ca_store_at(const struct ca_store *store, size_t index)
{
	return &store->entries[index].link;
}

size_t
ca_store_find(const struct ca_store *store, const uint8_t *subject_id, size_t start)
{
	size_t i;

	/* A bundle has about 140, and verdicts are cached: no index is worth its code. */
	for (i = start; i < store->count; i++) {
		if (memcmp(store->entries[i].link.subject_id, subject_id,
			    DISTINGUISHED_NAME_ID_BYTES) == 0)
			break;
	}
	return i;
}

/* Adopts der. A certificate we cannot read is dropped: the user's bundle may hold what no scan needs. */
static int
add(struct ca_store *store, uint8_t *der, size_t length)
{
	if (store->count == store->capacity) {
		const size_t capacity = store->capacity == 0 ? 64 : store->capacity * 2;
		struct ca_entry *grown = realloc(store->entries, capacity * sizeof(*grown));
		if (grown == NULL) {
			free(der);
			return ERROR_MEMORY;
		}
		store->entries = grown;
		store->capacity = capacity;
	}
	struct ca_entry *entry = &store->entries[store->count];
	if (!chain_link_init(&entry->link, der, length)) {
		free(der);
		return 0;
	}
	entry->der = der;
	store->count++;
	return 0;
}

static int
add_base64(struct ca_store *store, const char *text, size_t length)
{
	word32 der_length = (word32)(length / 4 * 3 + 3);
	uint8_t *der = malloc(der_length);

	if (der == NULL)
		return ERROR_MEMORY;
	if (Base64_Decode((const byte *)text, (word32)length, der, &der_length) != 0) {
		free(der);
		return 0;
	}
	return add(store, der, der_length);
}

static int
add_all(struct ca_store *store, const char *text)
{
	static const char *const labels[] = { "CERTIFICATE", "TRUSTED CERTIFICATE",
		"X509 CERTIFICATE" };
	static const char begin_mark[] = "-----BEGIN ";
	int error = 0;

	for (const char *at = strstr(text, begin_mark); at != NULL && error == 0;
		at = strstr(at, begin_mark)) {
		at += sizeof(begin_mark) - 1;
		const char *label_end = strstr(at, "-----");
		const char *end = label_end == NULL ? NULL : strstr(label_end + 5, "-----END ");
		if (end == NULL)
			break;
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
			const size_t length = strlen(labels[i]);
			if ((size_t)(label_end - at) == length &&
				memcmp(at, labels[i], length) == 0)
				error = add_base64(
					store, label_end + 5, (size_t)(end - label_end) - 5);
		}
		at = end;
	}
	return error;
}

/* The whole file and a terminating zero, to be freed; NULL with errno set. */
static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t length = 0;

	if (file == NULL)
		return NULL;
	for (size_t capacity = 1U << 18; capacity <= FILE_BYTES_MAX; capacity *= 2) {
		char *grown = realloc(text, capacity + 1);
		if (grown == NULL)
			break;
		text = grown;
		length += fread(text + length, 1, capacity - length, file);
		if (length < capacity) {
			text[length] = '\0';
			break;
		}
		errno = EFBIG;
	}
	const bool is_whole = text != NULL && ferror(file) == 0 && feof(file) != 0;
	const int read_errno = errno;
	fclose(file);
	if (!is_whole) {
		free(text);
		errno = read_errno;
		return NULL;
	}
	return text;
}

struct ca_store *
ca_store_load(const char *path, struct fault *fault)
{
	char *text = read_file(path);
	if (text == NULL) {
		(void)fault_set(fault, ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
		return NULL;
	}
	struct ca_store *store = ca_store_create();
	int error = store == NULL ? ERROR_MEMORY : add_all(store, text);
	free(text);
	if (error == 0 && store->count == 0)
		error = ERROR_FILE;
	if (error != 0) {
		(void)fault_set(fault, error, "%s: %s", path,
			error == ERROR_FILE
				? "no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it"
				: error_text(error));
		ca_store_destroy(store);
		return NULL;
	}
	return store;
}
