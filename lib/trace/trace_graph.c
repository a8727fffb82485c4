/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>

#include "trace/answer_variants.h"
#include "trace/trace.h"
#include "trace/trace_graph.h"

/* Text between quotes: a name may hold any octet, escaped by the presentation format with backslashes and printable characters. */
static void
print_quoted(const char *text, FILE *stream)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)fputc('\\', stream);
		(void)fputc(*text, stream);
	}
}

static void
print_name(const struct dns_name *name, FILE *stream)
{
	char text[DNS_NAME_TEXT_BYTES];

	dns_name_format(name, text);
	print_quoted(text, stream);
}

static void
print_address(const struct trace_address *address, FILE *stream)
{
	char text[TRACE_ADDRESS_TEXT_BYTES];

	(void)fputs(trace_address_format(address, text), stream);
}

static void
print_zone_node(const struct dns_name *zone, FILE *stream)
{
	(void)fputs("\t\"zone ", stream);
	print_name(zone, stream);
	(void)fputs("\" [shape=box, style=filled, fillcolor=lightblue, label=\"", stream);
	print_name(zone, stream);
	(void)fputs("\"];\n", stream);
}

/* From the zone whose server was asked to what it led to. */
static void
print_step(const struct resolver_step *step, const struct dns_name *next, FILE *stream)
{
	const bool is_useful = step->exchange->walk != NULL && reply_class_is_useful(step->class);

	print_zone_node(&step->cut->zone, stream);
	if (!is_useful || next == NULL || dns_name_equal(next, &step->cut->zone))
		return;
	print_zone_node(next, stream);
	(void)fputs("\t\"zone ", stream);
	print_name(&step->cut->zone, stream);
	(void)fputs("\" -> \"zone ", stream);
	print_name(next, stream);
	(void)fputs("\" [label=\"", stream);
	print_name(&step->server, stream);
	(void)fputs("\\n", stream);
	print_address(&step->address, stream);
	(void)fprintf(stream, "\\n%s\"];\n", reply_class_name(step->class));
}

static bool
concerns(const struct finding *finding, const struct comparison *comparison,
	const struct probe *probe)
{
	return dns_name_equal(&finding->zone, &comparison->cut.zone) &&
	       dns_name_equal(&finding->server, &comparison->cut.servers[probe->server].name) &&
	       (!finding->has_address || trace_address_equal(&finding->address, &probe->address));
}

static const char *
colour_of(const struct trace *trace, const struct comparison *comparison, const struct probe *probe)
{
	const char *colour =
		comparison_is_authoritative(comparison, probe) ? "palegreen" : "orange";

	for (size_t i = 0; i < trace->findings.count; i++) {
		const struct finding *finding = &trace->findings.findings[i];
		if (concerns(finding, comparison, probe) && finding_is_disagreement(finding->kind))
			colour = "tomato";
	}
	return colour;
}

static void
print_probe(const struct trace *trace, const struct comparison *comparison,
	const struct probe *probe, FILE *stream)
{
	uint32_t serial = 0;

	(void)fputs("\t\"server ", stream);
	print_name(&comparison->cut.servers[probe->server].name, stream);
	(void)fputc(' ', stream);
	print_address(&probe->address, stream);
	(void)fprintf(stream, "\" [shape=ellipse, style=filled, fillcolor=%s, label=\"",
		colour_of(trace, comparison, probe));
	print_name(&comparison->cut.servers[probe->server].name, stream);
	(void)fputs("\\n", stream);
	print_address(&probe->address, stream);
	if (agreement_serial(comparison, probe, &serial))
		(void)fprintf(stream, "\\nserial %u", serial);
	for (size_t i = 0; i < trace->findings.count; i++) {
		const struct finding *finding = &trace->findings.findings[i];
		if (concerns(finding, comparison, probe))
			(void)fprintf(stream, "\\n%s", finding_key(finding->kind));
	}
	(void)fputs("\"];\n\t\"zone ", stream);
	print_name(&comparison->cut.zone, stream);
	(void)fputs("\" -> \"server ", stream);
	print_name(&comparison->cut.servers[probe->server].name, stream);
	(void)fputc(' ', stream);
	print_address(&probe->address, stream);
	(void)fputs("\" [style=dashed];\n", stream);
}

void
trace_graph_print(const struct trace *trace, FILE *stream)
{
	const struct resolution *resolution = &trace->resolution;

	(void)fputs("digraph trace {\n\trankdir=TB;\n\tnode [fontname=\"sans-serif\"];\n"
		    "\tedge [fontname=\"sans-serif\", fontsize=10];\n",
		stream);
	for (size_t i = 0; i < resolution->step_count; i++) {
		const struct dns_name *next = NULL;
		if (i + 1 < resolution->step_count)
			next = &resolution->steps[i + 1].cut->zone;
		else if (resolution->end_count > 0)
			next = &resolution->ends[resolution->end_count - 1].cut->zone;
		print_step(&resolution->steps[i], next, stream);
	}
	for (size_t i = 0; i < trace->comparison_count; i++) {
		for (size_t j = 0; j < trace->comparisons[i]->probe_count; j++)
			print_probe(trace, trace->comparisons[i], &trace->comparisons[i]->probes[j],
				stream);
	}
	(void)fputs("}\n", stream);
}
