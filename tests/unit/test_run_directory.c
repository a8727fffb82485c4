/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "base/random.h"
#include "record/record_reader.h"
#include "record/run_directory.h"
#include "record_fixture.h"

#define FIRST_ADDRESS 0xc6120000U

struct place {
	char folder[64];
	struct run_directory_settings settings;
};

static void
enter(struct place *place)
{
	fixture_folder(place->folder, sizeof(place->folder));
	place->settings = (struct run_directory_settings){
		.path = place->folder,
		.scan = "lab",
		.config_text = "version: 1\nscan:\n  rate: 50kpps\n",
		.seed = 5,
		.shard_count = 1,
		.probes = 1,
		.csv_queries = 2,
		.with_certificates = true,
	};
}

static struct run_directory *
open_good(const struct place *place, struct run_directory_found *found)
{
	struct run_directory *directory = NULL;
	struct fault fault = { "" };

	memset(found, 0, sizeof(*found));
	if (run_directory_open(&place->settings, &directory, found, &fault) != 0)
		fail_msg("%s", fault.text);
	return directory;
}

static void
expect_refusal(const struct place *place, int error, const char *expected)
{
	struct run_directory *directory = NULL;
	struct run_directory_found found = { 0 };
	struct fault fault = { "" };

	assert_int_equal(run_directory_open(&place->settings, &directory, &found, &fault), error);
	if (strstr(fault.text, expected) == NULL)
		fail_msg("expected %s, found %s", expected, fault.text);
	assert_null(directory);
	assert_null(found.checkpoint.config_text);
}

static int
try_add(struct run_directory *directory, uint32_t number, struct fault *fault)
{
	struct observation observation;

	/* Every third is silent; the others share a few hundred certificates. */
	if (number % 3 == 0)
		fixture_silent(&observation, FIRST_ADDRESS + number);
	else
		fixture_right(&observation, FIRST_ADDRESS + number, (uint8_t)(1 + number % 199));
	const int error = run_directory_add(directory, &observation, fault);
	observation_clear(&observation);
	return error;
}

static void
add(struct run_directory *directory, uint32_t number)
{
	struct fault fault = { "" };

	if (try_add(directory, number, &fault) != 0)
		fail_msg("%s", fault.text);
}

static void
flush(struct run_directory *directory)
{
	struct fault fault = { "" };

	if (run_directory_flush(directory, &fault) != 0)
		fail_msg("%s", fault.text);
}

static void
save_checkpoint(struct run_directory *directory, const struct place *place)
{
	static struct checkpoint checkpoint;
	struct fault fault = { "" };

	memset(&checkpoint, 0, sizeof(checkpoint));
	strcpy(checkpoint.scan, place->settings.scan);
	memcpy(checkpoint.config_sha256, place->settings.config_sha256, 32);
	checkpoint.config_text = strdup(place->settings.config_text);
	checkpoint.seed = 5;
	checkpoint.shard_count = 1;
	checkpoint.probes = 1;
	checkpoint.started_us = FIXTURE_TIMESTAMP_US;
	checkpoint.pass_count = 1;
	checkpoint.lane_count = 1;
	if (run_directory_save_checkpoint(directory, &checkpoint, &fault) != 0)
		fail_msg("%s", fault.text);
	checkpoint_clear(&checkpoint);
}

/* A folder with two records and a checkpoint. */
static void
scan_a_little(const struct place *place)
{
	static struct run_directory_found found;
	struct run_directory *directory = open_good(place, &found);

	add(directory, 0);
	add(directory, 1);
	save_checkpoint(directory, place);
	run_directory_close(directory);
}

static void
only_one_process_at_a_time(void **state)
{
	static struct run_directory_found found;
	struct place place;

	enter(&place);
	struct run_directory *directory = open_good(&place, &found);
	expect_refusal(&place, ERROR_INPUT, "directory in use");
	place.settings.is_resumed = true;
	expect_refusal(&place, ERROR_INPUT, "directory in use");
	run_directory_close(directory);
	directory = open_good(&place, &found);
	run_directory_close(directory);
	run_directory_close(NULL);
	fixture_remove(place.folder);
}

