/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "progress_line.h"
#include "stage_log.h"
#include "survey/baseline_table.h"
#include "survey/geo_lookup.h"
#include "survey/name_lookup.h"
#include "survey/provider.h"
#include "survey/record_loader.h"
#include "survey_job.h"
#include "survey_run.h"

#define LOOKUP_TIMEOUT_MS 3000

static volatile sig_atomic_t was_interrupted;

static void
interrupt(int number)
{
	(void)number;
	was_interrupted = 1;
}

bool
survey_job_goes_on(void)
{
	return was_interrupted == 0;
}

static int
make_folder(const char *directory, const char *name, struct fault *fault)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s%s", directory, name) >= (int)sizeof(path))
		return fault_set(fault, ERROR_FILE, "%s: the path is too long", directory);
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	return fault_set(fault, ERROR_FILE, "%s: cannot be made: %s", path, strerrordesc_np(errno));
}

static int
make_folders(const char *directory, struct fault *fault)
{
	static const char *const names[] = { "", "/clusters", "/graphs", "/tables" };
	int error = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && error == 0; i++)
		error = make_folder(directory, names[i], fault);
	return error;
}

/* Bytes of the files before the one that is being read. */
struct reading {
	struct survey_job *job;
	uint64_t before;
};

static bool
tell_reading(void *context, uint64_t bytes)
{
	struct reading *reading = context;

	progress_line_update(&reading->job->line, reading->before + bytes);
	return survey_job_goes_on();
}

