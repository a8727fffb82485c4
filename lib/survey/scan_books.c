/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/json_node.h"
#include "survey/scan_books.h"

#define SUMMARY_MAXIMUM (1U << 20) /* an honest one has about 2 kB */
#define ID_SIZE         65
#define WITHOUT         "the funnel begins at the SYN-ACK"

/* One summary. */
struct summary_file {
	char path[SCAN_BOOKS_PATH];
	char scan[ID_SIZE];
	int64_t seed;
	int64_t shard;
	uint64_t records; /* of which it tells */
	uint64_t held;    /* in the files beside it */
	struct scan_books books;
};

bool
scan_books_path(const char *records, char path[SCAN_BOOKS_PATH])
{
	const char *slash = strrchr(records, '/');
	const int folder = slash == NULL ? 0 : (int)(slash - records + 1);

	return snprintf(path, SCAN_BOOKS_PATH, "%.*ssummary.json", folder, records) <
	       SCAN_BOOKS_PATH;
}

/* The whole file, which the caller frees. */
static int
load(const char *path, char **text_out, size_t *length_out, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	char *text = file == NULL ? NULL : malloc(SUMMARY_MAXIMUM);

	if (text == NULL) {
		if (file == NULL)
			return fault_set(fault, ERROR_FILE, "%s: cannot be read", path);
		(void)fclose(file);
		return ERROR_MEMORY;
	}
	*length_out = fread(text, 1, SUMMARY_MAXIMUM, file);
	(void)fclose(file);
	*text_out = text;
	return 0;
}

static uint64_t
count_of(const struct json_node *object, const char *key)
{
	const struct json_node node = json_node_member(object, key);

	return (uint64_t)json_node_integer(&node, 0, INT64_MAX);
}

static uint64_t
sum_of(const struct json_node *object)
{
	uint64_t sum = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object->json, key, value) sum +=
		count_of(object, key);
	return sum;
}

/* Keys may be added to a summary within its schema, so what is not asked for is not looked at. */
static void
take_counts(const struct json_node *root, struct scan_books *books)
{
	const struct json_node targets = json_node_member(root, "targets");
	const struct json_node sent = json_node_member(root, "sent");
	const struct json_node received = json_node_member(root, "received");
	const struct json_node losses = json_node_member(root, "losses");
	const uint64_t visited = count_of(&targets, "visited");
	const uint64_t probes = count_of(root, "probes");

	books->planned = count_of(&targets, "planned");
	books->probed = probes == 0 ? 0 : visited / probes;
	books->syn = count_of(&sent, "syn") + count_of(&sent, "reprobes");
	books->synack = count_of(&received, "synack");
	books->duplicate = count_of(&received, "duplicate");
	books->rst = count_of(&received, "rst");
	books->icmp = count_of(&received, "icmp");
	books->invalid = count_of(&received, "invalid");
	books->lost = sum_of(&losses);
}

static void
take_identity(const struct json_node *root, struct summary_file *file)
{
	const struct json_node scan = json_node_member(root, "scan");
	const struct json_node shard = json_node_member(root, "shard");
	const struct json_node books = json_node_member(root, "books");

	const struct json_node schema = json_node_member(root, "schema");

	if (json_node_integer(&schema, 0, INT64_MAX) != 1)
		json_node_refuse(&schema, "expected 1");
	(void)snprintf(file->scan, sizeof(file->scan), "%s",
		json_node_text(&scan, sizeof(file->scan) - 1, NULL));
	file->seed = (int64_t)count_of(root, "seed");
	file->shard = (int64_t)count_of(&shard, "index");
	file->records = count_of(&books, "records");
}

static int
read_summary(struct summary_file *file, struct fault *fault)
{
	struct json_source source = { .file = file->path, .fault = fault };
	json_t *json = NULL;
	char *text = NULL;
	size_t length = 0;
	const int error = load(file->path, &text, &length, fault);

	if (error != 0)
		return error;
	const struct json_node root = json_node_parse(&source, text, length, &json);
	take_identity(&root, file);
	take_counts(&root, &file->books);
	json_decref(json);
	free(text);
	return source.error;
}

/* Files in one folder have one summary. Returns the number of summaries. */
static size_t
group_inputs(struct summary_file *files, const struct scan_books_input *inputs, size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = 0;

		if (!scan_books_path(inputs[i].path, files[used].path))
			files[used].path[0] = '\0';
		while (strcmp(files[at].path, files[used].path) != 0)
			at++;
		files[at].held += inputs[i].records;
		used += at == used;
	}
	return used;
}

/* Whether a summary fits its records and the summaries before it; if not, one warning. */
static bool
fits(const struct summary_file *files, size_t at, struct warning_list *warnings)
{
	const struct summary_file *file = &files[at];

	if (file->held != file->records) {
		warning_list_add(warnings,
			"%.200s: tells of %llu records and there are %llu; " WITHOUT, file->path,
			(unsigned long long)file->records, (unsigned long long)file->held);
		return false;
	}
	for (size_t i = 0; i < at; i++) {
		if (files[i].seed == file->seed && files[i].shard != file->shard &&
			strcmp(files[i].scan, file->scan) == 0)
			continue;
		warning_list_add(warnings, "%.200s: not of the same scan as %.60s; " WITHOUT,
			file->path, files[i].path);
		return false;
	}
	return true;
}

static void
add(struct scan_books *sum, const struct scan_books *part)
{
	sum->shards++;
	sum->planned += part->planned;
	sum->probed += part->probed;
	sum->syn += part->syn;
	sum->synack += part->synack;
	sum->duplicate += part->duplicate;
	sum->rst += part->rst;
	sum->icmp += part->icmp;
	sum->invalid += part->invalid;
	sum->lost += part->lost;
}

int
scan_books_read(struct scan_books *books_out, const struct scan_books_input *inputs, size_t count,
	struct warning_list *warnings)
{
	/* One more than there are, to look at before it is known to be new. */
	struct summary_file *files = calloc(count + 1, sizeof(*files));
	struct scan_books sum = { .is_known = true };

	if (files == NULL)
		return ERROR_MEMORY;
	const size_t summaries = group_inputs(files, inputs, count);
	for (size_t i = 0; i < summaries && sum.is_known; i++) {
		struct fault fault = { "" };
		const int error = read_summary(&files[i], &fault);

		if (error != 0)
			warning_list_add(warnings, "%.240s; " WITHOUT,
				fault.text[0] == '\0' ? error_text(error) : fault.text);
		sum.is_known = error == 0 && fits(files, i, warnings);
		add(&sum, &files[i].books);
	}
	*books_out = sum.is_known ? sum : (struct scan_books){ .is_known = false };
	free(files);
	return 0;
}
