/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COUNTER_H
#define COUNTER_H

#include <stddef.h>
#include <stdint.h>

/*
 * A number that one thread adds to and any thread reads, without a lock or a locked instruction:
 * the writer loads and stores, relaxed. Two writers would lose counts. Readers see every counter
 * whole, but several of them not at one moment.
 *
 * A struct of nothing but counters is best made from one list, so that names and texts never drift
 * apart:
 *
 *	#define IO_COUNTER_LIST(X) X(syn, "sent.syn") X(synack, "received.synack")
 *	struct io_counters { IO_COUNTER_LIST(COUNTER_MEMBER) };
 *	static const char *const io_counter_texts[] = { IO_COUNTER_LIST(COUNTER_TEXT) };
 */
struct counter {
	uint64_t value;
};

#define COUNTER_MEMBER(name, text) struct counter name;
#define COUNTER_TEXT(name, text)   text,

/* How many counters a struct of nothing but counters has. */
#define COUNTER_COUNT(type) (sizeof(type) / sizeof(struct counter))

/* By the one writer. */
static inline void
counter_add(struct counter *counter, uint64_t amount)
{
	const uint64_t value = __atomic_load_n(&counter->value, __ATOMIC_RELAXED);

	__atomic_store_n(&counter->value, value + amount, __ATOMIC_RELAXED);
}

/* By the one writer: for what is a level rather than a count, such as connections alive. */
static inline void
counter_set(struct counter *counter, uint64_t value)
{
	__atomic_store_n(&counter->value, value, __ATOMIC_RELAXED);
}

static inline uint64_t
counter_read(const struct counter *counter)
{
	return __atomic_load_n(&counter->value, __ATOMIC_RELAXED);
}

/*
 * Adds one thread's counters, count of them in a row, to totals. counters is a struct of nothing
 * but counters.
 */
void counters_sum(const void *counters, size_t count, uint64_t *totals);

#endif
