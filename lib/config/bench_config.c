/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/bench_config.h"
#include "config/config_document.h"
#include "config/config_field_table.h"
#include "config/config_loader.h"

/* One line a field, as in scan_config_fields.c. A new one needs a line in the man page, and in the example. */
// clang-format off
#define ROOT_FIELDS(FIELD, SECTION) \
	FIELD(bench_config, rounds, rounds, COUNT, OPTIONAL, 1, 1000, "5", NULL) \
	FIELD(bench_config, seconds, round_ns, SECONDS, OPTIONAL, MS, HOUR, "1", NULL) \
	FIELD(bench_config, device, device, TEXT, OPTIONAL, 1, 255, "net_null0,no-rx=1", \
	      "a PCI address, or a DPDK vdev such as net_null0,no-rx=1") \
	FIELD(bench_config, rate, rate_pps, RATE, OPTIONAL, 0, 0, "1000Mpps", NULL) \
	FIELD(bench_config, exclusions, exclusions, COUNT, OPTIONAL, 0, 10000000, "20000", NULL) \
	FIELD(bench_config, bits, bits, COUNT, OPTIONAL, 8, 32, "32", NULL) \
	FIELD(bench_config, shards, shards, COUNT, OPTIONAL, 1, 1000, "1", NULL) \
	FIELD(bench_config, connections, connections, COUNT, OPTIONAL, 1, 65536, "256", NULL) \
	FIELD(bench_config, workers, workers, COUNT, OPTIONAL, 1, 8, "1", NULL) \
	FIELD(bench_config, cpu, cpu, CPU, OPTIONAL, 0, 1023, "last", NULL) \
	FIELD(bench_config, other_cpu, other_cpu, CPU, OPTIONAL, 0, 1023, "0", NULL)

DEFINE_FIELDS(root, ROOT_FIELDS);
// clang-format on

const struct config_section bench_config_section = { root_fields, root_schema };

static const cyaml_schema_value_t schema = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct bench_config, root_schema) };

static const struct config_layout layout = { &bench_config_section, &schema, "--" };

int
bench_config_load(const char *path, const char *const overrides[], size_t override_count,
	struct bench_config **config_out, struct fault *fault)
{
	static const uint8_t nothing[] = "{}";
	struct config_document *document = NULL;
	void *config = NULL;
	int error = path != NULL ? config_document_read(path, &document, fault)
				 : config_document_parse("command line", nothing,
					   sizeof(nothing) - 1, &document, fault);

	if (error == 0)
		error = config_loader_load(
			document, &layout, overrides, override_count, &config, fault);
	config_document_destroy(document);
	if (error == 0)
		*config_out = config;
	return error;
}

void
bench_config_free(struct bench_config *config)
{
	if (config != NULL)
		config_loader_free(&layout, config);
}
