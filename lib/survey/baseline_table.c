/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "record/json_text.h"
#include "record/line_reader.h"
#include "record/record_writer.h"
#include "survey/baseline_table.h"

#define COLUMNS      4
#define LONGEST_LINE 65536
#define LONGEST_CELL 1024
#define DOT_PORT     853

/* What OpenSSL calls a chain, in the words of several of its versions. */
static const struct {
	const char *words;
	enum certificate_status status;
} verifications[] = {
	{ "ok", CERTIFICATE_STATUS_OK },
	{ "certificate has expired", CERTIFICATE_STATUS_EXPIRED },
	{ "self signed certificate", CERTIFICATE_STATUS_SELF_SIGNED },
	{ "self-signed certificate", CERTIFICATE_STATUS_SELF_SIGNED },
	{ "self signed certificate in certificate chain", CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN },
	{ "self-signed certificate in certificate chain", CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN },
	{ "unable to verify the first certificate", CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST },
	{ "unable to get local issuer certificate", CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST },
	{ "unsupported certificate purpose", CERTIFICATE_STATUS_PURPOSE },
	{ "-", CERTIFICATE_STATUS_COUNT },
	{ "", CERTIFICATE_STATUS_COUNT },
};

struct cell {
	const char *bytes;
	size_t length;
};

static bool
is_text(const struct cell *cell, const char *text)
{
	return cell->length == strlen(text) && memcmp(cell->bytes, text, cell->length) == 0;
}

/* Returns the number of cells, of which at most COLUMNS are kept. */
static size_t
split(const char *line, size_t length, struct cell cells[COLUMNS])
{
	size_t count = 0;
	const char *end = line + length;

	for (const char *start = line;; count++) {
		const char *tab = memchr(start, '\t', (size_t)(end - start));
		const char *stop = tab == NULL ? end : tab;

		if (count < COLUMNS)
			cells[count] = (struct cell){ start, (size_t)(stop - start) };
		if (tab == NULL)
			return count + 1;
		start = tab + 1;
	}
}

static bool
read_address(const struct cell *cell, uint32_t *address_out)
{
	char text[IPV4_TEXT_SIZE];

	if (cell->length >= sizeof(text))
		return false;
	memcpy(text, cell->bytes, cell->length);
	text[cell->length] = '\0';
	return ipv4_parse(text, address_out);
}

static uint16_t
read_country(const struct cell *cell)
{
	if (cell->length != 2 || !isupper((unsigned char)cell->bytes[0]) ||
		!isupper((unsigned char)cell->bytes[1]))
		return 0;
	return (uint16_t)(cell->bytes[0] << 8 | cell->bytes[1]);
}

static enum certificate_status
read_verification(struct cell cell)
{
	if (cell.length >= 2 && cell.bytes[0] == '"' && cell.bytes[cell.length - 1] == '"')
		cell = (struct cell){ cell.bytes + 1, cell.length - 2 };
	for (size_t i = 0; i < sizeof(verifications) / sizeof(verifications[0]); i++) {
		if (is_text(&cell, verifications[i].words))
			return verifications[i].status;
	}
	return CERTIFICATE_STATUS_OTHER;
}

/* Any bytes become printable text. */
static int
add_text(struct survey_set *set, const char *bytes, size_t length, uint32_t *number_out)
{
	char text[JSON_TEXT_SIZE(LONGEST_CELL)];
	const size_t kept = length < LONGEST_CELL ? length : LONGEST_CELL;

	return text_pool_add(&set->texts, text, json_text_encode(bytes, kept, text), number_out);
}

/* "CN=name/emailAddress=..." or "-". The rest after the name stands for the subject. */
static int
add_certificate(struct survey_set *set, const struct cell *cell, uint32_t *index_out)
{
	struct survey_certificate leaf = { 0 };
	const char *name = cell->bytes;
	size_t length = cell->length;

	if (length >= 3 && memcmp(name, "CN=", 3) == 0) {
		name += 3;
		length -= 3;
	}
	const char *mail = memmem(name, length, "/emailAddress=", 14);
	if (mail != NULL)
		length = (size_t)(mail - name);
	int error = add_text(set, cell->bytes, cell->length, &leaf.subject);
	if (error == 0 && !(length == 1 && name[0] == '-'))
		error = add_text(set, name, length, &leaf.common_name);
	leaf.details_hash = (uint64_t)leaf.subject * 0x9e3779b97f4a7c15ULL;
	return error != 0 ? error : survey_set_intern(set, &leaf, index_out);
}

int
baseline_table_add_line(struct survey_set *set, const char *line, size_t length, const char *path,
	uint64_t number, struct fault *fault)
{
	struct cell cells[COLUMNS];
	uint32_t address;

	while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		length--;
	const size_t count = split(line, length, cells);
	if (is_text(&cells[0], "resolver_ip"))
		return 0;
	if (count != COLUMNS || !read_address(&cells[0], &address)) {
		(void)fault_set(fault, ERROR_INPUT,
			"%s:%llu: not a row of resolver_ip, country, certinfo and verification with tabs between",
			path, (unsigned long long)number);
		return 1;
	}
	struct survey_host *host = survey_set_new_host(set);
	if (host == NULL)
		return ERROR_MEMORY;
	host->address = address;
	host->port = DOT_PORT;
	host->outcome = OUTCOME_ANSWER_UNCHECKED;
	host->country = read_country(&cells[1]);
	host->status = (uint8_t)read_verification(cells[3]);
	if (host->status == CERTIFICATE_STATUS_COUNT)
		return 0;
	return add_certificate(set, &cells[2], &host->certificate);
}

int
baseline_table_read(struct survey_set *set, const char *path,
	const struct loader_settings *settings, struct fault *fault)
{
	struct line_reader reader;
	const char *line;
	size_t length;
	int got;

	set->is_table = true;
	int error = line_reader_open(&reader, path, LONGEST_LINE, fault);
	if (error != 0)
		return error;
	while ((got = line_reader_next(&reader, &line, &length, fault)) == 1) {
		struct fault reason = { "" };

		if (length == 1 && line[0] == '\n')
			continue;
		error = baseline_table_add_line(set, line, length, path, reader.line, &reason);
		if (error < 0)
			break;
		if (error == 1)
			warning_list_add(settings->warnings, "%.280s; left out", reason.text);
	}
	line_reader_close(&reader);
	if (error < 0 || got < 0)
		return error < 0 ? error : got;
	if (set->host_count == 0)
		return fault_set(fault, ERROR_INPUT,
			"%s: holds no earlier scan; accepted: a records.jsonl, or rows of resolver_ip, country, certinfo and verification with tabs between",
			path);
	return 0;
}

/* Only records begin with a brace. */
static int
look_at_first(const char *path, bool *is_json_out, struct fault *fault)
{
	struct line_reader reader;
	const char *line;
	size_t length;

	int error = line_reader_open(&reader, path, RECORD_LINE_MAXIMUM, fault);
	if (error != 0)
		return error;
	error = line_reader_next(&reader, &line, &length, fault);
	*is_json_out = error == 1 && line[0] == '{';
	line_reader_close(&reader);
	return error < 0 ? error : 0;
}

int
baseline_read(struct survey_set *set, const char *path, const struct loader_settings *settings,
	struct fault *fault)
{
	bool is_json = false;
	int error = look_at_first(path, &is_json, fault);

	if (error == 0)
		error = is_json ? record_loader_read(set, path, settings, fault)
				: baseline_table_read(set, path, settings, fault);
	return error != 0 ? error : survey_set_finish(set);
}
