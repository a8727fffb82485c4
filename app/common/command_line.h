/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMMAND_LINE_H
#define COMMAND_LINE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

/* The code of --version in a program's table of options; that of --help is 'h'. */
#define COMMAND_LINE_VERSION 255

/* How a program's command line reads. */
struct command_line {
	const char *program;
	const char *help;
	const char *letters; /* as getopt_long takes them; each stands for a row of options */
	const struct option *options;
};

/* What came of it. The program goes on only where it was understood. */
enum command_line_result {
	COMMAND_LINE_UNDERSTOOD,
	COMMAND_LINE_DONE,     /* help or version was printed */
	COMMAND_LINE_WRONG,    /* and what is wrong was said */
	COMMAND_LINE_UNPRINTED /* help or version could not be printed, as was said */
};

/* Takes one option of the table; value is that of argv, or NULL. What it does not take it has refused. */
typedef bool command_line_take(void *context, const struct option *option, const char *value);

/* Read all options; what is left in argv begins at optind. What getopt_long itself refuses is told on stderr. */
enum command_line_result command_line_read(const struct command_line *line, int argc, char **argv,
	command_line_take *take, void *context);

/* Say on stderr what is wrong, in one line behind the program's name. Returns false. */
bool command_line_refuse(const struct command_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same of an option's value. */
bool command_line_refuse_value(const struct command_line *line, const char *option,
	const char *value, const char *accepted);

/* A whole number of this range; anything else is refused. */
bool command_line_number(const struct command_line *line, const char *option, const char *value,
	uint64_t minimum, uint64_t maximum, uint64_t *number_out);

#endif
