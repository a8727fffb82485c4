/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dotscan-trace: the tree from the root to a name, and whether the servers at its end agree. docs/trace.md tells more. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "asn_lookup.h"
#include "base/error.h"
#include "base/random.h"
#include "dns/dns_question.h"
#include "dns/dns_rdata_set.h"
#include "graph_file.h"
#include "network.h"
#include "options.h"
#include "standard_streams.h"
#include "trace/name_tree.h"
#include "trace/root_hints.h"
#include "trace/trace.h"
#include "trace/trace_json.h"
#include "trace/trace_story.h"
#include "trace/truth_file.h"

#define EXIT_OF_OURS  2 /* wrong usage, and whatever else keeps us from asking */
#define HINTS_BYTES   65536
#define PROGRESS_NS   200000000ULL
#define US_PER_SECOND 1000000
#define NS_PER_US     1000

/* One run of the program. */
struct run {
	struct options options;
	struct trace_settings settings;
	struct trace_times times;
	struct truth_file earlier; /* what is in the truth file already */
	struct dns_rdata_set announced;
	MMDB_s asn;
	bool has_asn;
	struct trace *trace;
	struct network *network;
};

static int64_t
calendar_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / NS_PER_US;
}

/* The question: what the scanner's template makes of it, so that both read names alike. */
static int
set_up_question(struct run *run, struct fault *fault)
{
	struct dns_question_template template;
	struct dns_question question;
	uint64_t salt = 0;

	int error =
		dns_question_template_parse(run->options.name, run->options.type, &template, fault);
	if (error == 0)
		error = random_secret(&salt, sizeof(salt));
	if (error != 0)
		return error;
	dns_question_make(&template, salt, 0, &question);
	run->settings.name = question.name;
	run->settings.type = question.type;
	return 0;
}

static int
set_up_hints(struct run *run, struct fault *fault)
{
	const char *path = run->options.hints_path;
	char *text = NULL;
	int error = 0;

	if (path == NULL) {
		root_hints_compiled_in(&run->settings.hints);
		return 0;
	}
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return fault_set(fault, ERROR_FILE, "%s: %s", path, strerror(errno));
	text = malloc(HINTS_BYTES);
	if (text == NULL) {
		error = fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	} else {
		const size_t length = fread(text, 1, HINTS_BYTES - 1, file);
		text[length] = '\0';
		error = ferror(file) != 0
				? fault_set(fault, ERROR_FILE, "%s: %s", path, strerror(errno))
				: root_hints_parse(text, path, &run->settings.hints, fault);
	}
	free(text);
	(void)fclose(file);
	return error;
}

/* Before the walk: a file that cannot be gone on with is told at once. */
static int
set_up_truth(struct run *run, struct fault *fault)
{
	const struct options *options = &run->options;

	if (options->truth_path == NULL)
		return 0;
	const int error = dns_rdata_set_parse(&run->announced, run->settings.type,
		options->announced, options->announced_count, fault);
	if (error != 0)
		return error;
	return truth_file_read_earlier(
		options->truth_path, options->name, options->type, &run->earlier, fault);
}

static int
set_up(struct run *run, struct fault *fault)
{
	const struct options *options = &run->options;

	int error = set_up_question(run, fault);
	if (error == 0)
		error = set_up_hints(run, fault);
	if (error == 0)
		error = set_up_truth(run, fault);
	if (error == 0 && options->asn_path != NULL) {
		error = asn_lookup_open(&run->asn, options->asn_path, fault);
		run->has_asn = error == 0;
	}
	if (error == 0)
		error = random_secret(
			&run->settings.exchange.key, sizeof(run->settings.exchange.key));
	if (error != 0)
		return error;
	run->times.started_ns = network_now_ns();
	run->times.started_us = calendar_us();
	run->settings.exchange.timeout_ns = options->timeout_ns;
	run->settings.exchange.has_ipv4 = !options->only_ipv6 && network_has_family(4);
	run->settings.exchange.has_ipv6 = !options->only_ipv4 && network_has_family(6);
	run->settings.exchange_limit = (uint32_t)options->exchange_limit;
	run->settings.deadline_ns = run->times.started_ns + options->deadline_ns;
	run->settings.asks_special = options->asks_special;
	run->settings.all_levels = options->all_levels;
	run->settings.asn = run->has_asn ? asn_lookup : NULL;
	run->settings.asn_context = &run->asn;
	run->trace = trace_create(&run->settings);
	if (run->trace == NULL)
		return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	run->network = network_create(&run->trace->inquiry, fault);
	return run->network == NULL ? ERROR_MEMORY : 0;
}

