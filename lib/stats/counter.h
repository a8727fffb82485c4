/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COUNTER_H
#define COUNTER_H

#include <stdint.h>

/*
 * A number that one thread adds to and any thread reads, without a lock or a locked instruction: the writer stores, relaxed. Two writers
 * would lose counts. Readers see every counter whole, but several of them not at one moment.
 *
 * The counters of one thing are an array, and one list says all about them:
 *
 *	#define PART_COUNTER_LIST(X) X(SENT, "sent", "frames that the device took") ...
 *	enum part_counter { PART_SENT, ... PART_COUNTER_COUNT };
 *	const struct counter_name part_counter_names[] = { PART_COUNTER_LIST(COUNTER_NAME) };
 *	uint64_t counters[PART_COUNTER_COUNT];
 */
struct counter_name {
	const char *key;  /* as in the telemetry */
	const char *text; /* for people */
};

#define COUNTER_NAME(name, key, text) { key, text },

/* By the one writer. */
static inline void
counter_add(uint64_t *counter, uint64_t amount)
{
	__atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED);
}

/* By the one writer: for a maximum rather than a count. */
static inline void
counter_set(uint64_t *counter, uint64_t value)
{
	__atomic_store_n(counter, value, __ATOMIC_RELAXED);
}

static inline uint64_t
counter_read(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

#endif
