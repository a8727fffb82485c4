/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#define MOST_GRAPHS    100000
#define MOST_LOOKUPS   1000000
#define MOST_IN_FLIGHT 20000

enum {
	OPTION_COUNTRY_DB = 256,
	OPTION_ASN_DB,
	OPTION_REGISTERED,
	OPTION_RESOLVER,
	OPTION_LOOKUP_RATE,
	OPTION_LOOKUPS,
	OPTION_BASELINE,
	OPTION_GRAPHS,
	OPTION_AGAIN
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "country-db", required_argument, NULL, OPTION_COUNTRY_DB },
	{ "asn-db", required_argument, NULL, OPTION_ASN_DB },
	{ "registered-country", no_argument, NULL, OPTION_REGISTERED },
	{ "resolver", required_argument, NULL, OPTION_RESOLVER },
	{ "lookup-rate", required_argument, NULL, OPTION_LOOKUP_RATE },
	{ "lookups", required_argument, NULL, OPTION_LOOKUPS },
	{ "baseline", required_argument, NULL, OPTION_BASELINE },
	{ "graphs", required_argument, NULL, OPTION_GRAPHS },
	{ "again", no_argument, NULL, OPTION_AGAIN },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, COMMAND_LINE_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"Usage: dotscan-survey RECORDS... -o DIRECTORY [OPTION]...\n"
	"Turn the records of a scan into findings: tables, key clusters, graphs and a report.\n"
	"\n"
	"  -o, --output DIR          where the findings go; made where it is not there\n"
	"      --country-db FILE     MaxMind DB with countries\n"
	"      --asn-db FILE         MaxMind DB with networks\n"
	"      --registered-country  count where an address is registered, not where it is\n"
	"      --resolver ADDR       look names up there, such as 127.0.0.1:5335\n"
	"      --lookup-rate N       questions a second at most; default 10000\n"
	"      --lookups N           questions at once at most; default 2000\n"
	"      --baseline FILE       an earlier scan to compare with: records, or the 2019 table\n"
	"      --graphs N            draw the N largest clusters; default 500\n"
	"      --again               do finished stages and lookups again\n"
	"  -q, --quiet               no progress\n"
	"  -h, --help                print this help\n"
	"      --version             print the version\n"
	"\n"
	"Exit: 0 done; 1 failure; 2 wrong usage or input; 3 interrupted, the same command goes on.\n";

static const struct command_line command_line = { "dotscan-survey", help_text, "o:qh",
	long_options };

static bool
take_option(void *context, const struct option *option, const char *value)
{
	struct options *options = context;

	switch (option->val) {
	case 'o':
		options->output = value;
		return true;
	case OPTION_COUNTRY_DB:
		options->country_db = value;
		return true;
	case OPTION_ASN_DB:
		options->asn_db = value;
		return true;
	case OPTION_REGISTERED:
		options->is_registered = true;
		return true;
	case OPTION_RESOLVER:
		options->resolver = value;
		return true;
	case OPTION_LOOKUP_RATE:
		return command_line_number(&command_line, "lookup-rate", value, 1, MOST_LOOKUPS,
			&options->lookup_rate);
	case OPTION_LOOKUPS:
		return command_line_number(&command_line, "lookups", value, 1, MOST_IN_FLIGHT,
			&options->lookups_in_flight);
	case OPTION_BASELINE:
		options->baseline = value;
		return true;
	case OPTION_GRAPHS:
		return command_line_number(
			&command_line, "graphs", value, 0, MOST_GRAPHS, &options->graphs);
	case OPTION_AGAIN:
		options->is_again = true;
		return true;
	case 'q':
		options->is_quiet = true;
		return true;
	default:
		return false;
	}
}

enum command_line_result
options_read(struct options *options, int argc, char **argv)
{
	*options =
		(struct options){ .lookup_rate = 10000, .lookups_in_flight = 2000, .graphs = 500 };
	const enum command_line_result result =
		command_line_read(&command_line, argc, argv, take_option, options);
	if (result != COMMAND_LINE_UNDERSTOOD)
		return result;
	options->records = argv + optind;
	options->record_count = (size_t)(argc - optind);
	if (options->record_count > 0 && options->output != NULL && options->output[0] != '\0')
		return COMMAND_LINE_UNDERSTOOD;
	(void)command_line_refuse(&command_line,
		"no %s; accepted: RECORDS... -o DIRECTORY, see --help",
		options->record_count == 0 ? "records" : "output directory");
	return COMMAND_LINE_WRONG;
}
