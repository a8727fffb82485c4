/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "record/dns_rcode.h"
#include "trace/answer_variants.h"
#include "trace/reply_text.h"
#include "trace/trace.h"
#include "trace/trace_story.h"

#define SECTION_LINES 16 /* of a section; the root's 13 servers fit */

static const char *
name_text(const struct dns_name *name, char *text)
{
	dns_name_format(name, text);
	return text;
}

static double
milliseconds(const struct exchange *exchange)
{
	return (double)exchange->duration_ns / 1e6;
}

static void
print_section(
	const struct dns_walk *walk, enum dns_section section, const char *title, FILE *stream)
{
	size_t lines = 0;

	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };
		char text[DNS_NAME_TEXT_BYTES];
		char type[ANSWER_TYPE_BYTES];

		if (record->section != section || record->type == DNS_TYPE_OPT)
			continue;
		if (lines == 0)
			(void)fprintf(stream, "     %s:\n", title);
		if (lines++ >= SECTION_LINES)
			continue;
		dns_walk_owner(walk, record, &owner);
		dns_name_fold(&owner); /* its case is that of our question, which is random */
		char *data = reply_text_data(walk, record);
		(void)fprintf(stream, "       %s %u IN %s %s\n", name_text(&owner, text),
			record->ttl, answer_type_name(record->type, type),
			data == NULL ? "?" : data);
		free(data);
	}
	if (lines > SECTION_LINES)
		(void)fprintf(stream, "       ... and %zu more\n", lines - SECTION_LINES);
}

static void
print_reply(const struct exchange *exchange, FILE *stream)
{
	const struct dns_walk *walk = exchange->walk;
	char rcode[DNS_RCODE_SIZE];
	char flags[REPLY_TEXT_FLAGS_BYTES];

	(void)fprintf(stream,
		"     status: %s, flags: %s; ANSWER: %zu, AUTHORITY: %zu, ADDITIONAL: %zu%s%s; %.1f ms\n",
		dns_rcode_format(walk->rcode, rcode), reply_text_flags(walk, flags),
		reply_text_count(walk, DNS_SECTION_ANSWER),
		reply_text_count(walk, DNS_SECTION_AUTHORITY),
		reply_text_count(walk, DNS_SECTION_ADDITIONAL),
		exchange->was_truncated ? ", over TCP since it was cut off" : "",
		exchange->edns_failed ? ", without EDNS" : "", milliseconds(exchange));
	print_section(walk, DNS_SECTION_ANSWER, "answer", stream);
	print_section(walk, DNS_SECTION_AUTHORITY, "authority", stream);
	print_section(walk, DNS_SECTION_ADDITIONAL, "additional", stream);
}

/* What follows from the reply, in words. */
static void
print_meaning(const struct resolver_step *step, FILE *stream)
{
	const struct dns_walk *walk = step->exchange->walk;
	const struct dns_record *ns =
		reply_class_find(walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_NS);
	const struct dns_record *soa =
		reply_class_find(walk, DNS_SECTION_AUTHORITY, NULL, DNS_TYPE_SOA);
	struct dns_name owner = { .length = 0 };
	char text[DNS_NAME_TEXT_BYTES];

	(void)fprintf(stream, "     => %s", reply_class_text(step->class));
	if ((step->class == REPLY_REFERRAL || step->class == REPLY_AA_REFERRAL) && ns != NULL) {
		dns_walk_owner(walk, ns, &owner);
		(void)fprintf(stream, ": %s", name_text(&owner, text));
	} else if (step->class == REPLY_NO_DATA && soa != NULL) {
		dns_walk_owner(walk, soa, &owner);
		(void)fprintf(stream, "; it is of the zone %s", name_text(&owner, text));
	}
	(void)fputc('\n', stream);
}

static void
print_step(const struct resolver_step *step, unsigned int number, FILE *stream)
{
	const struct exchange *exchange = step->exchange;
	char name[DNS_NAME_TEXT_BYTES];
	char zone[DNS_NAME_TEXT_BYTES];
	char asked[DNS_NAME_TEXT_BYTES];
	char type[ANSWER_TYPE_BYTES];
	char address[TRACE_ADDRESS_TEXT_BYTES];

	(void)fprintf(stream, "%2u.  asked %s (%s), a server of %s, for %s %s%s\n", number,
		name_text(&step->server, name), trace_address_format(&step->address, address),
		name_text(&step->cut->zone, zone), name_text(&exchange->name, asked),
		answer_type_name(exchange->type, type),
		exchange->transport == EXCHANGE_TCP ? " over TCP" : "");
	if (exchange->ignored > 0)
		(void)fprintf(stream, "     %u replies that did not fit were ignored\n",
			exchange->ignored);
	if (exchange->walk == NULL) {
		(void)fprintf(stream, "     => %s%s%s\n", exchange_status_text(exchange->status),
			exchange->broken_reason == NULL ? "" : ": ",
			exchange->broken_reason == NULL ? "" : exchange->broken_reason);
		return;
	}
	print_reply(exchange, stream);
	print_meaning(step, stream);
}

static unsigned int
print_steps(const struct resolution *resolution, unsigned int number, FILE *stream)
{
	for (size_t i = 0; i < resolution->step_count; i++)
		print_step(&resolution->steps[i], ++number, stream);
	if (!resolution->is_pending && resolution->failure != RESOLUTION_NONE)
		(void)fprintf(stream, "     => %s\n", resolution_failure_text(resolution->failure));
	return number;
}

