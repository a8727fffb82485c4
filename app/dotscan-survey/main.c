/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dotscan-survey: from records to findings. docs/survey.md says what each figure means. */
#include <stdio.h>

#include "options.h"
#include "standard_streams.h"
#include "survey_run.h"

int
main(int argc, char **argv)
{
	struct options options;
	struct fault fault = { "" };

	standard_streams_hold();
	switch (options_read(&options, argc, argv)) {
	case COMMAND_LINE_DONE:
		return SURVEY_EXIT_DONE;
	case COMMAND_LINE_WRONG:
		return SURVEY_EXIT_USAGE;
	case COMMAND_LINE_UNPRINTED:
		return SURVEY_EXIT_FAILURE;
	case COMMAND_LINE_UNDERSTOOD:
		break;
	}
	const int code = survey_run(&options, &fault);
	if (fault.text[0] != '\0')
		(void)fprintf(stderr, "dotscan-survey: %s\n", fault.text);
	return code;
}
