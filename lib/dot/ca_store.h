/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CA_STORE_H
#define CA_STORE_H

#include "base/fault.h"
#include "dot/chain_link.h"

/* The certificates a user trusts, read once from a PEM file. After loading it is never written, so workers share it. */
struct ca_store;

/*
 * Reads every certificate of a PEM file; text between them is skipped, a certificate we cannot read too. NULL, with *fault set,
 * if the file cannot be read or has no certificate.
 */
struct ca_store *ca_store_load(const char *path, struct fault *fault);

/* A store that trusts nobody; NULL when out of memory. */
struct ca_store *ca_store_create(void);
void ca_store_destroy(struct ca_store *store);

size_t ca_store_count(const struct ca_store *store);

/* The certificate of that index whose subject is this, starting at start; their count if there is none (left). */
size_t ca_store_find(const struct ca_store *store, const uint8_t *subject_id, size_t start);
const struct chain_link *ca_store_at(const struct ca_store *store, size_t index);

#endif