/* One word for what a transport brought. */
static const char *
transport_word(const struct probe *probe, enum exchange_transport transport)
{
	const char *word = "-";

	for (int question = COMPARISON_QUESTIONS - 1; question >= 0; question--) {
		const struct exchange *exchange = probe->exchanges[transport][question];
		if (exchange == NULL)
			continue;
		if (exchange->status == EXCHANGE_REPLIED)
			return "ok";
		word = exchange_status_name(exchange->status);
	}
	return word;
}

static void
print_probe(const struct comparison *comparison, const struct answer_variants *variants,
	size_t index, FILE *stream)
{
	const struct probe *probe = &comparison->probes[index];
	const struct answer_variant *variant = answer_variants_of(variants, index, EXCHANGE_UDP);
	enum reply_class class = REPLY_EMPTY;
	char name[DNS_NAME_TEXT_BYTES];
	char address[TRACE_ADDRESS_TEXT_BYTES];
	char answer[512] = "";
	char serial_text[16] = "-";
	uint32_t serial = 0;

	if (variant == NULL)
		variant = answer_variants_of(variants, index, EXCHANGE_TCP);
	const struct exchange *soa = comparison_reply(comparison, probe, COMPARISON_SOA, &class);
	if (variant != NULL)
		answer_variant_describe(variant, answer, sizeof(answer));
	else if (soa != NULL && class != REPLY_ANSWER)
		(void)snprintf(answer, sizeof(answer), "%s", reply_class_text(class));
	if (agreement_serial(comparison, probe, &serial))
		(void)snprintf(serial_text, sizeof(serial_text), "%u", serial);
	(void)fprintf(stream, "     %-28s %-24s %-10s %-10s %-11s %s\n",
		name_text(&comparison->cut.servers[probe->server].name, name),
		trace_address_format(&probe->address, address), transport_word(probe, EXCHANGE_UDP),
		transport_word(probe, EXCHANGE_TCP), serial_text, answer);
}

static void
print_comparison(const struct comparison *comparison, FILE *stream)
{
	struct answer_variants *variants = malloc(sizeof(*variants));
	char text[DNS_NAME_TEXT_BYTES];
	char name[DNS_NAME_TEXT_BYTES];

	if (variants == NULL)
		return;
	(void)fprintf(stream, "\nThe servers of %s\n     %-28s %-24s %-10s %-10s %-11s %s\n",
		name_text(&comparison->cut.zone, text), "server", "address", "UDP", "TCP", "serial",
		comparison->has_name ? name_text(&comparison->name, name) : "NS");
	if (answer_variants_make(comparison, comparison->has_name ? COMPARISON_NAME : COMPARISON_NS,
		    variants) == 0) {
		for (size_t i = 0; i < comparison->probe_count; i++)
			print_probe(comparison, variants, i, stream);
	}
	answer_variants_clear(variants);
	free(variants);
}

static void
print_finding(const struct finding *finding, FILE *stream)
{
	char server[DNS_NAME_TEXT_BYTES];
	char zone[DNS_NAME_TEXT_BYTES];
	char address[TRACE_ADDRESS_TEXT_BYTES] = "";

	if (finding->has_address)
		(void)trace_address_format(&finding->address, address);
	(void)fprintf(stream, "     %-8s %-22s %s%s%s%s %s%s%s%s  [%s, zone %s]\n",
		finding_severity_name(finding_severity(finding->kind)), finding_key(finding->kind),
		name_text(&finding->server, server), address[0] == '\0' ? "" : " (", address,
		address[0] == '\0' ? "" : ")", finding_text(finding->kind),
		finding->detail[0] == '\0' ? "" : " (", finding->detail,
		finding->detail[0] == '\0' ? "" : ")", finding_zonemaster(finding->kind),
		name_text(&finding->zone, zone));
}

void
trace_story_print(const struct trace *trace, const char *shown_as, FILE *stream)
{
	const struct inquiry_sums sums = inquiry_sum(&trace->inquiry);
	char type[ANSWER_TYPE_BYTES];

	(void)fprintf(stream, "The walk from the root to %s %s\n", shown_as,
		answer_type_name(trace->settings.type, type));
	unsigned int number = print_steps(&trace->resolver.priming, 0, stream);
	number = print_steps(&trace->resolution, number, stream);
	if (trace->has_own_address) {
		(void)fprintf(
			stream, "     %s has no zone of its own; its address instead:\n", shown_as);
		(void)print_steps(&trace->own_address, number, stream);
	}
	for (size_t i = 0; i < trace->comparison_count; i++)
		print_comparison(trace->comparisons[i], stream);
	if (trace->findings.count > 0)
		(void)fputs("\nFindings\n", stream);
	for (size_t i = 0; i < trace->findings.count; i++)
		print_finding(&trace->findings.findings[i], stream);
	(void)fprintf(stream, "\n%s: %s (%u queries", trace_verdict_name(trace->verdict),
		trace_verdict_text(trace->verdict), sums.queries);
	if (sums.ignored > 0)
		(void)fprintf(stream, ", %u replies ignored that did not fit", sums.ignored);
	(void)fputs(")\n", stream);
}
