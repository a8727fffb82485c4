/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dotscan-bench: how fast each stage of a scan is. docs/performance.md has the method. */
#include <errno.h>
#include <rte_cycles.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bench_commands.h"
#include "standard_streams.h"

enum exit_code { EXIT_MEASURED, EXIT_FAILED, EXIT_USAGE, EXIT_UNTRUE = 4 };

struct command {
	const char *name;
	int (*run)(const struct bench_options *options, struct bench_report *report,
		struct fault *fault);
};

static const struct command commands[] = {
#define X(name, key) { #key, key##_command },
	BENCH_COMMAND_LIST(X)
#undef X
};

static int
measure(const struct bench_options *options, struct fault *fault)
{
	const struct command *command = &commands[options->command];
	struct bench_report *report = calloc(1, sizeof(*report));

	if (report == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return EXIT_FAILED;
	}
	report->command = command->name;
	const int result = command->run(options, report, fault);
	int code = result == 0 ? EXIT_MEASURED : result == BENCH_UNTRUE ? EXIT_UNTRUE : EXIT_FAILED;
	if (result >= 0 && !bench_report_print(report, options->is_json)) {
		(void)fault_set(fault, ERROR_FILE, "standard output: %s", strerror(errno));
		code = EXIT_FAILED;
	}
	free(report);
	return code;
}

int
main(int argc, char **argv)
{
	struct bench_options options;
	struct fault fault = { { 0 } };

	standard_streams_hold();
	switch (bench_options_read(&options, argc, argv)) {
	case COMMAND_LINE_DONE:
		return EXIT_MEASURED;
	case COMMAND_LINE_WRONG:
		bench_options_clear(&options);
		return EXIT_USAGE;
	case COMMAND_LINE_UNPRINTED:
		return EXIT_FAILED;
	case COMMAND_LINE_UNDERSTOOD:
		break;
	}
	const int code = measure(&options, &fault);
	bench_options_clear(&options);
	if (fault.text[0] != '\0')
		(void)fprintf(stderr, "dotscan-bench: %s\n", fault.text);
	return code;
}
