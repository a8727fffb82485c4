/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "record_fixture.h"

static void
a_new_observation_says_nothing(void **state)
{
	struct observation observation;

	memset(&observation, 0xff, sizeof(observation));
	observation_init(&observation);
	assert_int_equal(observation.timing.tls_us, OBSERVATION_NONE);
	assert_int_equal(observation.dns[OBSERVATION_QUERIES - 1].rcode, OBSERVATION_NONE);
	assert_int_equal(observation.dns[0].duration_us, OBSERVATION_NONE);
	assert_null(observation.certificate);
	assert_int_equal(observation.dns_count, 0);
}

/* The leak checker sees what is forgotten. */
static void
clear_frees_all_and_starts_anew(void **state)
{
	struct observation observation;
	struct observation fresh;

	fixture_right(&observation, 1, 2);
	observation_clear(&observation);
	observation_init(&fresh);
	assert_memory_equal(&observation, &fresh, sizeof(fresh));
	observation_clear(&observation);
	observation_clear(NULL);
}

static void
text_is_copied_and_bounded(void **state)
{
	struct peer_text text = { 0 };
	char bytes[OBSERVATION_TEXT + 10];

	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(peer_text_set(&text, "a\0b", 3), 0);
	assert_int_equal(text.length, 3);
	assert_memory_equal(text.bytes, "a\0b", 3);
	assert_int_equal(peer_text_set(&text, bytes, sizeof(bytes)), 0);
	assert_int_equal(text.length, OBSERVATION_TEXT);
	assert_int_equal(peer_text_set(&text, NULL, 0), 0);
	assert_int_equal(text.length, 0);
	assert_non_null(text.bytes);
	free(text.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_observation_says_nothing),
		cmocka_unit_test(clear_frees_all_and_starts_anew),
		cmocka_unit_test(text_is_copied_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
