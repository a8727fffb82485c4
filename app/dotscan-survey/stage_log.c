/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hexadecimal.h"
#include "base/sha256.h"
#include "dotscan_version.h"
#include "record/atomic_file.h"
#include "stage_log.h"
#include "survey/scan_books.h"

static const char *const stage_texts[] = {
#define X(name, text) text,
	STAGE_LIST(X)
#undef X
};

static int
add_file(struct sha256 *digest, const char *what, const char *path, struct fault *fault)
{
	struct stat status;
	char text[256];

	if (path == NULL)
		return 0;
	if (stat(path, &status) != 0)
		return fault_set(
			fault, ERROR_FILE, "%s: cannot read: %s", path, strerrordesc_np(errno));
	if (S_ISDIR(status.st_mode))
		return fault_set(fault, ERROR_INPUT, "%s: a directory; accepted: a file", path);
	(void)snprintf(text, sizeof(text), "%s %" PRIu64 " %" PRId64 ".%09ld ", what,
		(uint64_t)status.st_size, (int64_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	sha256_add(digest, text, strlen(text));
	sha256_add(digest, path, strlen(path) + 1);
	return 0;
}

/* Its summary is read where there is one. */
static int
add_records(struct sha256 *digest, const char *path, struct fault *fault)
{
	char summary[SCAN_BOOKS_PATH];
	const int error = add_file(digest, "records", path, fault);

	if (error != 0 || !scan_books_path(path, summary) || access(summary, R_OK) != 0)
		return error;
	return add_file(digest, "summary", summary, fault);
}

static int
identify(const struct options *options, uint8_t input[32], struct fault *fault)
{
	struct sha256 digest;
	char text[512];
	int error = 0;

	sha256_init(&digest);
	(void)snprintf(text, sizeof(text), "%s %d %" PRIu64 " %s", DOTSCAN_VERSION,
		options->is_registered, options->graphs,
		options->resolver == NULL ? "" : options->resolver);
	sha256_add(&digest, text, strlen(text) + 1);
	for (size_t i = 0; i < options->record_count && error == 0; i++)
		error = add_records(&digest, options->records[i], fault);
	if (error == 0)
		error = add_file(&digest, "country", options->country_db, fault);
	if (error == 0)
		error = add_file(&digest, "asn", options->asn_db, fault);
	if (error == 0)
		error = add_file(&digest, "baseline", options->baseline, fault);
	sha256_finish(&digest, input);
	return error;
}

/* The first line names the input, each further one a stage. */
static void
read_state(struct stage_log *log)
{
	char expected[65];
	char line[128];
	FILE *file = fopen(log->path, "re");

	if (file == NULL)
		return;
	(void)hexadecimal_format(log->input, sizeof(log->input), expected);
	const bool is_ours = fgets(line, sizeof(line), file) != NULL &&
			     strncmp(line, expected, 64) == 0 && line[64] == '\n';
	while (is_ours && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		for (unsigned int stage = 0; stage < STAGE_NAME_COUNT; stage++)
			log->is_done[stage] |= strcmp(line, stage_texts[stage]) == 0;
	}
	(void)fclose(file);
}

int
stage_log_open(struct stage_log *log, const struct options *options, struct fault *fault)
{
	*log = (struct stage_log){ 0 };
	const int error = identify(options, log->input, fault);

	if (error != 0)
		return error;
	if (snprintf(log->path, sizeof(log->path), "%s/survey.state", options->output) >=
		(int)sizeof(log->path))
		return fault_set(fault, ERROR_FILE, "%s: the path is too long", options->output);
	if (!options->is_again)
		read_state(log);
	return 0;
}

bool
stage_log_is_complete(const struct stage_log *log)
{
	for (unsigned int stage = 0; stage < STAGE_NAME_COUNT; stage++) {
		if (!log->is_done[stage])
			return false;
	}
	return true;
}

int
stage_log_done(struct stage_log *log, enum stage_name stage, struct fault *fault)
{
	char text[512];

	log->is_done[stage] = true;
	(void)hexadecimal_format(log->input, sizeof(log->input), text);
	strcat(text, "\n");
	for (unsigned int i = 0; i < STAGE_NAME_COUNT; i++) {
		if (log->is_done[i]) {
			strcat(text, stage_texts[i]);
			strcat(text, "\n");
		}
	}
	return atomic_file_write(log->path, text, strlen(text), fault);
}
