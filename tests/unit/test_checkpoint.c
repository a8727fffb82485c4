/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/checkpoint.h"
#include "record_fixture.h"

static void
fill(struct checkpoint *checkpoint)
{
	memset(checkpoint, 0, sizeof(*checkpoint));
	strcpy(checkpoint->scan, "lab \"1\"");
	memset(checkpoint->config_sha256, 0xc5, 32);
	checkpoint->config_text = strdup("version: 1\nscan:\n  id: lab\n");
	assert_non_null(checkpoint->config_text);
	checkpoint->seed = INT64_MAX;
	checkpoint->shard_index = 2;
	checkpoint->shard_count = 7;
	checkpoint->probes = 3;
	checkpoint->started_us = FIXTURE_TIMESTAMP_US;
	checkpoint->pass_count = 3;
	checkpoint->lane_count = 8;
	for (size_t pass = 0; pass < 3; pass++) {
		for (size_t lane = 0; lane < 8; lane++)
			checkpoint->steps[pass][lane] = 1000000 * (8 - lane) - 1000 * pass;
	}
	assert_int_equal(checkpoint_set_counter(checkpoint, "sent.syn", 4294967296), 0);
	assert_int_equal(checkpoint_set_counter(checkpoint, "received.synack", 1), 0);
	assert_int_equal(checkpoint_set_counter(checkpoint, "received.synack", 2), 0);
}

struct place {
	char folder[64];
	char path[128];
	struct checkpoint checkpoint;
};

static void
enter(struct place *place)
{
	fixture_folder(place->folder, sizeof(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/scan.checkpoint", place->folder);
	fill(&place->checkpoint);
}

static void
leave(struct place *place)
{
	checkpoint_clear(&place->checkpoint);
	fixture_remove(place->folder);
}

static void
all_is_read_back(void **state)
{
	static struct place place;
	static struct checkpoint read;
	struct fault fault = { "" };

	enter(&place);
	assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), 0);
	assert_int_equal(checkpoint_read(&read, place.path, &fault), 0);
	assert_string_equal(read.config_text, place.checkpoint.config_text);
	assert_int_equal(checkpoint_counter(&read, "sent.syn"), 4294967296);
	assert_int_equal(checkpoint_counter(&read, "received.synack"), 2);
	assert_int_equal(checkpoint_counter(&read, "unknown"), 0);
	free(read.config_text);
	read.config_text = place.checkpoint.config_text;
	assert_memory_equal(&read, &place.checkpoint, sizeof(read));
	leave(&place);
}

static void
the_largest_is_read_back(void **state)
{
	static struct place place;
	static struct checkpoint read;
	struct fault fault = { "" };

	enter(&place);
	place.checkpoint.pass_count = CHECKPOINT_PASSES;
	place.checkpoint.lane_count = CHECKPOINT_LANES;
	for (size_t pass = 0; pass < CHECKPOINT_PASSES; pass++) {
		for (size_t lane = 0; lane < CHECKPOINT_LANES; lane++)
			place.checkpoint.steps[pass][lane] = INT64_MAX - pass;
	}
	for (unsigned int i = 0; i < CHECKPOINT_COUNTERS - 2; i++) {
		char name[32];
		snprintf(name, sizeof(name), "counter.%u", i);
		assert_int_equal(checkpoint_set_counter(&place.checkpoint, name, i), 0);
	}
	assert_int_equal(checkpoint_set_counter(&place.checkpoint, "one too many", 1), ERROR_FULL);
	assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), 0);
	assert_int_equal(checkpoint_read(&read, place.path, &fault), 0);
	assert_memory_equal(read.steps, place.checkpoint.steps, sizeof(read.steps));
	assert_int_equal(read.counter_count, CHECKPOINT_COUNTERS);
	checkpoint_clear(&read);
	leave(&place);
}

