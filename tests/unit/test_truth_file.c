/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "dns_world/world_run.h"
#include "trace/trace_json.h"
#include "trace/truth_file.h"

/* What a run writes, and how it is read back. */
static struct world *world;
static char path[] = "/tmp/test_truth_file-XXXXXX";

static void
write_truth(const char *name)
{
	const struct trace_times times = { .started_us = 1000000, .finished_us = 2000000 };
	struct trace_settings settings;
	struct fault fault = { .text = "" };
	struct world_run_cost cost;

	world_run_settings(&settings, name, DNS_TYPE_A);
	struct trace *trace = world_run(world, &settings, &cost);
	assert_int_equal(truth_file_write(path, trace, name, &times, &fault), 0);
	trace_destroy(trace);
}

static void
holds_what_the_servers_answer(void **state)
{
	struct truth_file truth;
	struct fault fault = { .text = "" };

	write_truth("www.good.test.");
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_string_equal(truth.name, "www.good.test.");
	assert_string_equal(truth.type, "A");
	assert_int_equal(truth.taken_us, 2000000);
	assert_false(truth.is_split);
	assert_false(truth.is_lame);
	assert_int_equal(truth.variant_count, 1);
	assert_int_equal(truth.variants[0].count, 1);
	assert_string_equal(truth.variants[0].data[0], "192.0.2.53");
	truth_file_clear(&truth);
}

static void
keeps_all_variants_of_a_split_zone(void **state)
{
	struct truth_file truth;
	struct fault fault = { .text = "" };

	write_truth("www.stale-answer.test.");
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_true(truth.is_split);
	assert_int_equal(truth.variant_count, 2);
	assert_string_equal(truth.variants[1].data[0], "192.0.2.99");
	truth_file_clear(&truth);
	/* Serials that differ are no split. */
	write_truth("www.stale-serial.test.");
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_false(truth.is_split);
	truth_file_clear(&truth);
	write_truth("www.lame-refused.test.");
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_true(truth.is_lame);
	assert_int_equal(truth.variant_count, 1);
	truth_file_clear(&truth);
	/* A variant without data makes no answer right. */
	write_truth("nothing.no-name.test.");
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_int_equal(truth.variant_count, 0);
	truth_file_clear(&truth);
}

static void
refuses_what_it_did_not_write(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{\"schema\": 1}",
		"{\"schema\":2,\"name\":\"a.\",\"type\":\"A\",\"final_name\":\"a.\",\"zone\":\".\",\"taken\":\"2026-01-02T03:04:05.678901Z\","
		"\"verdict\":\"agreed\",\"split\":false,\"lame\":false,\"variants\":[]}",
		"{\"schema\":1,\"name\":\"a.\",\"type\":\"A\",\"final_name\":\"a.\",\"zone\":\".\",\"taken\":\"yesterday\","
		"\"verdict\":\"agreed\",\"split\":false,\"lame\":false,\"variants\":[]}",
		"{\"schema\":1,\"name\":\"a.\",\"type\":\"A\",\"final_name\":\"a.\",\"zone\":\".\",\"taken\":\"2026-01-02T03:04:05.678901Z\","
		"\"verdict\":\"agreed\",\"split\":0,\"lame\":false,\"variants\":[]}",
		"{\"schema\":1,\"name\":\"a.\",\"type\":\"A\",\"final_name\":\"a.\",\"zone\":\".\",\"taken\":\"2026-01-02T03:04:05.678901Z\","
		"\"verdict\":\"agreed\",\"split\":false,\"lame\":false,\"variants\":[{\"class\":\"answer\",\"type\":\"A\",\"data\":[5],\"ttl\":1,"
		"\"servers\":[1]}]}" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct truth_file truth;
		struct fault fault = { .text = "" };
		assert_int_not_equal(
			truth_file_parse(texts[i], strlen(texts[i]), "truth", &truth, &fault), 0);
		assert_memory_equal(fault.text, "truth:", 6);
		truth_file_clear(&truth);
	}
}

static void
compares_names(void **state)
{
	assert_true(truth_file_same_name("A.example.", "a.EXAMPLE"));
	assert_true(truth_file_same_name(".", "."));
	assert_false(truth_file_same_name("a.example", "b.example"));
	assert_false(truth_file_same_name("a.example", "example"));
}

static int
set_up(void **state)
{
	world = world_create();
	const int fd = mkstemp(path);
	return world == NULL || fd < 0 || close(fd) != 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
	world_destroy(world);
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_the_servers_answer),
		cmocka_unit_test(keeps_all_variants_of_a_split_zone),
		cmocka_unit_test(refuses_what_it_did_not_write),
		cmocka_unit_test(compares_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
