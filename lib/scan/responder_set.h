/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESPONDER_SET_H
#define RESPONDER_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"

/*
 * The addresses that have answered, and whether their record stands: 4 bytes and a bit each, at most half full. It takes the
 * place of TIME_WAIT: a late SYN-ACK of an address that is done is not a new hit. Grown in many small tables one after the other,
 * so that no single growth stalls a worker.
 *
 * Only who proves the cookie gets in, so it never holds more addresses than were probed.
 */
enum responder_state { RESPONDER_UNKNOWN, RESPONDER_PENDING, RESPONDER_SETTLED };

#define RESPONDER_TABLES 256

struct responder_table {
	uint32_t *addresses; /* 0: free, since 0.0.0.0 is never a target */
	uint64_t *settled;   /* one bit a slot */
	uint32_t mask;
	uint32_t count;
};

struct responder_set {
	struct siphash_key key;
	struct responder_table tables[RESPONDER_TABLES];
};

/* Small at first: 32 KiB. Returns 0 or ERROR_MEMORY. */
int responder_set_init(struct responder_set *set, const struct siphash_key *key);
void responder_set_clear(struct responder_set *set);

enum responder_state responder_set_find(const struct responder_set *set, uint32_t address);

/* Enter the address as pending, or settle it; entering twice changes nothing. Returns 0 or ERROR_MEMORY. */
int responder_set_add(struct responder_set *set, uint32_t address);
int responder_set_settle(struct responder_set *set, uint32_t address);

uint64_t responder_set_bytes(const struct responder_set *set);

#endif
