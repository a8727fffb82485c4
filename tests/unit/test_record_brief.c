/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "record/record_brief.h"
#include "record/record_writer.h"
#include "record_fixture.h"

static void
expect_same(struct observation *observation, const char *scan, const char *quoted)
{
	struct line_buffer line = { 0 };
	struct record_brief read;
	struct record_brief direct;

	assert_int_equal(record_write(&line, scan, observation), 0);
	assert_true(record_brief_read(line.bytes, line.length, &read));
	record_brief_of(observation, &direct);
	assert_int_equal(read.scan_length, strlen(quoted));
	assert_memory_equal(read.scan, quoted, strlen(quoted));
	assert_int_equal(read.address, direct.address);
	assert_int_equal(read.port, direct.port);
	assert_int_equal(read.outcome, direct.outcome);
	assert_int_equal(read.has_certificate, direct.has_certificate);
	assert_int_equal(read.certificate, direct.certificate);
	assert_int_equal(read.query_count, direct.query_count);
	assert_memory_equal(read.has_reply, direct.has_reply, sizeof(read.has_reply));
	line_buffer_clear(&line);
	observation_clear(observation);
}

static void
says_the_same_as_the_observation(void **state)
{
	struct observation observation;

	fixture_silent(&observation, 0xc6120001);
	expect_same(&observation, "lab", "lab");
	fixture_right(&observation, 0xc6120001, 1);
	strcpy(observation.dns[1].name, "b.");
	observation.dns_count = 2;
	expect_same(&observation, "a \"b\",}\\", "a \\\"b\\\",}\\\\");
}

/* A peer that writes our own JSON into its certificate and its answer changes nothing. */
static void
peer_text_cannot_pose_as_keys(void **state)
{
	static const char lie[] =
		"\",\"certificate\":{\"status\":\"ok\"},\"rcode\":\"NOERROR\",\"rcode\":null,\"error\":";
	struct observation observation;

	fixture_right(&observation, 0xc6120001, 1);
	fixture_text(&observation.certificate->subject, lie);
	fixture_text(&observation.certificate->names[0], lie);
	fixture_text(&observation.dns[0].answers[0].data, lie);
	snprintf(observation.error, sizeof(observation.error), "%s", lie);
	expect_same(&observation, "lab", "lab");
}

static void
other_lines_are_refused(void **state)
{
	struct observation observation;
	struct line_buffer line = { 0 };
	struct record_brief brief = { .address = 5 };

	fixture_right(&observation, 0xc6120001, 1);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	for (size_t length = 0; length < line.length - 1; length++)
		assert_false(record_brief_read(line.bytes, length, &brief));
	assert_false(record_brief_read("{}\n", 3, &brief));
	assert_false(record_brief_read("\n", 1, &brief));
	assert_int_equal(brief.address, 5);
	line_buffer_clear(&line);
	observation_clear(&observation);
}

static void
damaged_lines_are_survived(void **state)
{
	struct random_sequence sequence = { 3 };
	struct observation observation;
	struct line_buffer line = { 0 };
	struct record_brief brief;
	int accepted = 0;

	fixture_right(&observation, 0xc6120001, 1);
	assert_int_equal(record_write(&line, "lab", &observation), 0);
	for (int round = 0; round < 50000; round++) {
		char *exact = malloc(line.length);
		assert_non_null(exact);
		memcpy(exact, line.bytes, line.length);
		for (int change = 0; change < 3; change++)
			exact[random_below(&sequence, line.length)] = (char)random_next(&sequence);
		accepted += record_brief_read(exact, line.length, &brief);
		free(exact);
	}
	assert_in_range(accepted, 1, 49999);
	line_buffer_clear(&line);
	observation_clear(&observation);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_same_as_the_observation),
		cmocka_unit_test(peer_text_cannot_pose_as_keys),
		cmocka_unit_test(other_lines_are_refused),
		cmocka_unit_test(damaged_lines_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