static uint64_t
size_of(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static int
load_records(struct survey_job *job, struct fault *fault)
{
	const struct options *options = job->options;
	struct reading reading = { .job = job };
	const struct loader_settings settings = { &job->warnings, tell_reading, &reading };
	uint64_t total = 0;
	char result[96];
	int error = 0;

	struct scan_books_input *inputs = calloc(options->record_count, sizeof(*inputs));
	if (inputs == NULL)
		return ERROR_MEMORY;
	for (size_t i = 0; i < options->record_count; i++)
		total += size_of(options->records[i]);
	progress_line_begin(&job->line, "reading records", total);
	for (size_t i = 0; i < options->record_count && error == 0; i++) {
		const uint32_t before = job->set.host_count;

		error = record_loader_read(&job->set, options->records[i], &settings, fault);
		reading.before += size_of(options->records[i]);
		inputs[i] = (struct scan_books_input){ options->records[i],
			job->set.host_count - before };
	}
	if (error == 0)
		error = scan_books_read(&job->books, inputs, options->record_count, &job->warnings);
	free(inputs);
	if (error == 0 && job->set.host_count == 0)
		error = fault_set(fault, ERROR_INPUT,
			"%s: no record in any input; accepted: the records.jsonl of dotscan-dpdk",
			options->records[0]);
	if (error == 0)
		error = survey_set_finish(&job->set);
	if (error == 0)
		error = provider_assign(&job->set);
	(void)snprintf(result, sizeof(result), "%u addresses and ports, %u certificates",
		job->set.host_count, job->set.certificate_count);
	if (error == 0)
		progress_line_end(&job->line, result);
	return error;
}

static int
load_baseline(struct survey_job *job, struct fault *fault)
{
	const struct options *options = job->options;
	struct reading reading = { .job = job };
	const struct loader_settings settings = { &job->warnings, tell_reading, &reading };
	const struct geo_lookup_settings geo = { options->country_db, options->asn_db,
		options->is_registered };
	struct geo_epochs epochs;
	char result[64];

	if (options->baseline == NULL)
		return 0;
	progress_line_begin(&job->line, "reading the baseline", size_of(options->baseline));
	int error = baseline_read(&job->before, options->baseline, &settings, fault);
	/* The 2019 table says where its rows are; no database of today knows that better. */
	if (error == 0 && !job->before.is_table)
		error = geo_lookup_assign(&job->before, &geo, &epochs, fault);
	if (error == 0)
		error = provider_assign(&job->before);
	(void)snprintf(result, sizeof(result), "%u addresses and ports", job->before.host_count);
	if (error == 0)
		progress_line_end(&job->line, result);
	return error;
}

static int
enrich(struct survey_job *job, struct fault *fault)
{
	const struct geo_lookup_settings settings = { job->options->country_db,
		job->options->asn_db, job->options->is_registered };

	if (settings.country_db == NULL && settings.asn_db == NULL)
		return 0;
	progress_line_begin(&job->line, "countries and networks", job->set.host_count);
	const int error = geo_lookup_assign(&job->set, &settings, &job->epochs, fault);
	if (error == 0)
		progress_line_end(&job->line, "");
	return error;
}

static bool
tell_lookups(void *context, uint64_t done, uint64_t total)
{
	struct survey_job *job = context;

	job->line.progress.total = total;
	progress_line_update(&job->line, done);
	return survey_job_goes_on();
}

static int
look_up_names(struct survey_job *job, struct fault *fault)
{
	const struct options *options = job->options;
	char path[4096];
	char result[128];
	struct lookup_counts counts;

	(void)snprintf(path, sizeof(path), "%s/lookups.jsonl", options->output);
	if (options->resolver == NULL)
		return stage_log_done(&job->stages, STAGE_NAME_NAMES, fault);
	if (options->is_again)
		(void)unlink(path);
	int error = name_book_load(&job->names, &job->set, path, &job->warnings, fault);
	job->has_names = true;
	if (error != 0 || job->stages.is_done[STAGE_NAME_NAMES])
		return error;
	const struct lookup_settings settings = { options->resolver, path, options->lookup_rate,
		(uint32_t)options->lookups_in_flight, LOOKUP_TIMEOUT_MS, tell_lookups, job };
	/* What follows from names is done anew with what is learnt now. */
	job->stages.is_done[STAGE_NAME_KEYS] = false;
	job->stages.is_done[STAGE_NAME_CLUSTERS] = false;
	progress_line_begin(&job->line, "looking names up", 0);
	error = name_lookup_run(&job->names, &job->set, &job->keys, &settings, &counts, fault);
	if (error != 0)
		return error;
	(void)snprintf(result, sizeof(result),
		"%llu asked: %llu found, %llu do not exist, %llu failed",
		(unsigned long long)counts.asked, (unsigned long long)counts.found,
		(unsigned long long)counts.nothing, (unsigned long long)counts.failed);
	progress_line_end(&job->line, result);
	if (counts.failed == 0)
		return stage_log_done(&job->stages, STAGE_NAME_NAMES, fault);
	warning_list_add(&job->warnings,
		"%llu lookups got no answer; the same command asks these again",
		(unsigned long long)counts.failed);
	return 0;
}

static int
do_stages(struct survey_job *job, struct fault *fault)
{
	int error = load_records(job, fault);

	if (error == 0)
		error = load_baseline(job, fault);
	if (error == 0)
		error = enrich(job, fault);
	if (error == 0)
		error = host_keys_build(&job->keys, &job->set);
	if (error == 0)
		error = look_up_names(job, fault);
	return error != 0 ? error : survey_job_write(job, fault);
}

static void
clear_job(struct survey_job *job)
{
	findings_clear(&job->findings);
	name_book_clear(&job->names);
	host_keys_clear(&job->keys);
	survey_set_clear(&job->before);
	survey_set_clear(&job->set);
}

static void
print_warnings(const struct warning_list *warnings)
{
	for (uint64_t i = 0; i < warnings->count && i < WARNING_LIST_KEPT; i++)
		(void)fprintf(stderr, "dotscan-survey: warning: %s\n", warnings->texts[i]);
	if (warnings->count > WARNING_LIST_KEPT)
		(void)fprintf(stderr, "dotscan-survey: %llu warnings in all\n",
			(unsigned long long)warnings->count);
}

static int
exit_code(int error, struct fault *fault)
{
	if (error == 0)
		return SURVEY_EXIT_DONE;
	if (error == 1) {
		(void)fault_set(fault, error, "interrupted; the same command goes on");
		return SURVEY_EXIT_INTERRUPTED;
	}
	(void)fault_set(fault, error, "%s", error_text(error));
	return error == ERROR_INPUT ? SURVEY_EXIT_USAGE : SURVEY_EXIT_FAILURE;
}

int
survey_run(const struct options *options, struct fault *fault)
{
	struct survey_job *job = calloc(1, sizeof(*job));
	const struct sigaction action = { .sa_handler = interrupt };

	if (job == NULL)
		return exit_code(ERROR_MEMORY, fault);
	job->options = options;
	progress_line_init(&job->line, options->is_quiet);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	int error = stage_log_open(&job->stages, options, fault);
	/* What is asked for cannot be read: that is for the user to mend. */
	int code = error == 0 ? 0 : SURVEY_EXIT_USAGE;
	if (error == 0 && stage_log_is_complete(&job->stages)) {
		if (!options->is_quiet)
			(void)fprintf(stderr,
				"dotscan-survey: %s: all stages are done; --again does them anew\n",
				options->output);
	} else if (error == 0) {
		error = make_folders(options->output, fault);
		if (error == 0)
			error = survey_set_init(&job->set);
		if (error == 0)
			error = survey_set_init(&job->before);
		if (error == 0)
			error = name_book_init(&job->names);
		if (error == 0)
			error = do_stages(job, fault);
		print_warnings(&job->warnings);
		code = exit_code(error, fault);
	}
	clear_job(job);
	free(job);
	return code;
}
