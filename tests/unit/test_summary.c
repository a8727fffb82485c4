/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "record/summary.h"
#include "record/summary_text.h"
#include "record_fixture.h"

static void
fill(struct summary *summary)
{
	*summary = (struct summary){
		.scan = "lab",
		.version = "0.1.0",
		.seed = 42,
		.shard_count = 1,
		.probes = 2,
		.port = 853,
		.started_us = FIXTURE_TIMESTAMP_US,
		.finished_us = FIXTURE_TIMESTAMP_US + 3723000000,
		.end = RUN_END_COMPLETE,
		.asked_pps = 100000,
		.sent_pps = 98765.43,
		.targets = { .included = 131072,
			.excluded = 72,
			.planned = 131000,
			.visited = 262000 },
		.sent = { .syn = 202000, .retries = 71000, .skipped = 60000 },
		.received = { .synack = 60000, .rst = 5, .icmp = 6, .duplicate = 7, .invalid = 8 },
		.books = { .hits = 60000 },
	};
	memset(summary->config_sha256, 0xab, 32);
	summary->tally.records = 60000;
	summary->tally.outcomes[OUTCOME_ANSWER_RIGHT] = 45000;
	summary->tally.outcomes[OUTCOME_NOT_TLS] = 15000;
	summary->tally.certificates[CERTIFICATE_STATUS_OK] = 44000;
	summary->tally.certificates[CERTIFICATE_STATUS_EXPIRED] = 1000;
	summary->tally.no_certificate = 15000;
	assert_int_equal(summary_add_loss(summary, "nic_missed", 0), 0);
	assert_int_equal(summary_add_loss(summary, "no_mbuf", 0), 0);
}

static void
expect_unbalanced(const struct summary *summary, const char *expected)
{
	char why[160] = "";

	assert_false(summary_is_balanced(summary, why, sizeof(why)));
	assert_string_equal(why, expected);
	assert_int_equal(summary_exit_code(summary), RUN_EXIT_UNBALANCED);
}

static void
books_that_balance(void **state)
{
	struct summary summary;

	fill(&summary);
	assert_true(summary_is_balanced(&summary, NULL, 0));
	assert_int_equal(summary_exit_code(&summary), 0);
	summary.end = RUN_END_LIMIT;
	summary.targets.visited = 100000;
	summary.sent.syn = 40000;
	assert_true(summary_is_balanced(&summary, NULL, 0));
	assert_int_equal(summary_exit_code(&summary), 0);
	summary.end = RUN_END_INTERRUPTED;
	summary.books.hits = 60010;
	summary.books.in_flight = 10;
	assert_true(summary_is_balanced(&summary, NULL, 0));
	assert_int_equal(summary_exit_code(&summary), 3);
}

/* One thing wrong at a time, and each is seen. */
static void
books_that_do_not(void **state)
{
	struct summary summary;

	fill(&summary);
	summary.sent.syn--;
	expect_unbalanced(&summary,
		"SYNs sent and visits skipped are 261999, but visits of targets are 262000");
	fill(&summary);
	summary.sent.syn--;
	summary.targets.visited--;
	expect_unbalanced(&summary,
		"visits of targets are 261999, but planned targets times probes are 262000");
	fill(&summary);
	summary.books.hits++;
	expect_unbalanced(&summary, "hits are 60001, but records and hits in flight are 60000");
	fill(&summary);
	summary.books.hits++;
	summary.books.in_flight++;
	expect_unbalanced(&summary, "hits in flight are 1, but those allowed at the end are 0");
	fill(&summary);
	summary.tally.outcomes[OUTCOME_NOT_TLS]--;
	expect_unbalanced(&summary, "outcomes are 59999, but records are 60000");
}

static void
a_loss_or_failure_shows_in_the_exit_code(void **state)
{
	struct summary summary;

	fill(&summary);
	assert_int_equal(summary_add_loss(&summary, "ring_full", 1), 0);
	assert_int_equal(summary_lost(&summary), 1);
	assert_true(summary_is_balanced(&summary, NULL, 0));
	assert_int_equal(summary_exit_code(&summary), 4);
	summary.end = RUN_END_INTERRUPTED;
	assert_int_equal(summary_exit_code(&summary), 3);
	summary.end = RUN_END_FAILURE;
	assert_int_equal(summary_exit_code(&summary), 1);
	while (summary.loss_count < SUMMARY_LOSSES)
		assert_int_equal(summary_add_loss(&summary, "x", 1), 0);
	assert_int_equal(summary_add_loss(&summary, "x", 1), ERROR_FULL);
}

