/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "trace/trace.h"

struct trace *
trace_create(const struct trace_settings *settings)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (trace == NULL)
		return NULL;
	trace->settings = *settings;
	if (inquiry_init(&trace->inquiry, &settings->exchange, settings->exchange_limit) != 0) {
		free(trace);
		return NULL;
	}
	return trace;
}

static void
forget(struct trace *trace)
{
	for (size_t i = 0; i < trace->comparison_count; i++)
		free(trace->comparisons[i]);
	trace->comparison_count = 0;
	trace->has_own_address = false;
	resolver_clear(&trace->resolver);
}

void
trace_destroy(struct trace *trace)
{
	if (trace == NULL)
		return;
	forget(trace);
	finding_list_clear(&trace->findings);
	inquiry_clear(&trace->inquiry);
	free(trace);
}

/* Returns whether that comparison is complete. */
static bool
compare(struct trace *trace, const struct zone_cut *cut, const struct dns_name *name)
{
	if (trace->comparison_count == TRACE_COMPARISONS_MAX)
		return true;
	struct comparison *comparison = malloc(sizeof(*comparison));
	if (comparison == NULL) {
		trace->resolver.out_of_memory = true;
		return true;
	}
	trace->comparisons[trace->comparison_count++] = comparison;
	comparison_make(&trace->resolver, cut, name, trace->settings.type, comparison);
	return !comparison->is_pending;
}

static bool
is_an_end(const struct trace *trace, const struct zone_cut *cut)
{
	for (size_t i = 0; i < trace->resolution.end_count; i++) {
		if (trace->resolution.ends[i].cut == cut)
			return true;
	}
	return false;
}

static bool
compare_all(struct trace *trace)
{
	const struct resolution *resolution = &trace->resolution;
	const struct zone_cut *last = NULL;
	bool is_complete = true;

	for (size_t i = 0; trace->settings.all_levels && i < resolution->step_count; i++) {
		const struct zone_cut *cut = resolution->steps[i].cut;
		if (cut != last && !is_an_end(trace, cut))
			is_complete &= compare(trace, cut, NULL);
		last = cut;
	}
	for (size_t i = 0; i < resolution->end_count; i++)
		is_complete &= compare(trace, resolution->ends[i].cut, &resolution->ends[i].name);
	return is_complete;
}

/* NS was asked for at a name that has no zone: what one would want to know next is its address. */
static bool
look_for_address(struct trace *trace)
{
	const struct resolution *resolution = &trace->resolution;

	if (trace->settings.type != DNS_TYPE_NS || resolution->class != REPLY_NO_DATA ||
		resolution->end_count != 1)
		return true;
	trace->has_own_address = true;
	resolver_walk(&trace->resolver, &trace->settings.name, DNS_TYPE_A, &trace->own_address);
	return !trace->own_address.is_pending;
}

/* Returns whether nothing is lacking. */
static bool
evaluate(struct trace *trace)
{
	forget(trace);
	resolver_init(&trace->resolver, &trace->inquiry, &trace->settings.hints,
		trace->settings.asks_special);
	if (!resolver_prime(&trace->resolver))
		return false;
	resolver_walk(
		&trace->resolver, &trace->settings.name, trace->settings.type, &trace->resolution);
	if (trace->resolution.is_pending)
		return false;
	/* Both may ask at the same time. */
	const bool has_address = look_for_address(trace);
	return compare_all(trace) && has_address;
}

const struct comparison *
trace_last_comparison(const struct trace *trace)
{
	return trace->comparison_count == 0 ? NULL
					    : trace->comparisons[trace->comparison_count - 1];
}

static void
judge_walk(struct trace *trace)
{
	const struct resolution *resolution = &trace->resolution;
	const struct zone_cut *cut = resolution->end_count == 0
					     ? &trace->settings.hints
					     : resolution->ends[resolution->end_count - 1].cut;
	enum finding_kind kind = FINDING_WALK_ENDED;

	if (resolution->failure == RESOLUTION_NONE || cut->server_count == 0)
		return;
	if (resolution->failure == RESOLUTION_ALIAS_LOOP)
		kind = FINDING_ALIAS_LOOP;
	else if (resolution->failure == RESOLUTION_ALIAS_CHAIN ||
		 resolution->failure == RESOLUTION_ALIAS_TOO_LONG)
		kind = FINDING_ALIAS_CHAIN;
	const struct dns_name *server = &cut->servers[0].name;
	if (resolution->step_count > 0)
		server = &resolution->steps[resolution->step_count - 1].server;
	finding_add(&trace->findings, kind, &cut->zone, server, NULL, "%s",
		resolution_failure_text(resolution->failure));
}

