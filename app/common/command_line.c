/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "command_line.h"
#include "dotscan_version.h"
#include "standard_streams.h"

static enum command_line_result
print(const struct command_line *line, int option)
{
	struct fault fault = { "" };

	if (option == 'h')
		(void)fputs(line->help, stdout);
	else
		(void)printf("%s %s\n", line->program, DOTSCAN_VERSION);
	if (standard_streams_flush(&fault) == 0)
		return COMMAND_LINE_DONE;
	(void)command_line_refuse(line, "%s", fault.text);
	return COMMAND_LINE_UNPRINTED;
}

/* getopt_long tells the row of a long option only. */
static const struct option *
find_row(const struct command_line *line, int option, int index)
{
	const struct option *row = &line->options[index >= 0 ? index : 0];

	while (row->name != NULL && row->val != option)
		row++;
	return row;
}

enum command_line_result
command_line_read(const struct command_line *line, int argc, char **argv, command_line_take *take,
	void *context)
{
	for (int option, index = -1;
		(option = getopt_long(argc, argv, line->letters, line->options, &index)) != -1;
		index = -1) {
		if (option == 'h' || option == COMMAND_LINE_VERSION)
			return print(line, option);
		if (option == '?') {
			(void)fprintf(stderr, "Try '%s --help'.\n", line->program);
			return COMMAND_LINE_WRONG;
		}
		if (!take(context, find_row(line, option, index), optarg))
			return COMMAND_LINE_WRONG;
	}
	return COMMAND_LINE_UNDERSTOOD;
}

bool
command_line_refuse(const struct command_line *line, const char *format, ...)
{
	va_list arguments;

	(void)fprintf(stderr, "%s: ", line->program);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	return false;
}

bool
command_line_refuse_value(const struct command_line *line, const char *option, const char *value,
	const char *accepted)
{
	return command_line_refuse(
		line, "--%s %s: not understood; accepted: %s", option, value, accepted);
}

bool
command_line_number(const struct command_line *line, const char *option, const char *value,
	uint64_t minimum, uint64_t maximum, uint64_t *number_out)
{
	char accepted[64];

	if (number_parse(value, minimum, maximum, number_out))
		return true;
	(void)snprintf(accepted, sizeof(accepted), "%" PRIu64 " to %" PRIu64, minimum, maximum);
	return command_line_refuse_value(line, option, value, accepted);
}
