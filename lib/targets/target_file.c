/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "targets/target_file.h"

#define SHOWN_MAXIMUM 60

enum line_result { LINE_READ, LINE_END, LINE_TOO_LONG, LINE_HAS_NUL };

static enum line_result
read_line(FILE *file, char line[TARGET_FILE_LINE_MAXIMUM + 1])
{
	size_t length = 0;
	int byte = getc(file);

	if (byte == EOF)
		return LINE_END;
	for (; byte != EOF && byte != '\n'; byte = getc(file)) {
		if (length == TARGET_FILE_LINE_MAXIMUM)
			return LINE_TOO_LONG;
		if (byte == '\0')
			return LINE_HAS_NUL;
		line[length++] = (char)byte;
	}
	if (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	return LINE_READ;
}

/*
 * Cut the first CSV field off *rest, in place, and move *rest behind its comma, or to NULL after
 * the last.
 */
static char *
cut_field(char **rest)
{
	char *field = *rest + strspn(*rest, " \t");
	bool is_quoted = *field == '"';
	char *end = NULL;

	if (is_quoted) {
		field++;
		end = strchr(field, '"');
		/* A quote that is never closed stays in the field, where it is no address. */
		if (end == NULL) {
			field--;
			is_quoted = false;
		}
	}
	char *comma = strchr(is_quoted ? end + 1 : field, ',');
	*rest = comma == NULL ? NULL : comma + 1;
	if (comma != NULL)
		*comma = '\0';
	if (is_quoted) {
		*end = '\0';
		/*
		 * Text between the closing quote and the comma makes a field of neither kind: an
		 * empty one.
		 */
		return end[1 + strspn(end + 1, " \t")] == '\0' ? field : end;
	}
	for (end = field + strlen(field); end > field && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	return field;
}

/*
 * The field of the chosen column; a header line chooses the column and has none (NULL). "" where
 * the line is too short.
 */
static const char *
find_entry(char *line, size_t *column)
{
	const char *entry = "";
	char *rest = line;

	for (size_t i = 0; rest != NULL; i++) {
		const char *field = cut_field(&rest);

		if (strcmp(field, "saddr") == 0) {
			*column = i;
			return NULL;
		}
		if (i == *column)
			entry = field;
	}
	return entry;
}

static int
parse_line(char *line, size_t *column, const struct target_place *place, target_file_visit visit,
	void *context, struct fault *fault)
{
	const char *byte_order_mark = "\xef\xbb\xbf";

	if (place->number == 1 && strncmp(line, byte_order_mark, 3) == 0)
		line += 3;
	line[strcspn(line, "#")] = '\0';
	if (line[strspn(line, " \t")] == '\0')
		return 0;

	const char *entry = find_entry(line, column);
	if (entry == NULL)
		return 0;
	return visit(context, entry, place, fault);
}

int
target_file_parse(
	FILE *file, const char *name, target_file_visit visit, void *context, struct fault *fault)
{
	char line[TARGET_FILE_LINE_MAXIMUM + 1];
	struct target_place place = { name, 0, true };
	enum line_result result = LINE_END;
	size_t column = 0;

	for (;;) {
		place.number++;
		result = read_line(file, line);
		if (result != LINE_READ)
			break;
		int error = parse_line(line, &column, &place, visit, context, fault);
		if (error != 0)
			return error;
	}
	if (ferror(file))
		return fault_set(
			fault, ERROR_FILE, "%s: cannot be read: %s", name, strerror(errno));
	if (result == LINE_TOO_LONG)
		return fault_set(fault, ERROR_INPUT,
			"%s:%zu: the line is longer than %d bytes; accepted is " TARGET_ENTRY_ACCEPTED
			" a line, or zmap's CSV output",
			name, place.number, TARGET_FILE_LINE_MAXIMUM);
	if (result == LINE_HAS_NUL)
		return fault_set(fault, ERROR_INPUT,
			"%s:%zu: not a text file; accepted is " TARGET_ENTRY_ACCEPTED
			" a line, or zmap's CSV output",
			name, place.number);
	return 0;
}

int
target_file_read(const char *path, target_file_visit visit, void *context, struct fault *fault)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return fault_set(
			fault, ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
	int error = target_file_parse(file, path, visit, context, fault);
	/* Only read from: closing it can lose nothing. */
	(void)fclose(file);
	return error;
}

int
target_place_fault(struct fault *fault, int error, const struct target_place *place,
	const char *entry, const char *problem)
{
	char shown[SHOWN_MAXIMUM + 4];
	size_t length = 0;

	for (; entry[length] != '\0' && length < SHOWN_MAXIMUM; length++)
		shown[length] = entry[length] >= ' ' && entry[length] <= '~' ? entry[length] : '?';
	(void)snprintf(
		&shown[length], sizeof(shown) - length, "%s", entry[length] == '\0' ? "" : "...");
	return fault_set(fault, error, place->is_file ? "%s:%zu: \"%s\" %s" : "%s[%zu]: \"%s\" %s",
		place->name, place->number, shown, problem);
}