static void
folders_are_created(void **state)
{
	static struct run_directory_found found;
	struct place place;
	char deep[128];
	char middle[128];

	enter(&place);
	snprintf(middle, sizeof(middle), "%s/a", place.folder);
	snprintf(deep, sizeof(deep), "%s/a/b/", place.folder);
	place.settings.path = deep;
	struct run_directory *directory = open_good(&place, &found);
	run_directory_close(directory);
	fixture_remove(deep);
	assert_int_equal(rmdir(middle), 0);
	place.settings.path = "/proc/nowhere";
	expect_refusal(&place, ERROR_FILE, "output.directory: /proc/nowhere: cannot create: ");
	place.settings.path = "/dev/null";
	expect_refusal(
		&place, ERROR_FILE, "output.directory: /dev/null: cannot open: Not a directory");
	fixture_remove(place.folder);
}

static void
two_scans_are_not_mixed(void **state)
{
	struct place place;

	enter(&place);
	scan_a_little(&place);
	expect_refusal(&place, ERROR_INPUT,
		"there is a scan already (records.jsonl); go on with it by --resume, or name another");
	fixture_remove(place.folder);
}

static void
a_changed_configuration_is_not_resumed(void **state)
{
	struct place place;

	enter(&place);
	scan_a_little(&place);
	place.settings.is_resumed = true;
	place.settings.config_sha256[0] = 1;
	place.settings.config_text = "version: 1\nscan:\n  rate: 100kpps\n";
	expect_refusal(&place, ERROR_INPUT,
		"scan.checkpoint: the configuration: was \"rate: 50kpps\", is \"rate: 100kpps\"; resume with");
	place.settings.config_text = "version: 1\nscan:\n  rate: 50kpps\n  port: 443\n";
	expect_refusal(&place, ERROR_INPUT, "was \"\", is \"port: 443\"");
	place.settings.config_text = NULL;
	expect_refusal(&place, ERROR_INPUT, "its SHA-256 was 0000");
	place.settings.config_sha256[0] = 0;
	place.settings.seed = 6;
	expect_refusal(&place, ERROR_INPUT, "scan.seed: was 5, is 6");
	place.settings.seed = 0;
	place.settings.probes = 2;
	expect_refusal(&place, ERROR_INPUT, "scan.probes: was 1, is 2");
	place.settings.shard_count = 3;
	expect_refusal(&place, ERROR_INPUT, "scan.shard: was 0 of 1, is 0 of 3");
	place.settings.scan = "other";
	expect_refusal(&place, ERROR_INPUT, "scan.id: was \"lab\", is \"other\"");
	fixture_remove(place.folder);
}

struct seen {
	uint32_t count;
	uint32_t last;
	int answer;
};

static int
note(void *context, const struct record_brief *brief)
{
	struct seen *seen = context;

	seen->count++;
	seen->last = brief->address;
	return seen->answer;
}

static void
a_resumed_scan_knows_what_is_there(void **state)
{
	static struct run_directory_found found;
	struct place place;
	struct seen seen = { 0 };

	enter(&place);
	scan_a_little(&place);
	place.settings.is_resumed = true;
	place.settings.seed = 0;
	place.settings.loaded = note;
	place.settings.context = &seen;
	struct run_directory *directory = open_good(&place, &found);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.last, FIRST_ADDRESS + 1);
	assert_true(found.has_checkpoint);
	assert_int_equal(found.checkpoint.seed, 5);
	assert_int_equal(found.tally.records, 2);
	assert_int_equal(found.tally.outcomes[OUTCOME_TLS_SILENT], 1);
	assert_int_equal(found.tally.outcomes[OUTCOME_ANSWER_RIGHT], 1);
	assert_int_equal(found.tally.certificates[CERTIFICATE_STATUS_SELF_SIGNED], 1);
	assert_int_equal(found.tally.no_certificate, 1);
	assert_int_equal(found.certificates, 1);
	assert_int_equal(found.torn_record_bytes, 0);
	checkpoint_clear(&found.checkpoint);
	add(directory, 2);
	flush(directory);
	assert_int_equal(run_directory_tally(directory)->records, 3);
	run_directory_close(directory);
	char *csv = fixture_load(place.folder, "records.csv", NULL);
	assert_string_equal(csv, "198.18.0.0,DoT query timeout,DoT query timeout\n"
				 "198.18.0.1,DoT query answer,DoT query error\n"
				 "198.18.0.2,DoT query answer,DoT query error\n");
	free(csv);
	seen.answer = ERROR_MEMORY;
	expect_refusal(&place, ERROR_MEMORY, "");
	fixture_remove(place.folder);
}

