/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"
#include "base/number.h"
#include "trace/inquiry.h"

#define MS 1000000ULL

enum {
	OPTION_ALL_LEVELS = 256,
	OPTION_ALLOW_RESERVED,
	OPTION_ANNOUNCE,
	OPTION_ASN_DB,
	OPTION_DEADLINE,
	OPTION_GRAPH,
	OPTION_HINTS,
	OPTION_JSON,
	OPTION_LIMIT,
	OPTION_TIMEOUT,
	OPTION_TRUTH
};

static const struct option long_options[] = {
	{ "all-levels", no_argument, NULL, OPTION_ALL_LEVELS },
	{ "allow-reserved", no_argument, NULL, OPTION_ALLOW_RESERVED },
	{ "announce", required_argument, NULL, OPTION_ANNOUNCE },
	{ "asn-db", required_argument, NULL, OPTION_ASN_DB },
	{ "deadline", required_argument, NULL, OPTION_DEADLINE },
	{ "graph", required_argument, NULL, OPTION_GRAPH },
	{ "help", no_argument, NULL, 'h' },
	{ "hints", required_argument, NULL, OPTION_HINTS },
	{ "ipv4", no_argument, NULL, '4' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "quiet", no_argument, NULL, 'q' },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "truth", required_argument, NULL, OPTION_TRUTH },
	{ "version", no_argument, NULL, COMMAND_LINE_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"Usage: dotscan-trace [OPTION]... NAME [TYPE]\n"
	"Walk the DNS tree from the root to NAME without recursion, ask all servers of its\n"
	"zone, and say whether they agree. TYPE is A if not given; {label} in NAME becomes\n"
	"a random label.\n"
	"\n"
	"      --all-levels      compare the servers of every zone on the way\n"
	"      --truth FILE      write the answers for verify.truth of a scan; those of\n"
	"                        earlier runs stay in the file\n"
	"      --announce DATA   with --truth: a record of the answer that the zone will\n"
	"                        give after a change; once for each record\n"
	"      --json            print one JSON object in place of the story\n"
	"      --graph FILE.svg  draw the walk and the servers, by graphviz\n"
	"      --hints FILE      begin at these root servers (named.root)\n"
	"      --asn-db FILE     MaxMind DB, to see servers in one autonomous system\n"
	"      --allow-reserved  ask servers at private and reserved addresses too\n"
	"  -4, --ipv4            ask IPv4 addresses only\n"
	"  -6, --ipv6            ask IPv6 addresses only\n"
	"      --timeout TIME    of the first of three attempts over UDP (default 700ms)\n"
	"      --deadline TIME   of the whole run (default 60s)\n"
	"      --limit N         questions asked at most (default 2000)\n"
	"  -q, --quiet           no progress\n"
	"  -h, --help            print this help\n"
	"      --version         print the version\n"
	"\n"
	"Exit: 0 the servers that answer agree; 1 answers, NS sets or serials differ, or a\n"
	"server is lame; 2 wrong usage, or a failure of ours; 3 no server with authority\n"
	"could be asked.\n";

static const struct command_line command_line = { "dotscan-trace", help_text, "46qh",
	long_options };

static bool
take_time(const char *option, const char *value, uint64_t minimum_ns, uint64_t maximum_ns,
	const char *accepted, uint64_t *time_out)
{
	uint64_t parsed = 0;

	if (!duration_parse(value, &parsed) || parsed < minimum_ns || parsed > maximum_ns)
		return command_line_refuse_value(&command_line, option, value, accepted);
	*time_out = parsed;
	return true;
}

static bool
take_announced(struct options *options, const char *value)
{
	if (options->announced_count == OPTIONS_ANNOUNCED_MAX)
		return command_line_refuse_value(
			&command_line, "announce", value, "at most 64 records");
	options->announced[options->announced_count++] = value;
	return true;
}

static bool
take_option(void *context, const struct option *option, const char *value)
{
	struct options *options = context;

	switch (option->val) {
	case OPTION_ALL_LEVELS:
		options->all_levels = true;
		return true;
	case OPTION_ALLOW_RESERVED:
		options->asks_special = true;
		return true;
	case OPTION_ANNOUNCE:
		return take_announced(options, value);
	case OPTION_ASN_DB:
		options->asn_path = value;
		return true;
	case OPTION_DEADLINE:
		return take_time("deadline", value, 100 * MS, 3600 * 1000 * MS, "100ms to 1h",
			&options->deadline_ns);
	case OPTION_GRAPH:
		options->graph_path = value;
		return true;
	case OPTION_HINTS:
		options->hints_path = value;
		return true;
	case OPTION_JSON:
		options->is_json = true;
		return true;
	case OPTION_LIMIT:
		return command_line_number(&command_line, "limit", value, 1, INQUIRY_EXCHANGES_MAX,
			&options->exchange_limit);
	case OPTION_TIMEOUT:
		return take_time("timeout", value, 10 * MS, 60 * 1000 * MS, "10ms to 60s",
			&options->timeout_ns);
	case OPTION_TRUTH:
		options->truth_path = value;
		return true;
	case '4':
		options->only_ipv4 = true;
		return true;
	case '6':
		options->only_ipv6 = true;
		return true;
	case 'q':
		options->is_quiet = true;
		return true;
	default:
		return false;
	}
}

static bool
take_arguments(struct options *options, int argc, char **argv)
{
	if (optind == argc || argc - optind > 2)
		return command_line_refuse(&command_line, "%s; accepted: NAME [TYPE]",
			optind == argc ? "no name" : "too many arguments");
	options->name = argv[optind];
	if (argc - optind == 2)
		options->type = argv[optind + 1];
	if (options->announced_count > 0 && options->truth_path == NULL)
		return command_line_refuse(&command_line,
			"--announce says what to write into a truth file; accepted: with --truth FILE");
	if (options->only_ipv4 && options->only_ipv6)
		return command_line_refuse(&command_line, "-4 excludes -6; accepted: one of them");
	return true;
}

enum command_line_result
options_read(struct options *options, int argc, char **argv)
{
	*options = (struct options){
		.type = "A", .timeout_ns = 700 * MS, .deadline_ns = 60 * 1000 * MS
	};
	const enum command_line_result result =
		command_line_read(&command_line, argc, argv, take_option, options);
	if (result == COMMAND_LINE_UNDERSTOOD && !take_arguments(options, argc, argv))
		return COMMAND_LINE_WRONG;
	return result;
}
