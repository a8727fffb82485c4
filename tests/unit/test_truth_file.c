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
#include "dns/dns_rdata_set.h"
#include "dns_world/world_run.h"
#include "trace/trace_json.h"
#include "trace/truth_file.h"

/* What a run writes, and how it is read back. */
static struct world *world;
static char path[] = "/tmp/test_truth_file-XXXXXX";

/* A run that ends at that second, of a file that is shown as that name; announced may be NULL. */
static void
write_again(const char *name, const char *shown_as, int64_t second, const char *announced)
{
	const struct trace_times times = { .started_us = 0, .finished_us = second * 1000000 };
	struct truth_file earlier;
	struct dns_rdata_set set = { .values = NULL };
	struct trace_settings settings;
	struct fault fault = { .text = "" };
	struct world_run_cost cost;

	assert_int_equal(truth_file_read_earlier(path, shown_as, "A", &earlier, &fault), 0);
	assert_int_equal(
		dns_rdata_set_parse(&set, DNS_TYPE_A, &announced, announced != NULL, &fault), 0);
	world_run_settings(&settings, name, DNS_TYPE_A);
	struct trace *trace = world_run(world, &settings, &cost);
	const struct truth_contents contents = { .trace = trace,
		.shown_as = shown_as,
		.times = &times,
		.announced = &set,
		.earlier = &earlier };
	assert_int_equal(truth_file_write(path, &contents, &fault), 0);
	trace_destroy(trace);
	dns_rdata_set_clear(&set);
	truth_file_clear(&earlier);
}

static void
write_truth(const char *name)
{
	(void)unlink(path);
	write_again(name, name, 2, NULL);
}

static void
holds_variant(const struct truth_file *truth, size_t place, const char *data, int64_t second)
{
	const struct truth_variant *variant = &truth->variants[place];

	assert_int_equal(variant->count, 1);
	assert_string_equal(variant->data[0], data);
	assert_int_equal(variant->seen_us, second * 1000000);
}

static void
keeps_what_earlier_runs_have_seen(void **state)
{
	static const char name[] = "{label}.test.";
	struct truth_file truth;
	struct fault fault = { .text = "" };

	(void)unlink(path);
	write_again("www.good.test.", name, 1, "192.0.2.99");
	write_again("www.stale-answer.test.", name, 2,
		NULL); /* 192.0.2.53, and one server still 192.0.2.99 */
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_int_equal(truth.variant_count, 2);
	holds_variant(&truth, 0, "192.0.2.53", 2);
	holds_variant(&truth, 1, "192.0.2.99", 2);
	assert_true(truth.is_split);
	truth_file_clear(&truth);
	write_again("www.good.test.", name, 3, "192.0.2.1");
	write_again("nothing.no-name.test.", name, 4, NULL);
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_int_equal(truth.variant_count, 3);
	holds_variant(&truth, 0, "192.0.2.53", 3);
	holds_variant(&truth, 1, "192.0.2.1", 3);
	holds_variant(&truth, 2, "192.0.2.99", 2);
	assert_false(truth.is_split);
	assert_int_equal(truth.taken_us, 4000000);
	truth_file_clear(&truth);
}

static void
keeps_a_bounded_number_of_variants(void **state)
{
	struct truth_file truth;
	struct fault fault = { .text = "" };
	char address[32];

	(void)unlink(path);
	for (int second = 1; second <= 40; second++) {
		(void)snprintf(address, sizeof(address), "192.0.2.%d", 100 + second);
		write_again("www.good.test.", "www.good.test.", second, address);
	}
	assert_int_equal(truth_file_read(path, &truth, &fault), 0);
	assert_int_equal(truth.variant_count, TRUTH_FILE_VARIANTS_MAX);
	holds_variant(&truth, 0, "192.0.2.53", 40);
	holds_variant(&truth, 1, "192.0.2.140", 40);
	holds_variant(&truth, TRUTH_FILE_VARIANTS_MAX - 1, "192.0.2.110", 10);
	truth_file_clear(&truth);
}

static void
does_not_mix_questions(void **state)
{
	struct truth_file truth;
	struct fault fault = { .text = "" };

	write_truth("www.good.test.");
	assert_int_equal(truth_file_read_earlier(path, "WWW.good.test", "a", &truth, &fault), 0);
	assert_int_equal(truth.variant_count, 1);
	truth_file_clear(&truth);
	assert_int_equal(
		truth_file_read_earlier(path, "www.bad.test.", "A", &truth, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "is for www.good.test. A; accepted: "));
	truth_file_clear(&truth);
	assert_int_equal(truth_file_read_earlier(path, "www.good.test.", "AAAA", &truth, &fault),
		ERROR_INPUT);
	truth_file_clear(&truth);
	(void)unlink(path);
	assert_int_equal(truth_file_read_earlier(path, "www.good.test.", "A", &truth, &fault), 0);
	assert_int_equal(truth.variant_count, 0);
	truth_file_clear(&truth);
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
		"\"seen\":\"2026-01-02T03:04:05.678901Z\",\"servers\":[1]}]}" };

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
	(void)unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_the_servers_answer),
		cmocka_unit_test(keeps_all_variants_of_a_split_zone),
		cmocka_unit_test(keeps_what_earlier_runs_have_seen),
		cmocka_unit_test(keeps_a_bounded_number_of_variants),
		cmocka_unit_test(does_not_mix_questions),
		cmocka_unit_test(refuses_what_it_did_not_write),
		cmocka_unit_test(compares_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