static void
nothing_to_resume_is_a_beginning(void **state)
{
	static struct run_directory_found found;
	struct place place;

	enter(&place);
	place.settings.is_resumed = true;
	struct run_directory *directory = open_good(&place, &found);
	assert_false(found.has_checkpoint);
	add(directory, 0);
	flush(directory);
	run_directory_close(directory);
	expect_refusal(&place, ERROR_INPUT, "scan.checkpoint: is missing, but there are records");
	fixture_remove(place.folder);
}

static void
records_that_are_not_ours_are_named(void **state)
{
	struct place place;
	size_t length;

	enter(&place);
	scan_a_little(&place);
	place.settings.is_resumed = true;
	char *text = fixture_load(place.folder, "records.jsonl", &length);
	char *second = strchr(text, '\n') + 1;
	char *scan = strstr(second, "\"lab\"");
	memcpy(scan, "\"LAB\"", 5);
	fixture_store(place.folder, "records.jsonl", text, length);
	expect_refusal(&place, ERROR_INPUT,
		"records.jsonl:2: field scan: expected \"lab\", found \"LAB\"");
	memcpy(scan, "\"lab", 4);
	memset(second, ' ', 10);
	fixture_store(place.folder, "records.jsonl", text, length);
	expect_refusal(&place, ERROR_INPUT, "records.jsonl:2: not a record of schema 1");
	free(text);
	fixture_remove(place.folder);
}

/* Whatever is left of the last line, what stands before it is kept and the rest goes. */
static void
a_torn_record_is_cut_off(void **state)
{
	static struct run_directory_found found;
	struct place place;
	size_t length;

	enter(&place);
	scan_a_little(&place);
	place.settings.is_resumed = true;
	char *text = fixture_load(place.folder, "records.jsonl", &length);
	const size_t first = (size_t)(strchr(text, '\n') + 1 - text);
	for (size_t cut = first; cut <= length; cut += 97) {
		fixture_store(place.folder, "records.jsonl", text, cut);
		struct run_directory *directory = open_good(&place, &found);
		assert_int_equal(found.tally.records, 1);
		assert_int_equal(found.torn_record_bytes, cut - first);
		checkpoint_clear(&found.checkpoint);
		run_directory_close(directory);
	}
	free(text);
	fixture_remove(place.folder);
}

static void
a_full_disk_ends_with_whole_records(void **state)
{
	static struct run_directory_found found;
	const struct rlimit tight = { .rlim_cur = 20000, .rlim_max = RLIM_INFINITY };
	struct rlimit before;
	struct place place;
	struct fault fault = { "" };
	struct fault again = { "" };
	size_t length;
	size_t lines = 0;

	enter(&place);
	place.settings.with_certificates = false;
	struct run_directory *directory = open_good(&place, &found);
	for (uint32_t i = 0; i < 100; i++)
		add(directory, i);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	const int error = run_directory_flush(directory, &fault);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, ERROR_FILE);
	assert_non_null(strstr(fault.text, "records.jsonl: cannot write: File too large"));
	char *text = fixture_load(place.folder, "records.jsonl", &length);
	assert_in_range(length, 15000, 20000);
	assert_int_equal(text[length - 1], '\n');
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	free(text);
	assert_int_equal(run_directory_tally(directory)->records, lines);
	assert_int_equal(try_add(directory, 100, &again), ERROR_FILE);
	assert_string_equal(again.text, fault.text);
	run_directory_close(directory);
	text = fixture_load(place.folder, "records.csv", &length);
	for (size_t i = 0; i < length; i++)
		lines -= text[i] == '\n';
	assert_int_equal(lines, 0);
	free(text);
	fixture_remove(place.folder);
}