static void
all_keys_are_in_the_file(void **state)
{
	struct summary summary;
	struct fault fault = { "" };
	char folder[64];
	char path[128];
	int exit_code, is_balanced, right, silent, none, missed;
	double sent;
	json_int_t asked, planned, syn, skipped, synack, hits, records, in_flight, seed;
	const char *started, *end;

	fill(&summary);
	fixture_folder(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/summary.json", folder);
	assert_int_equal(summary_write(&summary, path, &fault), 0);
	json_t *json = json_load_file(path, 0, NULL);
	assert_non_null(json);
	assert_int_equal(
		json_unpack(json,
			"{s:i,s:s,s:s,s:s,s:I,s:{s:i,s:i},s:s,s:s,s:s,s:i,s:{s:I,s:F},s:{s:I,s:I,s:I},s:{s:I,s:I,s:I},"
			"s:{s:I},s:{s:i,s:i},s:{s:i},s:{s:i},s:{s:I,s:I,s:I,s:b,s:n}}",
			"schema", &(int){ 0 }, "scan", &(char *){ 0 }, "version", &(char *){ 0 },
			"config_sha256", &(char *){ 0 }, "seed", &seed, "shard", "index",
			&(int){ 0 }, "count", &(int){ 0 }, "started", &started, "finished",
			&(char *){ 0 }, "end", &end, "exit_code", &exit_code, "rate", "asked_pps",
			&asked, "sent_pps", &sent, "targets", "included", &(json_int_t){ 0 },
			"excluded", &(json_int_t){ 0 }, "planned", &planned, "sent", "syn", &syn,
			"retries", &(json_int_t){ 0 }, "skipped", &skipped, "received", "synack",
			&synack, "outcomes", "answer-right", &right, "tls-silent", &silent,
			"certificates", "none", &none, "losses", "nic_missed", &missed, "books",
			"hits", &hits, "records", &records, "in_flight", &in_flight, "balanced",
			&is_balanced, "why"),
		0);
	assert_string_equal(started, "2026-01-02T03:04:05.678901Z");
	assert_string_equal(end, "complete");
	assert_true(seed == 42 && exit_code == 0 && is_balanced && right == 45000 && silent == 0);
	assert_true(none == 15000 && missed == 0 && asked == 100000 && planned == 131000);
	assert_true(syn == 202000 && skipped == 60000 && synack == 60000 && hits == 60000);
	assert_true(records == 60000 && in_flight == 0 && sent > 98765.3 && sent < 98765.5);
	assert_int_equal(json_object_size(json_object_get(json, "outcomes")), OUTCOME_COUNT);
	json_decref(json);
	fixture_remove(folder);
}

static char *
printed(const struct summary *summary, bool with_csv)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	summary_print(summary, "results", with_csv, file);
	fclose(file);
	return text;
}

static void
people_read_one_screen(void **state)
{
	struct summary summary;

	fill(&summary);
	char *text = printed(&summary, true);
	assert_string_equal(text,
		"Scan \"lab\", port 853, shard 1 of 1, seed 42: all targets were probed\n"
		"  time      2026-01-02T03:04:05Z to 2026-01-02T04:06:08Z (1:02:03)\n"
		"  targets   131000 planned (131072 named, 72 excluded), 2 probes each\n"
		"  sent      202000 SYN at 98.8k a second (asked: 100kpps), 60000 not needed\n"
		"  received  60000 SYN-ACK, 5 RST, 6 ICMP, 7 duplicates, 8 invalid\n"
		"  answered  60000 of 131000 targets (45.8 %)\n"
		"\n"
		"  outcome                 addresses    share\n"
		"  answer-right                45000  75.00 %  an open DoT resolver\n"
		"  not-tls                     15000  25.00 %  the first bytes are not TLS\n"
		"\n"
		"  certificate             addresses    share\n"
		"  ok                          44000  97.78 %\n"
		"  expired                      1000   2.22 %\n"
		"\n"
		"  losses    none\n"
		"  books     balance: 60000 hits, 60000 records, 0 in flight\n"
		"  files     results/records.jsonl, summary.json, certificates.jsonl, records.csv\n");
	free(text);
}

static void
people_read_what_is_wrong(void **state)
{
	struct summary summary;

	fill(&summary);
	summary.books.hits++;
	summary.asked_pps = 0;
	assert_int_equal(summary_add_loss(&summary, "ring_full", 3), 0);
	assert_int_equal(summary_add_loss(&summary, "tx_refused", 4), 0);
	char *text = printed(&summary, false);
	assert_non_null(strstr(text, "  losses    ring_full 3, tx_refused 4\n"));
	assert_non_null(strstr(text,
		"DO NOT BALANCE, hits are 60001, but records and hits in flight are 60000: 60001 hits"));
	assert_non_null(strstr(text, "(asked: line)"));
	assert_null(strstr(text, "records.csv"));
	free(text);
	summary = (struct summary){ .scan = "empty", .version = "0", .end = RUN_END_INTERRUPTED };
	text = printed(&summary, false);
	assert_non_null(strstr(text, "interrupted; go on with --resume"));
	assert_non_null(strstr(text, "  none\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_that_balance),
		cmocka_unit_test(books_that_do_not),
		cmocka_unit_test(a_loss_or_failure_shows_in_the_exit_code),
		cmocka_unit_test(all_keys_are_in_the_file),
		cmocka_unit_test(people_read_one_screen),
		cmocka_unit_test(people_read_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