/* One line that is written over, on a terminal only. */
static void
show_progress(const struct run *run, uint64_t now_ns, uint64_t *shown_ns)
{
	if (run->options.is_quiet || isatty(STDERR_FILENO) == 0 || now_ns - *shown_ns < PROGRESS_NS)
		return;
	const struct inquiry_sums sums = inquiry_sum(&run->trace->inquiry);
	(void)fprintf(stderr, "\r\033[K%.1f s: %u queries sent, waiting for %u replies",
		(double)(now_ns - run->times.started_ns) / 1e9, sums.queries, sums.pending);
	*shown_ns = now_ns;
}

static void
end_progress(const struct run *run, uint64_t shown_ns)
{
	if (shown_ns != run->times.started_ns)
		(void)fputs("\r\033[K", stderr);
}

static int
walk(struct run *run, struct fault *fault)
{
	uint64_t shown_ns = run->times.started_ns;
	bool is_done = false;
	int error = 0;

	for (;;) {
		const uint64_t now_ns = network_now_ns();
		uint64_t next_ns = now_ns;

		error = trace_advance(run->trace, now_ns, &is_done, &next_ns);
		if (error != 0 || is_done)
			break;
		show_progress(run, now_ns, &shown_ns);
		error = network_send(run->network);
		if (error == 0)
			error = network_wait(run->network, next_ns);
		if (error != 0)
			break;
	}
	end_progress(run, shown_ns);
	run->times.finished_us = calendar_us();
	return error == 0 ? 0 : fault_set(fault, error, "%s", error_text(error));
}

static int
print_json(const struct run *run, struct fault *fault)
{
	json_t *json = trace_json_make(run->trace, run->options.name, &run->times);
	int error = 0;

	if (json == NULL)
		return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	if (json_dumpf(json, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF)
		error = fault_set(fault, ERROR_FILE, "standard output: %s", strerror(errno));
	json_decref(json);
	return error;
}

static int
write_truth(const struct run *run, struct fault *fault)
{
	const struct truth_contents contents = {
		.trace = run->trace,
		.shown_as = run->options.name,
		.times = &run->times,
		.announced = &run->announced,
		.earlier = &run->earlier,
	};

	return truth_file_write(run->options.truth_path, &contents, fault);
}

/* The story goes out first, so that a graph that fails costs nothing else. */
static int
tell(const struct run *run, struct fault *fault)
{
	int error = 0;

	if (run->options.is_json)
		error = print_json(run, fault);
	else
		trace_story_print(run->trace, run->options.name, stdout);
	if (error == 0)
		error = standard_streams_flush(fault);
	if (error == 0 && run->options.truth_path != NULL)
		error = write_truth(run, fault);
	if (error == 0 && run->options.graph_path != NULL)
		error = graph_file_write(run->trace, run->options.graph_path, fault);
	return error;
}

int
main(int argc, char **argv)
{
	struct run *run = calloc(1, sizeof(*run));
	struct fault fault = { .text = "" };
	int code = EXIT_OF_OURS;
	enum command_line_result said;

	if (run == NULL) {
		(void)fputs("dotscan-trace: out of memory\n", stderr);
		return EXIT_OF_OURS;
	}
	standard_streams_hold();
	said = options_read(&run->options, argc, argv);
	if (said == COMMAND_LINE_DONE) {
		code = 0;
	} else if (said == COMMAND_LINE_UNDERSTOOD) {
		if (set_up(run, &fault) == 0 && walk(run, &fault) == 0 && tell(run, &fault) == 0)
			code = trace_verdict_exit_code(run->trace->verdict);
		else
			(void)fprintf(stderr, "dotscan-trace: %s\n", fault.text);
	}
	network_destroy(run->network);
	trace_destroy(run->trace);
	truth_file_clear(&run->earlier);
	dns_rdata_set_clear(&run->announced);
	if (run->has_asn)
		MMDB_close(&run->asn);
	free(run);
	return code;
}
