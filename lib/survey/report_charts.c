/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "survey/chart.h"
#include "survey/report_parts.h"

#define MOST_BARS     12
#define LABEL_SIZE    48
#define LABEL_LONGEST 40 /* characters that fit beside the number on a phone */

struct bar_texts {
	char label[LABEL_SIZE];
	char value[96];
};

/* Cut at a whole character of UTF-8. */
static void
cut_label(const char *text, char label[LABEL_SIZE])
{
	size_t length = strlen(text);

	if (length > LABEL_LONGEST) {
		length = LABEL_LONGEST - 3;
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
		memcpy(label, text, length);
		strcpy(label + length, "...");
		return;
	}
	memcpy(label, text, length + 1);
}

void
report_funnel(struct out_file *out, const struct findings *findings)
{
	struct chart_bar bars[FUNNEL_COUNT];
	struct bar_texts texts[FUNNEL_COUNT];
	char number[40];
	char share[40];
	const uint64_t *steps = findings->all.steps;

	for (unsigned int step = 0; step < FUNNEL_COUNT; step++) {
		cut_label(funnel_words((enum funnel_step)step), texts[step].label);
		(void)snprintf(texts[step].value, sizeof(texts[step].value), "%s  (%s)",
			report_number(steps[step], number),
			report_share(steps[step], steps[0], share));
		bars[step] = (struct chart_bar){ texts[step].label, texts[step].value,
			steps[0] == 0 ? 0 : (double)steps[step] / (double)steps[0], -1,
			step == FUNNEL_RIGHT   ? "green"
			: step == FUNNEL_REPLY ? "teal"
					       : "blue" };
	}
	chart_bars(out, "From SYN-ACK to right answer", bars, FUNNEL_COUNT);
}

void
report_bars(struct out_file *out, const struct table *table, size_t value_column,
	size_t share_column, const char *colour, size_t most)
{
	struct chart_bar bars[MOST_BARS];
	struct bar_texts texts[MOST_BARS];
	char number[40];
	size_t count = 0;
	double largest = 0;

	for (size_t row = 0; row < table_rows(table) && count < most && count < MOST_BARS; row++) {
		const double value = table_at(table, row, value_column)->number;
		const struct table_cell *share = table_at(table, row, share_column);

		if (value <= 0)
			continue;
		largest = value > largest ? value : largest;
		cut_label(table_at(table, row, 0)->text, texts[count].label);
		(void)snprintf(texts[count].value, sizeof(texts[count].value), "%s  (%.1f %%)",
			report_number((uint64_t)value, number), share->is_null ? 0 : share->number);
		bars[count] = (struct chart_bar){ texts[count].label, texts[count].value, value, -1,
			colour };
		count++;
	}
	for (size_t i = 0; i < count; i++)
		bars[i].share /= largest;
	if (count == 0)
		out_text(out, "<p class=\"note\">None.</p>");
	else
		chart_bars(out, table->title, bars, count);
}

static const char *
status_colour(unsigned int status)
{
	static const char *const colours[STATUS_COUNT] = {
		[CERTIFICATE_STATUS_OK] = "green",
		[CERTIFICATE_STATUS_EXPIRED] = "amber",
		[CERTIFICATE_STATUS_SELF_SIGNED] = "red",
		[CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN] = "violet",
		[CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST] = "blue",
		[CERTIFICATE_STATUS_PURPOSE] = "teal",
		[CERTIFICATE_STATUS_OTHER] = "grey",
		[STATUS_NONE] = "pale",
	};

	return colours[status];
}

static void
put_stack(struct out_file *out, const char *title, const uint64_t *statuses, uint64_t whole)
{
	struct chart_bar parts[STATUS_COUNT];
	struct bar_texts texts[STATUS_COUNT];
	char number[40];
	char share[40];
	size_t count = 0;

	for (unsigned int status = 0; status < STATUS_COUNT; status++) {
		if (statuses[status] == 0)
			continue;
		(void)snprintf(texts[count].value, sizeof(texts[count].value), "%s (%s)",
			report_number(statuses[status], number),
			report_share(statuses[status], whole, share));
		parts[count] = (struct chart_bar){
			status == STATUS_NONE
				? "none"
				: certificate_status_text((enum certificate_status)status),
			texts[count].value, (double)statuses[status] / (double)whole, -1,
			status_colour(status)
		};
		count++;
	}
	out_format(out, "<div class=\"stack\"><h3>%s</h3><p class=\"note\">%s addresses</p>", title,
		report_number(whole, number));
	if (count > 0)
		chart_stack(out, title, parts, count);
	out_text(out, "</div>");
}

void
report_certificates(struct out_file *out, const struct findings *findings)
{
	put_stack(out, "Resolvers with the right answer", findings->all.statuses_right,
		findings->all.steps[FUNNEL_RIGHT]);
	put_stack(out, "Resolvers with any valid reply", findings->all.statuses_reply,
		findings->all.steps[FUNNEL_REPLY]);
	put_stack(out, "All that finished a TLS handshake", findings->all.statuses_tls,
		findings->all.steps[FUNNEL_TLS]);
}

void
report_latency(struct out_file *out, const struct findings *findings)
{
	const struct chart_curve curves[] = {
		{ "SYN to SYN-ACK", "grey", &findings->latency->rtt },
		{ "TLS handshake", "blue", &findings->latency->tls },
		{ "DNS query", "green", &findings->latency->dns },
		{ "whole connection", "violet", &findings->latency->total },
	};

	chart_latency(out, "Share of resolvers that were done within a time", curves,
		sizeof(curves) / sizeof(curves[0]));
}

void
report_growth(struct out_file *out, const struct findings *findings)
{
	const struct table *table = findings_table(findings, "growth");
	struct chart_bar bars[MOST_BARS];
	struct bar_texts texts[MOST_BARS];
	char before[40];
	char now[40];
	double largest = 1;
	size_t count = 0;

	for (size_t row = 0; row < table_rows(table) && count < 10; row++, count++) {
		const double old = table_at(table, row, 1)->number;
		const double fresh = table_at(table, row, 2)->number;
		const struct table_cell *growth = table_at(table, row, 3);

		largest = old > largest ? old : largest;
		largest = fresh > largest ? fresh : largest;
		cut_label(table_at(table, row, 0)->text, texts[count].label);
		(void)snprintf(texts[count].value, sizeof(texts[count].value),
			growth->is_null ? "%s to %s" : "%s to %s  (%+.0f %%)",
			report_number((uint64_t)old, before), report_number((uint64_t)fresh, now),
			growth->number);
		bars[count] = (struct chart_bar){ texts[count].label, texts[count].value, fresh,
			old, fresh >= old ? "green" : "red" };
	}
	for (size_t i = 0; i < count; i++) {
		bars[i].share /= largest;
		bars[i].share_before /= largest;
	}
	chart_bars(out, "Growth by country", bars, count);
	out_text(out, "<ul class=\"legend\"><li>pale: before</li><li>narrow: now</li></ul>");
}
