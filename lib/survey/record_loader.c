/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/record_loader.h"
#include "base/error.h"
#include "record/line_reader.h"
#include "record/record_reader.h"

#define PROGRESS_LINES 4096

/* Read strictly, write as we write, and read that. */
static int
normalise(const char *text, size_t length, const char *path, uint64_t number,
	struct line_buffer *buffer, struct fault *fault)
{
	struct record record;
	int error = record_read(text, length, path, number, &record, fault);

	if (error != 0)
		return error;
	error = record_write(buffer, record.scan, &record.observation);
	observation_clear(&record.observation);
	return error;
}

int
record_loader_add_line(struct survey_set *set, const char *line, size_t length, const char *path,
	uint64_t number, struct fault *fault)
{
	struct survey_line fields;
	struct line_buffer buffer = { 0 };

	if (survey_line_read(line, length, &fields))
		return survey_set_add(set, &fields);
	int error = normalise(line, length, path, number, &buffer, fault);
	if (error == 0 && survey_line_read(buffer.bytes, buffer.length, &fields))
		error = survey_set_add(set, &fields);
	else if (error == 0)
		error = fault_set(fault, ERROR_INPUT, "%s:%llu: not a record in a form known here",
			path, (unsigned long long)number);
	line_buffer_clear(&buffer);
	return error == ERROR_INPUT ? 1 : error;
}

static bool
is_blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r' && line[i] != '\n')
			return false;
	}
	return true;
}

static void
warn(struct warning_list *warnings, const struct line_reader *reader, bool is_cut,
	const struct fault *fault)
{
	if (is_cut)
		warning_list_add(warnings, "%s:%llu: the last line is cut off; left out",
			reader->path, (unsigned long long)reader->line);
	else
		warning_list_add(warnings, "%.280s; left out", fault->text);
}

static int
read_lines(struct survey_set *set, struct line_reader *reader,
	const struct loader_settings *settings, struct fault *fault)
{
	const char *line;
	size_t length;
	uint64_t bytes = 0;
	int got;

	while ((got = line_reader_next(reader, &line, &length, fault)) == 1) {
		struct fault reason = { "" };
		const bool has_newline = length > 0 && line[length - 1] == '\n';

		bytes += length;
		if (has_newline && is_blank(line, length))
			continue;
		const int error = record_loader_add_line(
			set, line, length, reader->path, reader->line, &reason);
		if (error < 0)
			return error;
		if (error == 1)
			warn(settings->warnings, reader, !has_newline, &reason);
		if (settings->progress != NULL && reader->line % PROGRESS_LINES == 0 &&
			!settings->progress(settings->context, bytes))
			return 1;
	}
	return got;
}

int
record_loader_read(struct survey_set *set, const char *path, const struct loader_settings *settings,
	struct fault *fault)
{
	struct line_reader reader;
	const uint32_t before = set->host_count;
	const uint64_t warned = settings->warnings->count;

	int error = line_reader_open(&reader, path, RECORD_LINE_MAXIMUM, fault);
	if (error != 0)
		return error;
	error = read_lines(set, &reader, settings, fault);
	line_reader_close(&reader);
	if (error != 0 || set->host_count > before)
		return error;
	if (settings->warnings->count == warned) {
		warning_list_add(settings->warnings, "%s: empty, holds no record", path);
		return 0;
	}
	return fault_set(fault, ERROR_INPUT,
		"%s: holds no record; accepted: the records.jsonl of dotscan-dpdk. The first line: %s",
		path,
		warned < WARNING_LIST_KEPT ? settings->warnings->texts[warned] : "not a record");
}
