/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "bench_options.h"
#include "config/bench_config.h"
#include "config/config_value.h"

/* Fields of bench.yaml: lib/config checks them. */
#define FIELD 1

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "rounds", required_argument, NULL, FIELD },
	{ "seconds", required_argument, NULL, FIELD },
	{ "device", required_argument, NULL, FIELD },
	{ "rate", required_argument, NULL, FIELD },
	{ "exclusions", required_argument, NULL, FIELD },
	{ "bits", required_argument, NULL, FIELD },
	{ "shards", required_argument, NULL, FIELD },
	{ "connections", required_argument, NULL, FIELD },
	{ "workers", required_argument, NULL, FIELD },
	{ "cpu", required_argument, NULL, FIELD },
	{ "other-cpu", required_argument, NULL, FIELD },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, COMMAND_LINE_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"Usage: dotscan-bench tx|rx|tls|sweep|pacing|growth [OPTION]...\n"
	"Measure how fast this machine scans, stage by stage, with the code that scans.\n"
	"\n"
	"  tx      make and send SYNs on one CPU: permutation, exclusions, cookie, pacing\n"
	"  rx      receive valid SYN-ACKs and junk on one CPU\n"
	"  tls     verify resolvers on one CPU: TCP, TLS, DNS, record\n"
	"  sweep   send to every address, and prove on a second CPU that each got one SYN\n"
	"  pacing  keep to rates from 5pps to line, alone and with verify traffic\n"
	"  growth  how cost grows with targets, exclusions and connections alive\n"
	"\n"
	"  -c, --config FILE     take what follows from a YAML file; options here win\n"
	"      --rounds N        how often to measure (5)\n"
	"      --seconds S       how long each round lasts (1)\n"
	"      --device VDEV     where tx and pacing send (net_null0,no-rx=1); others than net_null and\n"
	"                        net_ring see addresses of 198.18.0.0/15 only\n"
	"      --rate RATE       what the pacer of tx allows (1000Mpps)\n"
	"      --exclusions N    how many random networks of the targets are left out (20000)\n"
	"      --bits N          tx, sweep: the targets are 2^N addresses, 8 to 32 (32)\n"
	"      --shards N        sweep: in N parts, one after the other (1)\n"
	"      --connections N   tls: how many are alive at once (256)\n"
	"      --workers N       tx, sweep: so many send at once, each with a queue and a CPU, from --cpu\n"
	"                        downwards; at most 8 (1)\n"
	"      --cpu N           the CPU to measure (last)\n"
	"      --other-cpu N     the CPU of everything else (0)\n"
	"      --json            print one JSON object instead of tables\n"
	"  -h, --help            print this help\n"
	"      --version         print the version\n"
	"\n"
	"Exit: 0 measured, and what was checked is right; 1 failure; 2 wrong usage;\n"
	"4 what was measured did not do what it should.\n";

static const struct command_line command_line = { "dotscan-bench", help_text, "c:h", long_options };

/* What the command line says about fields of bench.yaml, each as "rate=50kpps". */
struct field_list {
	char **texts;
	size_t count;
	const char *path; /* of a file to begin with, or NULL */
};

static void
field_list_clear(struct field_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->texts[i]);
	free(list->texts);
}

struct reading {
	struct bench_options *options;
	struct field_list fields;
};

static bool
take_option(void *context, const struct option *option, const char *value)
{
	struct reading *reading = context;
	struct field_list *fields = &reading->fields;

	switch (option->val) {
	case FIELD:
		if (asprintf(&fields->texts[fields->count], "%s=%s", option->name, value) < 0)
			return command_line_refuse(&command_line, "out of memory");
		fields->count++;
		return true;
	case 'c':
		fields->path = value;
		return true;
	case 'j':
		reading->options->is_json = true;
		return true;
	default:
		return false;
	}
}

static bool
take_command(struct bench_options *options, int argc, char **argv)
{
	static const char *const keys[] = {
#define X(name, key) #key,
		BENCH_COMMAND_LIST(X)
#undef X
	};

	for (int i = 0; optind == argc - 1 && i < BENCH_COMMAND_COUNT; i++) {
		if (strcmp(argv[optind], keys[i]) == 0) {
			options->command = (enum bench_command)i;
			return true;
		}
	}
	(void)fputs(
		"dotscan-bench: what to measure is missing or unknown; accepted: one of", stderr);
	for (int i = 0; i < BENCH_COMMAND_COUNT; i++)
		(void)fprintf(stderr, "%s %s", i == 0 ? "" : ",", keys[i]);
	(void)fputc('\n', stderr);
	return false;
}

static bool
take_cpu(const char *option, uint16_t cpu, uint16_t *cpu_out)
{
	const long online = sysconf(_SC_NPROCESSORS_ONLN);
	const uint16_t last = (uint16_t)(online > 1 ? online - 1 : 0);

	*cpu_out = cpu != CONFIG_CPU_LAST ? cpu : last;
	return *cpu_out <= last ||
	       command_line_refuse(&command_line,
		       "%s: this machine has no CPU %u; accepted: 0 to %u", option, cpu, last);
}

static bool
take_fields(struct bench_options *options, const struct field_list *fields)
{
	struct bench_config *config = NULL;
	struct fault fault = { { 0 } };

	if (bench_config_load(fields->path, (const char *const *)fields->texts, fields->count,
		    &config, &fault) != 0)
		return command_line_refuse(&command_line, "%s", fault.text);
	options->config = config;
	options->rounds = config->rounds;
	options->round_ns = config->round_ns;
	options->device = config->device;
	options->rate_pps = config->rate_pps;
	options->exclusions = config->exclusions;
	options->bits = config->bits;
	options->shards = config->shards;
	options->connections = config->connections;
	/* The others measure what one worker does. */
	if (options->command == BENCH_TX || options->command == BENCH_SWEEP)
		options->workers = (uint16_t)config->workers;
	else
		options->workers = 1;
	return take_cpu("--cpu", config->cpu, &options->cpu) &&
	       take_cpu("--other-cpu", config->other_cpu, &options->other_cpu);
}

enum command_line_result
bench_options_read(struct bench_options *options, int argc, char **argv)
{
	struct reading reading = { options,
		{ .texts = calloc((size_t)argc, sizeof(*reading.fields.texts)) } };
	enum command_line_result result = COMMAND_LINE_WRONG;

	*options = (struct bench_options){ .config = NULL };
	if (reading.fields.texts == NULL)
		(void)command_line_refuse(&command_line, "out of memory");
	else
		result = command_line_read(&command_line, argc, argv, take_option, &reading);
	if (result == COMMAND_LINE_UNDERSTOOD &&
		!(take_command(options, argc, argv) && take_fields(options, &reading.fields)))
		result = COMMAND_LINE_WRONG;
	field_list_clear(&reading.fields);
	return result;
}

void
bench_options_clear(struct bench_options *options)
{
	bench_config_free(options->config);
}
