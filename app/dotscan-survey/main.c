/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dotscan-survey: from records to findings. docs/survey.md says what each figure means. */
#include <stdio.h>

#include "options.h"
#include "survey_run.h"

int
main(int argc, char **argv)
{
	struct options options;
	struct fault fault = { "" };

	options_read(&options, argc, argv);
	if (options.action == OPTIONS_DONE)
		return SURVEY_EXIT_DONE;
	if (options.action == OPTIONS_WRONG)
		return SURVEY_EXIT_USAGE;
	const int code = survey_run(&options, &fault);
	if (fault.text[0] != '\0')
		(void)fprintf(stderr, "dotscan-survey: %s\n", fault.text);
	return code;
}
