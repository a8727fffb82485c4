/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dotscan-dpdk: from SYN to verdict, in one pass. docs/architecture.md has the picture. */
#include <stdio.h>

#include "base/error.h"
#include "config/scan_config.h"
#include "options.h"
#include "plan.h"
#include "record/summary.h"
#include "scan_run.h"
#include "standard_streams.h"

static int
act(const struct options *options, const struct scan_config *config, struct fault *fault)
{
	struct plan plan = { 0 };

	if (options->action == OPTIONS_PRINT_CONFIG) {
		/* A failed write stays known to the stream, and is told when it is flushed. */
		(void)scan_config_print(config, stdout);
		return standard_streams_flush(fault) == 0 ? RUN_EXIT_BALANCED : RUN_EXIT_FAILURE;
	}
	int error = plan_init(&plan, config, fault);
	int code = error == 0              ? RUN_EXIT_BALANCED
		   : error == ERROR_MEMORY ? RUN_EXIT_FAILURE
					   : RUN_EXIT_USAGE;
	if (error == 0 && options->action == OPTIONS_CHECK) {
		code = scan_run_check(config, &plan, fault);
	} else if (error == 0) {
		code = scan_run(config, options, &plan, fault);
	}
	plan_clear(&plan);
	return code;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct scan_config *config = NULL;
	struct fault fault = { { 0 } };

	standard_streams_hold();
	switch (options_read(&options, argc, argv)) {
	case COMMAND_LINE_DONE:
		return RUN_EXIT_BALANCED;
	case COMMAND_LINE_WRONG:
		return RUN_EXIT_USAGE;
	case COMMAND_LINE_UNPRINTED:
		return RUN_EXIT_FAILURE;
	case COMMAND_LINE_UNDERSTOOD:
		break;
	}
	int code = RUN_EXIT_USAGE;
	if (scan_config_load(options.config_path, options.overrides, options.override_count,
		    &config, &fault) == 0)
		code = act(&options, config, &fault);
	scan_config_free(config);
	if (fault.text[0] != '\0')
		(void)fprintf(stderr, "dotscan-dpdk: %s\n", fault.text);
	return code;
}
