/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/timestamp.h"
#include "survey/report_assets.h"
#include "survey/report_parts.h"

#define PATH_SIZE     4096
#define LARGEST_GRAPH (256U << 10) /* a drawing within the page; larger ones are only linked */

static void
put_day(struct out_file *out, int64_t microseconds)
{
	char text[TIMESTAMP_SIZE];

	if (timestamp_format_us(microseconds, text))
		out_format(out, "%.10s", text);
}

static void
put_head(struct out_file *out, const struct findings *findings)
{
	char number[40];

	out_text(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<title>DNS over TLS survey</title>\n<style>\n");
	out_text(out, report_css);
	out_text(out,
		"</style></head><body>\n<header><h1>DNS over TLS survey</h1><p class=\"sub\">");
	put_day(out, findings->first_us);
	if (findings->last_us - findings->first_us > 86400LL * 1000000) {
		out_text(out, " to ");
		put_day(out, findings->last_us);
	}
	out_format(out, " &middot; %s addresses that answered a SYN</p>\n",
		report_number(findings->all.steps[FUNNEL_SYNACK], number));
}

static void
put_navigation(struct out_file *out, const struct findings *findings)
{
	out_text(out,
		"</header>\n<nav><div><a href=\"#found\">Found</a><a href=\"#where\">Where and who</a>"
		"<a href=\"#certificates\">Certificates</a><a href=\"#protocol\">TLS and DNS</a>"
		"<a href=\"#keys\">Shared keys</a>");
	if (findings->change.has_baseline)
		out_text(out, "<a href=\"#changes\">Changes</a>");
	out_text(out, "<a href=\"#tables\">All tables</a></div></nav>\n<main>\n");
}

static void
put_bars_panel(struct out_file *out, const struct findings *findings, const char *name,
	const char *title, size_t value_column, size_t share_column, const char *colour)
{
	out_format(out, "<div class=\"panel\"><h3>%s</h3>", title);
	report_bars(out, findings_table(findings, name), value_column, share_column, colour, 10);
	out_text(out, "</div>\n");
}

static void
put_places(struct out_file *out, const struct findings *findings)
{
	out_text(
		out, "<h2 id=\"where\">Where they are and who runs them</h2>\n<div class=\"two\">");
	if (findings->set->has_geography) {
		put_bars_panel(out, findings, "countries",
			"Countries <span class=\"sub\">any valid reply</span>", 5, 8, "teal");
	} else {
		out_text(out,
			"<div class=\"panel\"><h3>Countries</h3><p class=\"note\">No database was given (--country-db, --asn-db), so places are unknown.</p></div>");
	}
	put_bars_panel(out, findings, "providers",
		"Providers <span class=\"sub\">any valid reply</span>", 1, 2, "blue");
	out_text(out, "</div>\n");
}

static void
put_protocol(struct out_file *out, const struct findings *findings)
{
	out_text(out,
		"<h2 id=\"protocol\">TLS and DNS</h2>\n<div class=\"panel\"><h3>How fast they are</h3>"
		"<p class=\"note\">Share of the resolvers that answer, by how long each stage took.</p>");
	report_latency(out, findings);
	out_text(out, "</div>\n<div class=\"two\">");
	put_bars_panel(out, findings, "tls-versions", "TLS versions", 1, 2, "blue");
	put_bars_panel(out, findings, "rcodes", "DNS reply codes", 1, 2, "teal");
	out_text(out, "</div>\n<div class=\"two\">");
	put_bars_panel(out, findings, "keys", "Key types", 1, 2, "violet");
	put_bars_panel(out, findings, "ciphers", "Cipher suites", 1, 2, "grey");
	out_text(out, "</div>\n<div class=\"two\">");
	put_bars_panel(out, findings, "edns", "EDNS <span class=\"sub\">UDP size in replies</span>",
		1, 2, "teal");
	put_bars_panel(out, findings, "padding",
		"Padding <span class=\"sub\">to a multiple of</span>", 1, 2, "blue");
	out_text(out, "</div>\n<div class=\"under\">");
	report_table(out, findings_table(findings, "software-signs"), true);
	out_text(out, "</div>\n");
}

/* graphviz writes a prologue before the drawing that HTML does not want. */
static void
put_graph(struct out_file *out, const char *directory, uint32_t cluster)
{
	char path[PATH_SIZE];
	char *svg = NULL;
	size_t length = 0;

	(void)snprintf(path, sizeof(path), "%s/graphs/cluster%u.svg", directory, cluster);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return;
	svg = malloc(LARGEST_GRAPH + 1);
	if (svg != NULL)
		length = fread(svg, 1, LARGEST_GRAPH + 1, file);
	(void)fclose(file);
	if (svg != NULL && length <= LARGEST_GRAPH) {
		svg[length] = '\0';
		const char *drawing = strstr(svg, "<svg");
		if (drawing != NULL) {
			out_text(out, "<div class=\"panel\"><div class=\"graph\">");
			out_text(out, drawing);
			out_text(out, "</div></div>\n");
		}
	}
	free(svg);
}

static void
put_keys(struct out_file *out, const struct findings *findings,
	const struct report_settings *settings)
{
	const struct key_findings *key = &findings->key;
	char numbers[5][40];

	out_text(out, "<h2 id=\"keys\">Shared keys</h2>\n");
	out_format(out,
		"<p>%s addresses showed %s different public keys. %s of them (%s) share a key with another address, in %s cluster%s.</p>\n",
		report_number(key->hosts, numbers[0]), report_number(key->keys, numbers[1]),
		report_number(key->clustered, numbers[2]),
		report_share(key->clustered, key->hosts, numbers[3]),
		report_number(key->clusters, numbers[4]), key->clusters == 1 ? "" : "s");
	report_table(out, findings_table(findings, "clusters"), true);
	if (settings->graph_count < key->clusters)
		out_format(out, "<p class=\"note\">The %u largest clusters are drawn.</p>",
			settings->graph_count);
	out_text(out, "<div class=\"two\">\n");
	for (uint32_t i = 1; i <= REPORT_GRAPHS && i <= settings->graph_count; i++)
		put_graph(out, settings->directory, i);
	out_text(out, "</div>\n");
}

static void
put_changes(struct out_file *out, const struct findings *findings)
{
	if (!findings->change.has_baseline)
		return;
	out_text(out,
		"<h2 id=\"changes\">Changes since the baseline</h2>\n<div class=\"two\"><div class=\"panel\"><h3>Growth by country</h3>");
	report_growth(out, findings);
	out_text(out, "</div><div class=\"panel\"><h3>What changed</h3>");
	report_table_body(out, findings_table(findings, "changes"));
	out_text(out, "</div></div>\n");
	report_table(out, findings_table(findings, "growth"), false);
	report_table(out, findings_table(findings, "providers-change"), false);
}

static void
put_tables(struct out_file *out, const struct findings *findings)
{
	/* Shown in their own places above. */
	static const char *const shown[] = { "clusters", "changes", "growth", "providers-change",
		"figures", "software-signs" };

	out_text(out, "<h2 id=\"tables\">All tables</h2>\n");
	report_table(out, findings_table(findings, "figures"), true);
	for (size_t i = 0; i < findings->table_count; i++) {
		bool is_shown = false;

		for (size_t s = 0; s < sizeof(shown) / sizeof(shown[0]); s++)
			is_shown |= strcmp(shown[s], findings->tables[i].name) == 0;
		if (!is_shown)
			report_table(out, &findings->tables[i], false);
	}
}

static void
put_epoch(struct out_file *out, const char *what, uint64_t epoch)
{
	char text[TIMESTAMP_SIZE];

	if (epoch == 0 || epoch > INT64_MAX || !timestamp_format_seconds((int64_t)epoch, text))
		return;
	out_format(out, "<dt>%s</dt><dd>built on %.10s</dd>", what, text);
}

static void
put_foot(struct out_file *out, const struct findings *findings,
	const struct report_settings *settings)
{
	char number[40];

	out_text(out, "</main><footer><dl><dt>Records</dt><dd>");
	out_html(out, settings->inputs);
	out_text(out, "</dd>");
	if (settings->baseline != NULL) {
		out_text(out, "<dt>Baseline</dt><dd>");
		out_html(out, settings->baseline);
		out_text(out, "</dd>");
	}
	put_epoch(out, "Country database", settings->epochs.country);
	put_epoch(out, "Network database", settings->epochs.asn);
	out_format(out, "<dt>Warnings</dt><dd>%s</dd>",
		report_number(settings->warnings->count, number));
	if (findings->set->repeated > 0)
		out_format(out,
			"<dt>Repeated</dt><dd>%s records of an address that had a later one</dd>",
			report_number(findings->set->repeated, number));
	out_format(out,
		"<dt>Made by</dt><dd>dotscan-survey %s; docs/survey.md says how each figure is computed</dd></dl></footer>\n<script>\n",
		settings->version);
	out_text(out, report_js);
	out_text(out, "</script></body></html>\n");
}

int
report_write(const struct findings *findings, const struct report_settings *settings,
	struct fault *fault)
{
	struct out_file out;
	char path[PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s/report.html", settings->directory) >=
		(int)sizeof(path))
		return fault_set(
			fault, ERROR_FILE, "%s: the path is too long", settings->directory);
	const int error = out_open(&out, path, fault);
	if (error != 0)
		return error;
	put_head(&out, findings);
	report_summary(&out, findings);
	put_navigation(&out, findings);
	out_text(&out,
		"<h2 id=\"found\">What was found</h2>\n<div class=\"two\"><div class=\"panel\"><h3>From SYN-ACK to right answer</h3>"
		"<p class=\"note\">How many of the addresses that answered came how far.</p>");
	report_funnel(&out, findings);
	out_text(&out, "</div>");
	put_bars_panel(&out, findings, "outcomes", "Outcomes", 2, 3, "grey");
	out_text(&out, "</div>\n");
	put_places(&out, findings);
	out_text(&out, "<h2 id=\"certificates\">Certificates</h2>\n<div class=\"panel\">");
	report_certificates(&out, findings);
	out_text(&out, "</div>\n");
	put_protocol(&out, findings);
	put_keys(&out, findings, settings);
	put_changes(&out, findings);
	put_tables(&out, findings);
	put_foot(&out, findings, settings);
	return out_close(&out, fault);
}
