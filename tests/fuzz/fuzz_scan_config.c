/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as scan.yaml: refused with one line, or a configuration whose print loads to the same print. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "config/scan_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static struct scan_config *
parse(const uint8_t *bytes, size_t length)
{
	const struct scan_config_source source = {
		.name = "scan.yaml", .bytes = bytes, .length = length
	};
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };
	int error = scan_config_parse(&source, &config, &fault);

	must((error == 0) == (config != NULL));
	must((error == 0) == (fault.text[0] == '\0'));
	must(strchr(fault.text, '\n') == NULL);
	must(error == 0 || strncmp(fault.text, "scan.yaml:", 10) == 0);
	must(error == 0 || strstr(fault.text, "; accepted: ") != NULL);
	return config;
}

static char *
print(const struct scan_config *config, size_t *length_out)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, length_out);

	must(file != NULL);
	must(scan_config_print(config, file) == 0);
	must(fclose(file) == 0);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scan_config *config = parse(data, size);

	if (config == NULL)
		return 0;
	size_t length = 0;
	size_t length_again = 0;
	char *text = print(config, &length);
	struct scan_config *again = parse((const uint8_t *)text, length);
	must(again != NULL);
	char *text_again = print(again, &length_again);
	must(strcmp(text, text_again) == 0);
	free(text);
	free(text_again);
	scan_config_free(again);
	scan_config_free(config);
	return 0;
}
