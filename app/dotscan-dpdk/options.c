/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "dotscan_version.h"
#include "options.h"

enum {
	OPTION_CHECK = 256,
	OPTION_PRINT_CONFIG,
	OPTION_SET,
	OPTION_SHARD,
	OPTION_RESUME,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "print-config", no_argument, NULL, OPTION_PRINT_CONFIG },
	{ "set", required_argument, NULL, OPTION_SET },
	{ "shard", required_argument, NULL, OPTION_SHARD },
	{ "resume", no_argument, NULL, OPTION_RESUME },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"Usage: dotscan-dpdk -c FILE [OPTION]...\n"
	"Find and judge every DNS-over-TLS resolver among the targets, in one pass.\n"
	"\n"
	"  -c, --config FILE    the scan, in YAML; see dotscan-dpdk(1) and docs/configuration.md\n"
	"      --check          check the configuration, print the plan and send nothing\n"
	"      --print-config   print the effective configuration as YAML\n"
	"      --set KEY=VALUE  override one field, such as scan.rate=50kpps; repeatable\n"
	"      --shard I/N      scan the part I of N, counted from 0\n"
	"      --resume         go on with the scan that is in output.directory\n"
	"  -q, --quiet          no status line and no closing table\n"
	"  -v, --verbose        say also what DPDK says, and all counters at the end\n"
	"  -h, --help           print this help\n"
	"      --version        print the version\n"
	"\n"
	"Exit: 0 finished, the books balance; 1 failure while running; 2 wrong usage or\n"
	"configuration; 3 interrupted, --resume goes on; 4 finished, but something was lost.\n";

static bool
add_override(struct options *options, const char *text)
{
	if (options->override_count == OPTIONS_OVERRIDES) {
		(void)fprintf(
			stderr, "dotscan-dpdk: --set: too many; accepted: %d\n", OPTIONS_OVERRIDES);
		return false;
	}
	options->overrides[options->override_count++] = text;
	return true;
}

/* I/N is short for two fields, which are checked like all others. */
static bool
add_shard(struct options *options, const char *text)
{
	char index[32];
	char count[32];

	if (sscanf(text, "%31[0-9]/%31[0-9]%1s", index, count, (char[2]){ 0 }) != 2) {
		(void)fprintf(stderr,
			"dotscan-dpdk: --shard %s: not a part of a whole; accepted: I/N such as 0/4, counted from 0\n",
			text);
		return false;
	}
	(void)snprintf(options->shard_overrides[0], sizeof(options->shard_overrides[0]),
		"scan.shard.index=%s", index);
	(void)snprintf(options->shard_overrides[1], sizeof(options->shard_overrides[1]),
		"scan.shard.count=%s", count);
	return add_override(options, options->shard_overrides[0]) &&
	       add_override(options, options->shard_overrides[1]);
}

static bool
take_option(struct options *options, int option)
{
	switch (option) {
	case 'c':
		options->config_path = optarg;
		return true;
	case OPTION_CHECK:
		options->action = OPTIONS_CHECK;
		return true;
	case OPTION_PRINT_CONFIG:
		options->action = OPTIONS_PRINT_CONFIG;
		return true;
	case OPTION_SET:
		return add_override(options, optarg);
	case OPTION_SHARD:
		return add_shard(options, optarg);
	case OPTION_RESUME:
		options->is_resumed = true;
		return true;
	case 'q':
		options->is_quiet = true;
		return true;
	case 'v':
		options->is_verbose = true;
		return true;
	default:
		(void)fputs("Try 'dotscan-dpdk --help'.\n", stderr);
		return false;
	}
}

void
options_read(struct options *options, int argc, char **argv)
{
	*options = (struct options){ .action = OPTIONS_SCAN };
	for (int option; (option = getopt_long(argc, argv, "c:qvh", long_options, NULL)) != -1;) {
		if (option == 'h' || option == OPTION_VERSION) {
			(void)fputs(
				option == 'h' ? help_text : "dotscan-dpdk " DOTSCAN_VERSION "\n",
				stdout);
			options->action = OPTIONS_DONE;
			return;
		}
		if (!take_option(options, option)) {
			options->action = OPTIONS_WRONG;
			return;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr,
			"dotscan-dpdk: %s: unexpected argument; accepted: options only, see --help\n",
			argv[optind]);
		options->action = OPTIONS_WRONG;
	} else if (options->config_path == NULL) {
		(void)fputs(
			"dotscan-dpdk: no configuration; accepted: -c FILE, see --help\n", stderr);
		options->action = OPTIONS_WRONG;
	}
}
