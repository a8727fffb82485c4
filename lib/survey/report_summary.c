/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "survey/report_parts.h"

static void
put_card(struct out_file *out, const char *class, const char *number, const char *words)
{
	out_format(
		out, "<div class=\"card%s\"><b>%s</b><span>%s</span></div>", class, number, words);
}

static void
put_cards(struct out_file *out, const struct findings *findings)
{
	const uint64_t *steps = findings->all.steps;
	const uint64_t open = steps[FUNNEL_RIGHT];
	char number[40];

	out_text(out, "<div class=\"cards\">");
	if (findings->was_checked || steps[FUNNEL_ANSWER] == 0) {
		put_card(out, " main", report_number(open, number),
			"open DNS-over-TLS resolvers: they gave the right answer");
		put_card(out, "", report_number(steps[FUNNEL_REPLY], number),
			"gave any valid DNS reply, which the 2019 study counts as open");
	} else {
		put_card(out, " main", report_number(steps[FUNNEL_REPLY], number),
			"open DNS-over-TLS resolvers as the 2019 study counts: any valid reply");
		put_card(out, "", report_number(steps[FUNNEL_ANSWER], number),
			"gave an answer, which was held against no truth");
	}
	put_card(out, "", report_share(steps[FUNNEL_REPLY], steps[FUNNEL_SYNACK], number),
		"of the addresses with port open are resolvers");
	put_card(out, "",
		report_share(survey_counts_invalid(findings->all.statuses_reply),
			steps[FUNNEL_REPLY], number),
		"of the resolvers have an invalid certificate");
	put_card(out, "", report_number(findings->provider.providers, number),
		findings->provider.providers == 1 ? "provider" : "providers");
	out_text(out, "</div>\n");
}

/* Where the scan's own books are known. */
static void
say_scan(struct out_file *out, const struct findings *findings)
{
	const struct scan_books *books = &findings->books;
	char numbers[4][40];

	if (!books->is_known)
		return;
	out_format(out,
		"<li>The scan sent <b>%s</b> SYNs to <b>%s</b> addresses; <b>%s</b> (%s) answered.</li>",
		report_number(books->syn, numbers[0]), report_number(books->probed, numbers[1]),
		report_number(books->synack, numbers[2]),
		report_share(books->synack, books->probed, numbers[3]));
}

static void
say_resolvers(struct out_file *out, const struct findings *findings)
{
	const uint64_t *steps = findings->all.steps;
	char numbers[4][40];

	out_format(out,
		"<li>Of <b>%s</b> addresses that answered our SYN, <b>%s</b> finished a TLS handshake and <b>%s</b> gave a valid DNS reply.",
		report_number(steps[FUNNEL_SYNACK], numbers[0]),
		report_number(steps[FUNNEL_TLS], numbers[1]),
		report_number(steps[FUNNEL_REPLY], numbers[2]));
	if (findings->was_checked)
		out_format(out, " Wrong answers came from <b>%s</b> of them.",
			report_number(findings->outcomes[OUTCOME_ANSWER_WRONG], numbers[3]));
	out_text(out, "</li>");
}

static void
say_certificates(struct out_file *out, const struct findings *findings)
{
	const uint64_t *statuses = findings->all.statuses_reply;
	char numbers[5][40];

	out_format(out,
		"<li><b>%s</b> resolvers of <b>%s</b> provider%s have invalid certificates: %s expired, %s self-signed, %s with an invalid chain.</li>",
		report_number(survey_counts_invalid(statuses), numbers[0]),
		report_number(findings->provider.invalid, numbers[1]),
		findings->provider.invalid == 1 ? "" : "s",
		report_number(statuses[CERTIFICATE_STATUS_EXPIRED], numbers[2]),
		report_number(statuses[CERTIFICATE_STATUS_SELF_SIGNED] +
				      statuses[CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN],
			numbers[3]),
		report_number(statuses[CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST], numbers[4]));
}

static void
say_providers(struct out_file *out, const struct findings *findings)
{
	const struct provider_findings *found = &findings->provider;
	char numbers[2][40];

	if (found->largest[0] == TEXT_NONE)
		return;
	out_text(out, "<li>The largest provider");
	out_text(out, found->largest[1] == TEXT_NONE ? ", " : "s, ");
	for (size_t i = 0; i < 4 && found->largest[i] != TEXT_NONE; i++) {
		out_text(out, i > 0 ? ", <b>" : "<b>");
		out_html(out, survey_text(findings->set, found->largest[i]));
		out_text(out, "</b>");
	}
	out_format(out, ", %s %s of the resolvers; %s of all providers have one address.</li>",
		found->largest[1] == TEXT_NONE ? "runs" : "run",
		report_share(found->largest_sum, findings->all.steps[FUNNEL_REPLY], numbers[0]),
		report_share(found->single, found->providers, numbers[1]));
}

static void
say_country(struct out_file *out, const struct findings *findings)
{
	char country[8];
	char number[40];

	if (!findings->set->has_geography || findings->countries.count == 0)
		return;
	const struct survey_group *first = &findings->countries.groups[0];
	if (first->counts.steps[FUNNEL_REPLY] == 0)
		return;
	out_format(out, "<li>Most resolvers are in <b>%s</b> (%s).</li>",
		country_format((uint16_t)first->key, country),
		report_share(first->counts.steps[FUNNEL_REPLY], findings->all.steps[FUNNEL_REPLY],
			number));
}

static void
say_keys(struct out_file *out, const struct findings *findings)
{
	char numbers[2][40];

	if (findings->key.clusters == 0)
		return;
	out_format(out,
		"<li><b>%s</b> addresses share their key with others; the largest cluster has <b>%s</b>.</li>",
		report_number(findings->key.clustered, numbers[0]),
		report_number(findings->key.largest, numbers[1]));
}

static void
say_names(struct out_file *out, const struct findings *findings)
{
	const struct name_findings *name = &findings->name;
	char numbers[4][40];

	if (name->hosts == 0)
		return;
	out_format(out,
		"<li>Names were looked up for <b>%s</b> addresses: of <b>%s</b> a name points back, of %s names point elsewhere, of %s no name exists.</li>",
		report_number(name->hosts, numbers[0]), report_number(name->good, numbers[1]),
		report_number(name->elsewhere, numbers[2]),
		report_number(name->nowhere, numbers[3]));
}

static void
say_changes(struct out_file *out, const struct findings *findings)
{
	const struct change_findings *change = &findings->change;
	char numbers[4][40];

	if (!change->has_baseline)
		return;
	out_format(out,
		"<li>Since the baseline: <b>%s</b> resolvers then, <b>%s</b> now; %s are new and %s are gone.</li>",
		report_number(change->before, numbers[0]), report_number(change->now, numbers[1]),
		report_number(change->appeared, numbers[2]),
		report_number(change->gone, numbers[3]));
}

void
report_summary(struct out_file *out, const struct findings *findings)
{
	put_cards(out, findings);
	out_text(out, "<div class=\"short\"><ul>");
	say_scan(out, findings);
	say_resolvers(out, findings);
	say_providers(out, findings);
	say_country(out, findings);
	say_certificates(out, findings);
	say_keys(out, findings);
	say_names(out, findings);
	say_changes(out, findings);
	out_text(out, "</ul></div>\n");
}
