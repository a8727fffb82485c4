/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "bench_options.h"

#define ROUNDS_MAXIMUM      1000
#define EXCLUSIONS_MAXIMUM  10000000
#define SHARDS_MAXIMUM      4096
#define CONNECTIONS_MAXIMUM 65536
#define CPU_MAXIMUM         1023

static const struct option long_options[] = {
	{ "rounds", required_argument, NULL, 'r' },
	{ "seconds", required_argument, NULL, 's' },
	{ "device", required_argument, NULL, 'd' },
	{ "rate", required_argument, NULL, 'R' },
	{ "exclusions", required_argument, NULL, 'x' },
	{ "bits", required_argument, NULL, 'b' },
	{ "shards", required_argument, NULL, 'n' },
	{ "connections", required_argument, NULL, 'C' },
	{ "cpu", required_argument, NULL, 'p' },
	{ "other-cpu", required_argument, NULL, 'o' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, COMMAND_LINE_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"Usage: dotscan-bench tx|rx|tls|sweep [OPTION]...\n"
	"Measure how fast this machine scans, stage by stage, with the code that scans.\n"
	"\n"
	"  tx      make and send SYNs on one CPU: permutation, exclusions, cookie, pacing\n"
	"  rx      receive valid SYN-ACKs and junk on one CPU\n"
	"  tls     verify resolvers on one CPU: TCP, TLS, DNS, record\n"
	"  sweep   send to every address, and prove on a second CPU that each got one SYN\n"
	"\n"
	"      --rounds N        how often to measure (5)\n"
	"      --seconds S       how long each round lasts (1)\n"
	"      --device VDEV     where tx sends (net_null0,no-rx=1); others than net_null and\n"
	"                        net_ring see addresses of 198.18.0.0/15 only\n"
	"      --rate RATE       what the pacer of tx allows (1000Mpps)\n"
	"      --exclusions N    how many random networks of the targets are left out (20000)\n"
	"      --bits N          tx, sweep: the targets are 2^N addresses, 8 to 32 (32)\n"
	"      --shards N        sweep: in N parts, one after the other (1)\n"
	"      --connections N   tls: how many are alive at once (256)\n"
	"      --cpu N           the CPU to measure (the last)\n"
	"      --other-cpu N     the CPU of everything else (0)\n"
	"      --json            print one JSON object instead of tables\n"
	"  -h, --help            print this help\n"
	"      --version         print the version\n"
	"\n"
	"Exit: 0 measured, and what was checked is right; 1 failure; 2 wrong usage;\n"
	"4 what was measured did not do what it should.\n";

static const struct command_line command_line = { "dotscan-bench", help_text, "h", long_options };

static bool
refuse(const char *option, const char *value, const char *accepted)
{
	return command_line_refuse_value(&command_line, option, value, accepted);
}

static bool
take_number(const char *option, uint64_t minimum, uint64_t maximum, uint64_t *value_out)
{
	return command_line_number(&command_line, option, optarg, minimum, maximum, value_out);
}

static bool
take_cpu(const char *option, uint16_t *cpu_out)
{
	uint64_t value = 0;

	if (!take_number(option, 0, CPU_MAXIMUM, &value))
		return false;
	*cpu_out = (uint16_t)value;
	return true;
}

static bool
take_seconds(struct bench_options *options)
{
	char text[32];
	const int length = snprintf(text, sizeof(text), "%ss", optarg);

	if (length < (int)sizeof(text) && duration_parse(text, &options->round_ns) &&
		options->round_ns > 0)
		return true;
	return refuse("seconds", optarg, "seconds above 0, such as 0.5");
}

static bool
take_option(void *context, const struct option *option, const char *value)
{
	struct bench_options *options = context;

	switch (option->val) {
	case 'r':
		return take_number("rounds", 1, ROUNDS_MAXIMUM, &options->rounds);
	case 's':
		return take_seconds(options);
	case 'd':
		options->device = value;
		return true;
	case 'R':
		return rate_parse(value, &options->rate_pps) ||
		       refuse("rate", value, "such as 100kpps, 1Gbps or line");
	case 'x':
		return take_number("exclusions", 0, EXCLUSIONS_MAXIMUM, &options->exclusions);
	case 'b':
		return take_number("bits", 8, 32, &options->bits);
	case 'n':
		return take_number("shards", 1, SHARDS_MAXIMUM, &options->shards);
	case 'C':
		return take_number("connections", 1, CONNECTIONS_MAXIMUM, &options->connections);
	case 'p':
		return take_cpu("cpu", &options->cpu);
	case 'o':
		return take_cpu("other-cpu", &options->other_cpu);
	case 'j':
		options->is_json = true;
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
	return command_line_refuse(&command_line,
		"what to measure is missing or unknown; accepted: one of tx, rx, tls, sweep");
}

enum command_line_result
bench_options_read(struct bench_options *options, int argc, char **argv)
{
	const long online = sysconf(_SC_NPROCESSORS_ONLN);

	*options = (struct bench_options){
		.rounds = 5,
		.round_ns = 1000000000,
		.device = "net_null0,no-rx=1",
		.rate_pps = 1000000000,
		.exclusions = 20000,
		.bits = 32,
		.shards = 1,
		.connections = 256,
		.cpu = (uint16_t)(online > 1 ? online - 1 : 0),
	};
	const enum command_line_result result =
		command_line_read(&command_line, argc, argv, take_option, options);
	if (result == COMMAND_LINE_UNDERSTOOD && !take_command(options, argc, argv))
		return COMMAND_LINE_WRONG;
	return result;
}