static void
no_space_at_all_is_told(void **state)
{
	static struct run_directory_found found;
	struct place place;
	struct fault fault = { "" };
	char path[128];

	enter(&place);
	snprintf(path, sizeof(path), "%s/records.jsonl", place.folder);
	assert_int_equal(symlink("/dev/full", path), 0);
	struct run_directory *directory = open_good(&place, &found);
	add(directory, 0);
	assert_int_equal(run_directory_flush(directory, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "records.jsonl: cannot write: No space left on device"));
	assert_int_equal(run_directory_tally(directory)->records, 0);
	run_directory_close(directory);
	fixture_remove(place.folder);
}

/* Where the certificates find no room, no record may name one. */
static void
certificates_come_before_records(void **state)
{
	static struct run_directory_found found;
	struct place place;
	struct fault fault = { "" };
	char path[128];
	size_t length;

	enter(&place);
	snprintf(path, sizeof(path), "%s/certificates.jsonl", place.folder);
	assert_int_equal(symlink("/dev/full", path), 0);
	struct run_directory *directory = open_good(&place, &found);
	add(directory, 1);
	assert_int_equal(run_directory_flush(directory, &fault), ERROR_FILE);
	assert_non_null(strstr(fault.text, "certificates.jsonl: cannot write: No space left"));
	run_directory_close(directory);
	free(fixture_load(place.folder, "records.jsonl", &length));
	assert_int_equal(length, 0);
	fixture_remove(place.folder);
}

#define KILL_RECORDS 6000
#define KILL_ROUNDS  30

static int
mark(void *context, const struct record_brief *brief)
{
	uint8_t *has_record = context;

	has_record[brief->address - FIRST_ADDRESS] = 1;
	return 0;
}

/* The life of a process that is killed: resume, write what is missing, ask for each step through one pipe and tell it through the other. */
static void
write_until_killed(struct place *place, int asking_end, int telling_end, uint64_t seed)
{
	static struct run_directory_found found;
	static uint8_t has_record[KILL_RECORDS];
	struct random_sequence sequence = { seed };

	place->settings.is_resumed = true;
	place->settings.loaded = mark;
	place->settings.context = has_record;
	struct run_directory *directory = open_good(place, &found);
	checkpoint_clear(&found.checkpoint);
	save_checkpoint(directory, place);
	for (uint32_t number = 0; number < KILL_RECORDS; number++) {
		char leave;

		if (has_record[number])
			continue;
		if (read(asking_end, &leave, 1) != 1)
			_exit(3);
		add(directory, number);
		if (random_below(&sequence, 40) == 0)
			flush(directory);
		if (random_below(&sequence, 500) == 0)
			save_checkpoint(directory, place);
		if (write(telling_end, "", 1) != 1)
			_exit(2);
	}
	save_checkpoint(directory, place);
	run_directory_close(directory);
	_exit(0);
}

/* It may be these steps ahead of what the parent has read, so the kill comes at any moment of them. */
#define KILL_STEPS_AHEAD 16

static bool
allow_steps(int end, uint64_t steps)
{
	for (uint64_t i = 0; i < steps; i++) {
		if (write(end, "", 1) != 1)
			return false;
	}
	return true;
}