static bool
has_authority(const struct comparison *comparison)
{
	for (size_t i = 0; comparison != NULL && i < comparison->probe_count; i++) {
		if (comparison_is_authoritative(comparison, &comparison->probes[i]))
			return true;
	}
	return false;
}

bool
trace_is_lame(const struct trace *trace)
{
	const struct comparison *comparison = trace_last_comparison(trace);

	for (size_t i = 0; comparison != NULL && i < trace->findings.count; i++) {
		const struct finding *finding = &trace->findings.findings[i];
		if (finding_is_lame(finding->kind) &&
			dns_name_equal(&finding->zone, &comparison->cut.zone))
			return true;
	}
	return false;
}

static enum trace_verdict
verdict_of(const struct trace *trace)
{
	enum trace_verdict verdict = TRACE_AGREED;

	for (size_t i = 0; i < trace->findings.count; i++) {
		if (finding_is_disagreement(trace->findings.findings[i].kind))
			verdict = TRACE_DIFFERS;
	}
	/* Servers that are lame have answered; from those that did not, nothing can be known. */
	if (!has_authority(trace_last_comparison(trace)) && !trace_is_lame(trace))
		verdict = TRACE_NO_AUTHORITY;
	return verdict;
}

static int
judge(struct trace *trace)
{
	int error = 0;

	judge_walk(trace);
	for (size_t i = 0; i < trace->comparison_count && error == 0; i++)
		error = agreement_judge(trace->comparisons[i], trace->settings.asn,
			trace->settings.asn_context, &trace->findings);
	trace->verdict = verdict_of(trace);
	trace->is_done = true;
	return error;
}

int
trace_advance(struct trace *trace, uint64_t now_ns, bool *is_done_out, uint64_t *next_ns_out)
{
	struct inquiry *inquiry = &trace->inquiry;
	uint64_t next_ns = inquiry_advance(inquiry, now_ns);
	int error = 0;

	if (now_ns >= trace->settings.deadline_ns)
		inquiry_close(inquiry);
	while (!trace->is_done && error == 0) {
		const uint64_t sequence = inquiry->sequence;
		const bool is_complete = evaluate(trace);

		if (inquiry->out_of_memory || trace->resolver.out_of_memory)
			return ERROR_MEMORY;
		if (is_complete) {
			error = judge(trace);
			break;
		}
		next_ns = inquiry_advance(inquiry, now_ns);
		if (inquiry->sequence == sequence) {
			/* What waits for nobody would wait forever. */
			if (inquiry_sum(inquiry).pending > 0)
				break;
			if (inquiry->is_closed)
				error = judge(trace);
			inquiry_close(inquiry);
		}
	}
	*is_done_out = trace->is_done;
	*next_ns_out =
		next_ns < trace->settings.deadline_ns ? next_ns : trace->settings.deadline_ns;
	return error;
}

#define VERDICT_ENTRY_NAME(name, key, exit_code, text) [TRACE_##name] = (key),
#define VERDICT_ENTRY_TEXT(name, key, exit_code, text) [TRACE_##name] = (text),
#define VERDICT_ENTRY_EXIT(name, key, exit_code, text) [TRACE_##name] = (exit_code),

const char *
trace_verdict_name(enum trace_verdict verdict)
{
	static const char *const names[] = { TRACE_VERDICT_LIST(VERDICT_ENTRY_NAME) };

	return names[verdict];
}

const char *
trace_verdict_text(enum trace_verdict verdict)
{
	static const char *const texts[] = { TRACE_VERDICT_LIST(VERDICT_ENTRY_TEXT) };

	return texts[verdict];
}

int
trace_verdict_exit_code(enum trace_verdict verdict)
{
	static const int codes[] = { TRACE_VERDICT_LIST(VERDICT_ENTRY_EXIT) };

	return codes[verdict];
}
