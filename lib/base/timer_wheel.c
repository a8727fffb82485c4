/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "base/timer_wheel.h"

static uint64_t
tick_of(uint64_t ns)
{
	return ns / TIMER_WHEEL_GRANULARITY_NS;
}

static uint32_t
head_of(const struct timer_wheel *wheel, uint64_t tick)
{
	return wheel->capacity + (uint32_t)(tick % TIMER_WHEEL_SLOTS);
}

int
timer_wheel_init(struct timer_wheel *wheel, uint32_t capacity, uint64_t now_ns)
{
	const uint32_t total = capacity + TIMER_WHEEL_SLOTS;
	struct timer_wheel_entry *entries = calloc(total, sizeof(*entries));

	if (entries == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < total; i++)
		entries[i] = (struct timer_wheel_entry){ TIMER_WHEEL_NONE, i, i };
	*wheel = (struct timer_wheel){ entries, capacity, 0, tick_of(now_ns) };
	return 0;
}

void
timer_wheel_clear(struct timer_wheel *wheel)
{
	free(wheel->entries);
	*wheel = (struct timer_wheel){ 0 };
}

static void
detach(struct timer_wheel *wheel, uint32_t index)
{
	struct timer_wheel_entry *entry = &wheel->entries[index];

	wheel->entries[entry->previous].next = entry->next;
	wheel->entries[entry->next].previous = entry->previous;
	entry->next = index;
	entry->previous = index;
	entry->deadline_ns = TIMER_WHEEL_NONE;
	wheel->set_count--;
}

static void
attach(struct timer_wheel *wheel, uint32_t index, uint64_t deadline_ns)
{
	/* One tick later than its own, so that the whole slot is due when the slot is reached. */
	uint64_t tick = tick_of(deadline_ns) + 1;
	if (tick < wheel->tick)
		tick = wheel->tick;

	uint32_t head = head_of(wheel, tick);
	struct timer_wheel_entry *entry = &wheel->entries[index];

	entry->deadline_ns = deadline_ns;
	entry->previous = wheel->entries[head].previous;
	entry->next = head;
	wheel->entries[entry->previous].next = index;
	wheel->entries[head].previous = index;
	wheel->set_count++;
}

void
timer_wheel_set(struct timer_wheel *wheel, uint32_t index, uint64_t deadline_ns)
{
	if (wheel->entries[index].deadline_ns == deadline_ns)
		return;
	if (wheel->entries[index].deadline_ns != TIMER_WHEEL_NONE)
		detach(wheel, index);
	if (deadline_ns != TIMER_WHEEL_NONE)
		attach(wheel, index, deadline_ns);
}

static uint32_t
expire_slot(struct timer_wheel *wheel, uint64_t now_ns, uint32_t *indices_out, uint32_t maximum)
{
	const uint32_t head = head_of(wheel, wheel->tick);
	uint32_t count = 0;

	for (uint32_t index = wheel->entries[head].next; index != head && count < maximum;) {
		uint32_t next = wheel->entries[index].next;

		/* Others in the slot belong to a later turn of the wheel. */
		if (wheel->entries[index].deadline_ns <= now_ns) {
			detach(wheel, index);
			indices_out[count++] = index;
		}
		index = next;
	}
	return count;
}

uint32_t
timer_wheel_expire(
	struct timer_wheel *wheel, uint64_t now_ns, uint32_t *indices_out, uint32_t maximum)
{
	const uint64_t now_tick = tick_of(now_ns);
	uint32_t count = 0;

	/* After a long pause one turn sees every slot. */
	if (now_tick - wheel->tick >= TIMER_WHEEL_SLOTS && now_tick > wheel->tick)
		wheel->tick = now_tick - TIMER_WHEEL_SLOTS + 1;
	while (wheel->tick <= now_tick) {
		count += expire_slot(wheel, now_ns, indices_out + count, maximum - count);
		if (count == maximum || wheel->tick == now_tick)
			break;
		wheel->tick++;
	}
	return count;
}

uint64_t
timer_wheel_next_ns(const struct timer_wheel *wheel)
{
	if (wheel->set_count == 0)
		return TIMER_WHEEL_NONE;
	for (uint64_t tick = wheel->tick; tick < wheel->tick + TIMER_WHEEL_SLOTS; tick++) {
		uint32_t head = head_of(wheel, tick);
		if (wheel->entries[head].next != head)
			return tick * TIMER_WHEEL_GRANULARITY_NS;
	}
	return wheel->tick * TIMER_WHEEL_GRANULARITY_NS;
}
