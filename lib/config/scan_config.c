/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "config/config_document.h"
#include "config/config_loader.h"
#include "config/config_text.h"
#include "config/scan_config.h"
#include "config/scan_config_fields.h"
#include "config/scan_config_rules.h"

static const struct config_layout layout = { &scan_config_section, &scan_config_schema, "--set " };

/* Adopts document, also on failure. */
static int
build(struct config_document *document, const char *const overrides[], size_t override_count,
	struct scan_config **config_out, struct fault *fault)
{
	void *loaded = NULL;
	int error =
		config_loader_load(document, &layout, overrides, override_count, &loaded, fault);

	if (error != 0) {
		config_document_destroy(document);
		return error;
	}
	struct scan_config *config = loaded;
	config->document = document;
	error = scan_config_check_rules(config, fault);
	if (error != 0)
		scan_config_free(config);
	else
		*config_out = config;
	return error;
}

int
scan_config_parse(const struct scan_config_source *source, struct scan_config **config_out,
	struct fault *fault)
{
	struct config_document *document = NULL;
	int error = config_document_parse(
		source->name, source->bytes, source->length, &document, fault);

	if (error != 0)
		return error;
	return build(document, source->overrides, source->override_count, config_out, fault);
}

int
scan_config_load(const char *path, const char *const overrides[], size_t override_count,
	struct scan_config **config_out, struct fault *fault)
{
	struct config_document *document = NULL;
	int error = config_document_read(path, &document, fault);

	if (error != 0)
		return error;
	return build(document, overrides, override_count, config_out, fault);
}

void
scan_config_free(struct scan_config *config)
{
	if (config == NULL)
		return;
	config_document_destroy(config->document);
	config_loader_free(&layout, config);
}

int
scan_config_fault(const struct scan_config *config, const char *field, struct fault *fault,
	const char *format, ...)
{
	char text[sizeof(fault->text)];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return config_document_fault(config->document,
		config_document_nearest(config->document, field), field, fault, "%s", text);
}

/* An empty name is no file. */
static int
check_file(
	const struct scan_config *config, const char *field, const char *path, struct fault *fault)
{
	struct stat status;
	char quoted[CONFIG_QUOTE_SIZE];
	const char *what = NULL;

	if (*path == '\0')
		return 0;
	if (stat(path, &status) != 0)
		what = "cannot be found";
	else if (S_ISDIR(status.st_mode))
		what = "is a directory";
	else if (access(path, R_OK) != 0)
		what = "may not be read";
	if (what == NULL)
		return 0;
	return scan_config_fault(config, field, fault, "%s %s; accepted: a readable file",
		config_text_quote(path, quoted), what);
}

static int
check_file_list(const struct scan_config *config, const char *field, char *const *paths,
	uint32_t count, struct fault *fault)
{
	for (uint32_t i = 0; i < count; i++) {
		char entry[CONFIG_PATH_SIZE];

		(void)snprintf(entry, sizeof(entry), "%s[%u]", field, i);
		int error = check_file(config, entry, paths[i], fault);
		if (error != 0)
			return error;
	}
	return 0;
}

int
scan_config_check_files(const struct scan_config *config, struct fault *fault)
{
	const struct config_targets *targets = &config->scan.targets;
	int error = check_file_list(config, "scan.targets.include_files", targets->include_files,
		targets->include_files_count, fault);

	if (error == 0)
		error = check_file_list(config, "scan.targets.exclude_files",
			targets->exclude_files, targets->exclude_files_count, fault);
	if (error == 0)
		error = check_file(
			config, "scan.geo.country_db", config->scan.geo.country_db, fault);
	if (error == 0)
		error = check_file(config, "scan.geo.asn_db", config->scan.geo.asn_db, fault);
	if (error == 0)
		error = check_file(config, "verify.truth", config->verify.truth, fault);
	if (error == 0)
		error = check_file(config, "verify.ca_file", config->verify.ca_file, fault);
	return error;
}

int
scan_config_require_contact(
	const struct scan_config *config, bool are_targets_reserved, struct fault *fault)
{
	if (are_targets_reserved || config->scan.contact[0] != '\0')
		return 0;
	return scan_config_fault(config, "scan.contact", fault,
		"is missing, and the targets are not all reserved space; "
		"accepted: a mail address or an http(s) URL where those scanned can complain");
}
