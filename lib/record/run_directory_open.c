/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "record/csv_writer.h"
#include "record/json_builder.h"
#include "record/line_reader.h"
#include "record/resume_check.h"
#include "record/run_directory_files.h"
#include "record/run_lock.h"

static char *
join(const char *folder, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static int
name_files(struct run_directory *directory, const struct run_directory_settings *settings)
{
	directory->scan = strdup(settings->scan);
	directory->records_path = join(settings->path, "records.jsonl");
	directory->certificates_path = join(settings->path, "certificates.jsonl");
	directory->csv_path = join(settings->path, "records.csv");
	directory->checkpoint_path = join(settings->path, "scan.checkpoint");
	directory->summary_path = join(settings->path, "summary.json");
	if (directory->scan == NULL || directory->records_path == NULL ||
		directory->certificates_path == NULL || directory->csv_path == NULL ||
		directory->checkpoint_path == NULL || directory->summary_path == NULL)
		return ERROR_MEMORY;
	return 0;
}

/* Whether there is anything in that file. */
static bool
has_content(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

static int
refuse_old_scan(const struct run_directory *directory, const char *folder, struct fault *fault)
{
	const char *const paths[] = { directory->records_path, directory->certificates_path,
		directory->checkpoint_path, directory->summary_path };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (has_content(paths[i]))
			return fault_set(fault, ERROR_INPUT,
				"output.directory: %s: there is a scan already (%s); go on with it by "
				"--resume, or name another directory",
				folder, strrchr(paths[i], '/') + 1);
	}
	return 0;
}

static int
load_checkpoint(const struct run_directory *directory,
	const struct run_directory_settings *settings, struct run_directory_found *found,
	struct fault *fault)
{
	const char *path = directory->checkpoint_path;

	if (access(path, F_OK) != 0 && errno == ENOENT) {
		if (!has_content(directory->records_path))
			return 0;
		return fault_set(fault, ERROR_INPUT,
			"%s: is missing, but there are records: how far their scan came is not known; "
			"name another output.directory",
			path);
	}
	int error = checkpoint_read(&found->checkpoint, path, fault);
	if (error == 0)
		error = resume_check(settings, &found->checkpoint, path, fault);
	found->has_checkpoint = error == 0;
	return error;
}

/* A scan's name as it stands between the quotes of its records, in buffer. */
static int
quote_scan(
	const char *scan, struct line_buffer *buffer, const char **quoted_out, size_t *length_out)
{
	struct json_builder array;

	json_builder_array(&array);
	json_builder_put_bytes(&array, NULL, scan, strlen(scan));
	const int error = line_buffer_append_json(buffer, json_builder_take(&array));
	if (error != 0)
		return error;
	*quoted_out = buffer->bytes + strlen("[\"");
	*length_out = buffer->length - strlen("[\"\"]\n");
	return 0;
}

static int
learn_record(struct run_directory *directory, const struct run_directory_settings *settings,
	const struct record_brief *brief, struct fault *fault)
{
	tally_add(&directory->tally, brief);
	if (directory->csv_queries > 0) {
		int error = csv_write(&directory->csv.pending, brief, directory->csv_queries);
		if (error == 0 && directory->csv.pending.length >= LINE_FILE_PENDING)
			error = line_file_flush(&directory->csv, fault);
		if (error != 0)
			return error;
	}
	return settings->loaded == NULL ? 0 : settings->loaded(settings->context, brief);
}

/* All lines; the reader is at the start of the records. */
static int
learn_lines(struct run_directory *directory, const struct run_directory_settings *settings,
	struct line_reader *reader, struct fault *fault)
{
	struct line_buffer buffer = { 0 };
	const char *quoted;
	const char *line;
	size_t quoted_length;
	size_t length;
	int error = quote_scan(settings->scan, &buffer, &quoted, &quoted_length);

	while (error == 0) {
		struct record_brief brief;
		const int got = line_reader_next(reader, &line, &length, fault);

		if (got <= 0) {
			error = got;
			break;
		}
		if (!record_brief_read(line, length, &brief))
			error = fault_set(fault, ERROR_INPUT, "%s:%llu: not a record of schema 1",
				directory->records_path, (unsigned long long)reader->line);
		else if (brief.scan_length != quoted_length ||
			 memcmp(brief.scan, quoted, quoted_length) != 0)
			error = fault_set(fault, ERROR_INPUT,
				"%s:%llu: field scan: expected \"%s\", found \"%.*s\"",
				directory->records_path, (unsigned long long)reader->line,
				settings->scan, (int)brief.scan_length, brief.scan);
		else
			error = learn_record(directory, settings, &brief, fault);
	}
	line_buffer_clear(&buffer);
	return error;
}

static int
learn_records(struct run_directory *directory, const struct run_directory_settings *settings,
	struct fault *fault)
{
	struct line_reader reader;

	if (directory->records.size_bytes == 0)
		return 0;
	int error = line_reader_open(&reader, directory->records_path, RECORD_LINE_MAXIMUM, fault);
	if (error != 0)
		return error;
	error = learn_lines(directory, settings, &reader, fault);
	line_reader_close(&reader);
	return error == 0 && directory->csv_queries > 0 ? line_file_flush(&directory->csv, fault)
							: error;
}

/* The table says nothing that the records do not, so an old one is made anew from them. */
static int
open_csv(struct run_directory *directory, struct fault *fault)
{
	uint64_t torn_bytes;
	const int error = line_file_open(&directory->csv, directory->csv_path, &torn_bytes, fault);

	return error == 0 && directory->csv.size_bytes > 0
		       ? line_file_truncate(&directory->csv, fault)
		       : error;
}

static int
open_files(struct run_directory *directory, const struct run_directory_settings *settings,
	struct run_directory_found *found, struct fault *fault)
{
	int error = settings->is_resumed ? load_checkpoint(directory, settings, found, fault)
					 : refuse_old_scan(directory, settings->path, fault);

	if (error == 0)
		error = line_file_open(&directory->records, directory->records_path,
			&found->torn_record_bytes, fault);
	if (error == 0 && directory->has_certificates)
		error = certificate_log_open(&directory->certificates, directory->certificates_path,
			&found->torn_certificate_bytes, fault);
	if (error == 0 && directory->csv_queries > 0)
		error = open_csv(directory, fault);
	if (error == 0)
		error = learn_records(directory, settings, fault);
	return error;
}

int
run_directory_open(const struct run_directory_settings *settings,
	struct run_directory **directory_out, struct run_directory_found *found_out,
	struct fault *fault)
{
	struct run_directory *directory = calloc(1, sizeof(*directory));

	if (directory == NULL)
		return ERROR_MEMORY;
	directory->lock = -1;
	directory->csv_queries = settings->csv_queries;
	directory->has_certificates = settings->with_certificates;
	int error = name_files(directory, settings);
	if (error == 0)
		error = run_lock_take(settings->path, &directory->lock, fault);
	if (error == 0)
		error = open_files(directory, settings, found_out, fault);
	if (error != 0) {
		checkpoint_clear(&found_out->checkpoint);
		memset(found_out, 0, sizeof(*found_out));
		run_directory_close(directory);
		return error;
	}
	found_out->tally = directory->tally;
	found_out->certificates = directory->certificates.known.count;
	*directory_out = directory;
	return 0;
}

void
run_directory_close(struct run_directory *directory)
{
	if (directory == NULL)
		return;
	line_file_close(&directory->records);
	line_file_close(&directory->csv);
	certificate_log_close(&directory->certificates);
	if (directory->lock >= 0)
		(void)close(directory->lock);
	free(directory->scan);
	free(directory->pending);
	free(directory->records_path);
	free(directory->certificates_path);
	free(directory->csv_path);
	free(directory->checkpoint_path);
	free(directory->summary_path);
	free(directory);
}