/* A failed write leaves the old file and nothing beside it. */
static void
the_old_one_stands_until_the_new_one_does(void **state)
{
	static struct place place;
	static struct checkpoint read;
	char blocked[160];
	struct fault fault = { "" };

	enter(&place);
	assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), 0);
	snprintf(blocked, sizeof(blocked), "%s.new", place.path);
	assert_int_equal(mkdir(blocked, 0700), 0);
	place.checkpoint.probes = 4;
	assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "scan.checkpoint: cannot write: Is a directory"));
	assert_int_equal(rmdir(blocked), 0);
	assert_int_equal(checkpoint_read(&read, place.path, &fault), 0);
	assert_int_equal(read.probes, 3);
	checkpoint_clear(&read);
	leave(&place);
}

static void
numbers_that_json_cannot_hold_are_refused(void **state)
{
	static struct place place;
	struct fault fault = { "" };

	enter(&place);
	place.checkpoint.seed = (uint64_t)INT64_MAX + 1;
	assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "above 2^63-1"));
	assert_int_equal(access(place.path, F_OK), -1);
	leave(&place);
}

static void
each_fault_is_named(void **state)
{
	static const struct {
		const char *text;
		const char *fault;
	} rows[] = {
		{ "", "scan.checkpoint: is empty" },
		{ "{", "scan.checkpoint: not JSON" },
		{ "[]", "scan.checkpoint: expected an object" },
		{ "{}", "scan.checkpoint: field schema: is missing" },
		{ "{\"schema\":2}",
			"scan.checkpoint: field schema: expected an integer from 1 to 1" },
	};
	static const struct {
		const char *from;
		const char *to;
		const char *fault;
	} changes[] = {
		{ "[[8000000,", "[[-1,", "field steps[0][0]: expected an integer from 0 to" },
		{ "[[8000000,", "[[", "field steps[1]: expected as many lanes" },
		{ "\"count\":7", "\"count\":0", "field shard.count: expected an integer from 1" },
		{ "\"sent.syn\":4", "\"sent.syn\":\"4\",\"x\":4",
			"field counters.sent.syn: expected an integer" },
		{ "\"probes\"", "\"probe\"", "field probes: is missing" },
		{ "c5c5", "C5c5",
			"field config_sha256: expected 64 lower-case hexadecimal digits" },
	};
	static struct place place;
	static struct checkpoint read;

	enter(&place);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault fault = { "" };
		fixture_store(place.folder, "scan.checkpoint", rows[i].text, strlen(rows[i].text));
		assert_int_equal(checkpoint_read(&read, place.path, &fault), ERROR_INPUT);
		if (strstr(fault.text, rows[i].fault) == NULL)
			fail_msg("expected %s, found %s", rows[i].fault, fault.text);
	}
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct fault fault = { "" };
		char text[8192];

		assert_int_equal(checkpoint_write(&place.checkpoint, place.path, &fault), 0);
		char *bytes = fixture_load(place.folder, "scan.checkpoint", NULL);
		char *at = strstr(bytes, changes[i].from);
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - bytes), bytes, changes[i].to,
			at + strlen(changes[i].from));
		fixture_store(place.folder, "scan.checkpoint", text, strlen(text));
		free(bytes);
		assert_int_equal(checkpoint_read(&read, place.path, &fault), ERROR_INPUT);
		if (strstr(fault.text, changes[i].fault) == NULL)
			fail_msg("expected %s, found %s", changes[i].fault, fault.text);
	}
	assert_null(read.config_text);
	leave(&place);
}

static void
a_missing_file_is_told(void **state)
{
	static struct checkpoint read;
	struct fault fault = { "" };

	assert_int_equal(
		checkpoint_read(&read, "/nonexistent/scan.checkpoint", &fault), ERROR_FILE);
	assert_string_equal(
		fault.text, "/nonexistent/scan.checkpoint: cannot read: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_read_back),
		cmocka_unit_test(the_largest_is_read_back),
		cmocka_unit_test(the_old_one_stands_until_the_new_one_does),
		cmocka_unit_test(numbers_that_json_cannot_hold_are_refused),
		cmocka_unit_test(each_fault_is_named),
		cmocka_unit_test(a_missing_file_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
