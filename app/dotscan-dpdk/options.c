/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "options.h"

enum { OPTION_CHECK = 256, OPTION_PRINT_CONFIG, OPTION_SET, OPTION_SHARD, OPTION_RESUME };

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
	{ "version", no_argument, NULL, COMMAND_LINE_VERSION },
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

static const struct command_line command_line = { "dotscan-dpdk", help_text, "c:qvh",
	long_options };

static bool
add_override(struct options *options, const char *text)
{
	if (options->override_count == OPTIONS_OVERRIDES)
		return command_line_refuse(
			&command_line, "--set: too many; accepted: %d", OPTIONS_OVERRIDES);
	options->overrides[options->override_count++] = text;
	return true;
}

/* I/N is short for two fields, which are checked like all others. */
static bool
add_shard(struct options *options, const char *text)
{
	char index[32];
	char count[32];

	if (sscanf(text, "%31[0-9]/%31[0-9]%1s", index, count, (char[2]){ 0 }) != 2)
		return command_line_refuse(&command_line,
			"--shard %s: not a part of a whole; accepted: I/N such as 0/4, counted from 0",
			text);
	(void)snprintf(options->shard_overrides[0], sizeof(options->shard_overrides[0]),
		"scan.shard.index=%s", index);
	(void)snprintf(options->shard_overrides[1], sizeof(options->shard_overrides[1]),
		"scan.shard.count=%s", count);
	return add_override(options, options->shard_overrides[0]) &&
	       add_override(options, options->shard_overrides[1]);
}

static bool
take_option(void *context, const struct option *option, const char *value)
{
	struct options *options = context;

	switch (option->val) {
	case 'c':
		options->config_path = value;
		return true;
	case OPTION_CHECK:
		options->action = OPTIONS_CHECK;
		return true;
	case OPTION_PRINT_CONFIG:
		options->action = OPTIONS_PRINT_CONFIG;
		return true;
	case OPTION_SET:
		return add_override(options, value);
	case OPTION_SHARD:
		return add_shard(options, value);
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
		return false;
	}
}

enum command_line_result
options_read(struct options *options, int argc, char **argv)
{
	*options = (struct options){ .action = OPTIONS_SCAN };
	const enum command_line_result result =
		command_line_read(&command_line, argc, argv, take_option, options);
	if (result != COMMAND_LINE_UNDERSTOOD)
		return result;
	if (optind < argc) {
		(void)command_line_refuse(&command_line,
			"%s: unexpected argument; accepted: options only, see --help",
			argv[optind]);
		return COMMAND_LINE_WRONG;
	}
	if (options->config_path == NULL) {
		(void)command_line_refuse(
			&command_line, "no configuration; accepted: -c FILE, see --help");
		return COMMAND_LINE_WRONG;
	}
	return COMMAND_LINE_UNDERSTOOD;
}
