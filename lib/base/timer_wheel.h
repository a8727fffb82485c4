/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TIMER_WHEEL_H
#define TIMER_WHEEL_H

#include <stdint.h>

/*
 * Deadlines of many objects, each known by an index below capacity, with O(1) set and clear (Varghese, Lauck, 1987,
 * scheme 4). One deadline an object; a deadline further away than one turn of the wheel waits more turns. It reads no clock,
 * and rounds a deadline up to its granularity, never down.
 */
#define TIMER_WHEEL_SLOTS          4096
#define TIMER_WHEEL_GRANULARITY_NS 4000000ULL /* 4 ms: 16 s a turn */
#define TIMER_WHEEL_NONE           UINT64_MAX

struct timer_wheel_entry {
	uint64_t deadline_ns; /* TIMER_WHEEL_NONE: not set */
	uint32_t next;
	uint32_t previous;
};

struct timer_wheel {
	struct timer_wheel_entry *entries; /* capacity of them, then one list head for each slot */
	uint32_t capacity;
	uint32_t set_count;
	uint64_t tick; /* all deadlines in slots before this tick have been handed out */
};

/* Returns 0 or ERROR_MEMORY. 24 bytes an object. */
int timer_wheel_init(struct timer_wheel *wheel, uint32_t capacity, uint64_t now_ns);
void timer_wheel_clear(struct timer_wheel *wheel);

/* Set, move or (TIMER_WHEEL_NONE) clear the deadline of an object. */
void timer_wheel_set(struct timer_wheel *wheel, uint32_t index, uint64_t deadline_ns);

/*
 * Hand out up to maximum objects whose deadline has passed, clearing their deadlines. Returns how many; call again while it
 * returns maximum. The work is bounded by maximum and the slots passed since the last call.
 */
uint32_t timer_wheel_expire(
	struct timer_wheel *wheel, uint64_t now_ns, uint32_t *indices_out, uint32_t maximum);

/* When to call timer_wheel_expire again at the latest; TIMER_WHEEL_NONE if nothing is set. May be early, never late. */
uint64_t timer_wheel_next_ns(const struct timer_wheel *wheel);

#endif