/* Kill it after some steps. Returns whether it came to its end before. */
static bool
run_and_kill(struct place *place, uint64_t seed, uint64_t steps)
{
	int leave[2];
	int told[2];
	int status;
	char step;

	assert_int_equal(pipe(leave), 0);
	assert_int_equal(pipe(told), 0);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(leave[1]);
		close(told[0]);
		write_until_killed(place, leave[0], told[1], seed);
	}
	close(told[1]);
	assert_true(allow_steps(leave[1], KILL_STEPS_AHEAD));
	for (uint64_t i = 0; i < steps && read(told[0], &step, 1) == 1; i++)
		assert_true(allow_steps(leave[1], 1));
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(leave[0]);
	close(leave[1]);
	close(told[0]);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFEXITED(status);
}

/* Every line is a record of an address that had none, and its certificate is in the other file. */
static uint32_t
check_all(const struct place *place)
{
	static uint8_t has_record[KILL_RECORDS];
	char *certificates = fixture_load(place->folder, "certificates.jsonl", NULL);
	char *text = fixture_load(place->folder, "records.jsonl", NULL);
	uint32_t count = 0;

	memset(has_record, 0, sizeof(has_record));
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		struct fault fault = { "" };
		struct record record;
		char digest[32];

		if (record_read(line, (size_t)(end - line), "records.jsonl", count + 1, &record,
			    &fault) != 0)
			fail_msg("%s", fault.text);
		const uint32_t number = record.observation.address - FIRST_ADDRESS;
		assert_true(number < KILL_RECORDS);
		assert_int_equal(has_record[number], 0);
		has_record[number] = 1;
		count++;
		if (record.observation.certificate != NULL) {
			const unsigned int byte =
				record.observation.certificate->chain[0].sha256[0];
			snprintf(digest, sizeof(digest), "\"sha256\":\"%02x%02x", byte, byte);
			const char *found = strstr(certificates, digest);
			assert_non_null(found);
		}
		observation_clear(&record.observation);
	}
	free(text);
	free(certificates);
	return count;
}

static void
killed_at_any_moment_each_address_has_one_record(void **state)
{
	struct place place;
	uint64_t seed;
	uint32_t killed = 0;

	assert_int_equal(random_secret(&seed, sizeof(seed)), 0);
	print_message("seed %llu\n", (unsigned long long)seed);
	struct random_sequence sequence = { seed };
	enter(&place);
	for (uint32_t round = 0; round < KILL_ROUNDS; round++) {
		const uint64_t steps = random_below(&sequence, 2 * KILL_RECORDS / KILL_ROUNDS);
		if (run_and_kill(&place, random_next(&sequence), steps))
			break;
		killed++;
	}
	while (!run_and_kill(&place, 1, UINT64_MAX))
		;
	assert_true(killed >= 20);
	assert_int_equal(check_all(&place), KILL_RECORDS);
	fixture_remove(place.folder);
}

static void
the_summary_is_saved(void **state)
{
	static struct run_directory_found found;
	struct place place;
	struct fault fault = { "" };
	const struct summary summary = { .scan = "lab", .version = "0.1.0", .shard_count = 1 };

	enter(&place);
	struct run_directory *directory = open_good(&place, &found);
	assert_int_equal(run_directory_save_summary(directory, &summary, &fault), 0);
	run_directory_close(directory);
	char *text = fixture_load(place.folder, "summary.json", NULL);
	assert_non_null(strstr(text, "\"balanced\": true"));
	free(text);
	fixture_remove(place.folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_process_at_a_time),
		cmocka_unit_test(folders_are_created),
		cmocka_unit_test(two_scans_are_not_mixed),
		cmocka_unit_test(a_changed_configuration_is_not_resumed),
		cmocka_unit_test(a_resumed_scan_knows_what_is_there),
		cmocka_unit_test(nothing_to_resume_is_a_beginning),
		cmocka_unit_test(records_that_are_not_ours_are_named),
		cmocka_unit_test(a_torn_record_is_cut_off),
		cmocka_unit_test(a_full_disk_ends_with_whole_records),
		cmocka_unit_test(no_space_at_all_is_told),
		cmocka_unit_test(certificates_come_before_records),
		cmocka_unit_test(killed_at_any_moment_each_address_has_one_record),
		cmocka_unit_test(the_summary_is_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
