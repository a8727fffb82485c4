/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hexadecimal.h"
#include "record/resume_check.h"

#define CHANGE_SIZE 400
#define ADVICE      "resume with the configuration of the first run, or name another output.directory"

/* One line of a text, without its indent and newline. */
struct text_line {
	const char *start;
	int length;
};

static struct text_line
next_line(const char **text)
{
	const size_t length = strcspn(*text, "\n");
	const char *start = *text + strspn(*text, " ");
	struct text_line line = { start, (int)(*text + length - start) };

	*text += length + ((*text)[length] == '\n' ? 1 : 0);
	if (line.length < 0)
		line.length = 0;
	return line;
}

/* The first line that differs. False where there is none to show. */
static bool
find_change(const char *before, const char *now, char *change)
{
	if (before == NULL || now == NULL)
		return false;
	while (*before != '\0' || *now != '\0') {
		const struct text_line old = next_line(&before);
		const struct text_line new = next_line(&now);

		if (old.length == new.length &&
			strncmp(old.start, new.start, (size_t)old.length) == 0)
			continue;
		(void)snprintf(change, CHANGE_SIZE, "was \"%.*s\", is \"%.*s\"", old.length,
			old.start, new.length, new.start);
		return true;
	}
	return false;
}

static void
describe_digests(const struct run_directory_settings *settings, const struct checkpoint *checkpoint,
	char *change)
{
	char before[65];
	char now[65];

	(void)snprintf(change, CHANGE_SIZE, "its SHA-256 was %s, is %s",
		hexadecimal_format(checkpoint->config_sha256, 32, before),
		hexadecimal_format(settings->config_sha256, 32, now));
}

int
resume_check(const struct run_directory_settings *settings, const struct checkpoint *checkpoint,
	const char *path, struct fault *fault)
{
	char change[CHANGE_SIZE] = "";
	const char *field = "the configuration";

	if (strcmp(settings->scan, checkpoint->scan) != 0) {
		field = "scan.id";
		(void)snprintf(change, sizeof(change), "was \"%s\", is \"%s\"", checkpoint->scan,
			settings->scan);
	} else if (settings->seed != 0 && settings->seed != checkpoint->seed) {
		field = "scan.seed";
		(void)snprintf(change, sizeof(change), "was %" PRIu64 ", is %" PRIu64,
			checkpoint->seed, settings->seed);
	} else if (settings->shard_index != checkpoint->shard_index ||
		   settings->shard_count != checkpoint->shard_count) {
		field = "scan.shard";
		(void)snprintf(change, sizeof(change), "was %u of %u, is %u of %u",
			checkpoint->shard_index, checkpoint->shard_count, settings->shard_index,
			settings->shard_count);
	} else if (settings->probes != checkpoint->probes) {
		field = "scan.probes";
		(void)snprintf(change, sizeof(change), "was %u, is %u", checkpoint->probes,
			settings->probes);
	} else if (memcmp(settings->config_sha256, checkpoint->config_sha256, 32) != 0) {
		if (!find_change(checkpoint->config_text, settings->config_text, change))
			describe_digests(settings, checkpoint, change);
	}
	if (change[0] == '\0')
		return 0;
	return fault_set(fault, ERROR_INPUT, "%s: %s: %s; " ADVICE, path, field, change);
}
