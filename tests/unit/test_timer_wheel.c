/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/timer_wheel.h"

#define OBJECTS        300
#define MILLISECOND_NS 1000000ULL
#define SECOND_NS      (1000 * MILLISECOND_NS)
#define TURN_NS        (TIMER_WHEEL_SLOTS * TIMER_WHEEL_GRANULARITY_NS)

/* The wheel and, beside it, what it stands for: a list of deadlines. */
struct model {
	struct timer_wheel wheel;
	struct random_sequence random;
	uint64_t now_ns;
	uint64_t deadlines_ns[OBJECTS];
};

static void
model_init(struct model *model, uint64_t seed, uint64_t now_ns)
{
	*model = (struct model){ .random = { seed }, .now_ns = now_ns };
	for (int i = 0; i < OBJECTS; i++)
		model->deadlines_ns[i] = TIMER_WHEEL_NONE;
	assert_int_equal(timer_wheel_init(&model->wheel, OBJECTS, now_ns), 0);
}

static void
model_set(struct model *model, uint32_t index, uint64_t deadline_ns)
{
	model->deadlines_ns[index] = deadline_ns;
	timer_wheel_set(&model->wheel, index, deadline_ns);
}

static uint64_t
earliest_ns(const struct model *model)
{
	uint64_t earliest = TIMER_WHEEL_NONE;

	for (int i = 0; i < OBJECTS; i++)
		if (model->deadlines_ns[i] < earliest)
			earliest = model->deadlines_ns[i];
	return earliest;
}

/* Everything a granularity old must be handed out by now, nothing before its time, each once. */
static void
model_expire(struct model *model, uint32_t maximum)
{
	uint32_t due[OBJECTS];
	uint32_t count;

	do {
		count = timer_wheel_expire(&model->wheel, model->now_ns, due, maximum);
		assert_true(count <= maximum);
		for (uint32_t i = 0; i < count; i++) {
			assert_true(due[i] < OBJECTS);
			assert_true(model->deadlines_ns[due[i]] <= model->now_ns);
			model->deadlines_ns[due[i]] = TIMER_WHEEL_NONE;
		}
	} while (count == maximum);
	const uint64_t earliest = earliest_ns(model);
	assert_true(earliest == TIMER_WHEEL_NONE ||
		    earliest + TIMER_WHEEL_GRANULARITY_NS > model->now_ns);
}

/* next may be early; if it were late, its object would be handed out late too. */
static void
model_check_next(const struct model *model)
{
	const uint64_t next_ns = timer_wheel_next_ns(&model->wheel);
	const uint64_t earliest = earliest_ns(model);

	if (earliest == TIMER_WHEEL_NONE)
		assert_true(next_ns == TIMER_WHEEL_NONE);
	else
		assert_true(next_ns <= (earliest > model->now_ns ? earliest : model->now_ns) +
					       TIMER_WHEEL_GRANULARITY_NS);
}

static uint64_t
draw_span(struct model *model)
{
	static const uint64_t scales[] = { 1, TIMER_WHEEL_GRANULARITY_NS, 100 * MILLISECOND_NS,
		5 * SECOND_NS, TURN_NS, 5 * TURN_NS };

	return random_below(&model->random, 2 * scales[random_below(&model->random, 6)]);
}

static void
model_change(struct model *model)
{
	const uint32_t index = (uint32_t)random_below(&model->random, OBJECTS);
	const uint64_t span = draw_span(model);

	switch (random_below(&model->random, 8)) {
	case 0:
		model_set(model, index, TIMER_WHEEL_NONE);
		break;
	case 1: /* already past */
		model_set(model, index, span < model->now_ns ? model->now_ns - span : 0);
		break;
	default:
		model_set(model, index, model->now_ns + span);
		break;
	}
}

static void
play(uint64_t seed, uint64_t start_ns)
{
	struct model model;

	model_init(&model, seed, start_ns);
	for (int round = 0; round < 3000; round++) {
		const uint64_t changes = random_below(&model.random, 6);

		for (uint64_t i = 0; i < changes; i++)
			model_change(&model);
		model_check_next(&model);
		model.now_ns += random_below(&model.random, 20) == 0
					? draw_span(&model)
					: random_below(&model.random, 10 * MILLISECOND_NS);
		model_expire(&model, 1 + (uint32_t)random_below(&model.random, OBJECTS));
	}
	model.now_ns += 20 * TURN_NS;
	model_expire(&model, 7);
	assert_true(earliest_ns(&model) == TIMER_WHEEL_NONE);
	assert_true(timer_wheel_next_ns(&model.wheel) == TIMER_WHEEL_NONE);
	timer_wheel_clear(&model.wheel);
}

static void
test_like_a_naive_list(void **state)
{
	for (uint64_t seed = 1; seed <= 40; seed++)
		play(seed, seed * 123456789 % (10 * SECOND_NS));
	/* A clock that has run for a century. */
	play(41, 100ULL * 365 * 86400 * SECOND_NS);
}

/* Who calls when next says so is never later than a granularity, and calls a bounded number of times. */
static void
test_driven_by_next(void **state)
{
	struct model model;

	model_init(&model, 77, 5 * SECOND_NS);
	for (uint32_t i = 0; i < OBJECTS; i++)
		model_set(&model, i, model.now_ns + draw_span(&model));
	for (int calls = 0; earliest_ns(&model) != TIMER_WHEEL_NONE; calls++) {
		const uint64_t next_ns = timer_wheel_next_ns(&model.wheel);

		assert_true(calls < 10 * OBJECTS);
		/* Early by a turn or more: then the caller tries again a granularity on. */
		model.now_ns = next_ns > model.now_ns ? next_ns
						      : model.now_ns + TIMER_WHEEL_GRANULARITY_NS;
		model_expire(&model, OBJECTS);
	}
	timer_wheel_clear(&model.wheel);
}

static void
test_long_pause_hands_out_all(void **state)
{
	struct model model;

	model_init(&model, 78, 0);
	for (uint32_t i = 0; i < OBJECTS; i++)
		model_set(&model, i, i * (TURN_NS / 100));
	/* In small bites, with the clock running on by whole turns between them. */
	uint32_t handed = 0;
	for (int bite = 0; bite < OBJECTS; bite++) {
		uint32_t due[3];

		model.now_ns += 4 * TURN_NS;
		handed += timer_wheel_expire(&model.wheel, model.now_ns, due, 3);
	}
	assert_int_equal(handed, OBJECTS);
	timer_wheel_clear(&model.wheel);
}

static void
test_clear_accepts_zeroed(void **state)
{
	struct timer_wheel wheel = { 0 };

	timer_wheel_clear(&wheel);
	assert_null(wheel.entries);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_a_naive_list),
		cmocka_unit_test(test_driven_by_next),
		cmocka_unit_test(test_long_pause_hands_out_all),
		cmocka_unit_test(test_clear_accepts_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
