/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "survey/chart.h"

#define BAR_ROW     38
#define STACK_SIZE  26
#define CURVE_SIZE  240
#define CURVE_STEPS 120
#define CURVE_FOOT  22

static void
open_chart(struct out_file *out, const char *title, unsigned int height)
{
	out_format(out,
		"<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%u\" aria-label=\"",
		height);
	out_html(out, title);
	out_text(out, "\">");
}

static void
put_text(struct out_file *out, const char *attributes, const char *text)
{
	out_format(out, "<text %s>", attributes);
	out_html(out, text);
	out_text(out, "</text>");
}

/* What is there can be seen, however little it is. */
static double
visible(double share)
{
	return share > 0 && share < 0.004 ? 0.4 : 100 * share;
}

void
chart_bars(struct out_file *out, const char *title, const struct chart_bar *bars, size_t count)
{
	char attributes[96];

	open_chart(out, title, (unsigned int)count * BAR_ROW);
	for (size_t i = 0; i < count; i++) {
		const unsigned int top = (unsigned int)i * BAR_ROW;

		(void)snprintf(attributes, sizeof(attributes), "x=\"0\" y=\"%u\"", top + 14);
		put_text(out, attributes, bars[i].label);
		(void)snprintf(attributes, sizeof(attributes),
			"x=\"100%%\" y=\"%u\" text-anchor=\"end\" class=\"value\"", top + 14);
		put_text(out, attributes, bars[i].value);
		out_format(out,
			"<rect class=\"track\" x=\"0\" y=\"%u\" width=\"100%%\" height=\"10\" rx=\"5\"/>",
			top + 20);
		if (bars[i].share_before >= 0)
			out_format(out,
				"<rect class=\"before\" x=\"0\" y=\"%u\" width=\"%.2f%%\" height=\"10\" rx=\"5\"/>",
				top + 20, visible(bars[i].share_before));
		out_format(out,
			"<rect class=\"%s\" x=\"0\" y=\"%u\" width=\"%.2f%%\" height=\"%u\" rx=\"%u\"/>",
			bars[i].colour, top + (bars[i].share_before >= 0 ? 23 : 20),
			visible(bars[i].share), bars[i].share_before >= 0 ? 4 : 10,
			bars[i].share_before >= 0 ? 2 : 5);
	}
	out_text(out, "</svg>");
}

void
chart_stack(struct out_file *out, const char *title, const struct chart_bar *parts, size_t count)
{
	double left = 0;

	open_chart(out, title, STACK_SIZE);
	for (size_t i = 0; i < count; i++) {
		out_format(out,
			"<rect class=\"%s\" x=\"%.3f%%\" y=\"0\" width=\"%.3f%%\" height=\"%u\"><title>",
			parts[i].colour, 100 * left, 100 * parts[i].share, STACK_SIZE);
		out_html(out, parts[i].label);
		out_text(out, ": ");
		out_html(out, parts[i].value);
		out_text(out, "</title></rect>");
		left += parts[i].share;
	}
	out_text(out, "</svg><ul class=\"legend\">");
	for (size_t i = 0; i < count; i++) {
		out_format(out,
			"<li><svg width=\"12\" height=\"12\"><rect class=\"%s\" width=\"12\" height=\"12\" rx=\"3\"/></svg> ",
			parts[i].colour);
		out_html(out, parts[i].label);
		out_text(out, " <b>");
		out_html(out, parts[i].value);
		out_text(out, "</b></li>");
	}
	out_text(out, "</ul>");
}

/* The decades of the axis: from below the fastest to above the slowest. */
static void
find_decades(const struct chart_curve *curves, size_t count, int *first_out, int *last_out)
{
	uint64_t minimum = UINT64_MAX;
	uint64_t maximum = 0;

	for (size_t i = 0; i < count; i++) {
		const struct histogram *histogram = curves[i].histogram;
		if (histogram->count == 0)
			continue;
		const uint64_t fast = histogram_percentile(histogram, 0.5);
		const uint64_t slow = histogram_percentile(histogram, 99.5);
		minimum = fast < minimum ? fast : minimum;
		maximum = slow > maximum ? slow : maximum;
	}
	*first_out = minimum == UINT64_MAX || minimum == 0 ? 0 : (int)floor(log10((double)minimum));
	*last_out = maximum == 0 ? 6 : (int)ceil(log10((double)maximum));
	if (*last_out <= *first_out)
		*last_out = *first_out + 1;
}

static void
put_grid(struct out_file *out, int first, int last)
{
	char attributes[128];
	char label[32];

	for (int decade = first; decade <= last; decade++) {
		const double x = 100.0 * (decade - first) / (last - first);
		const double milliseconds = pow(10, decade - 3);

		out_format(out,
			"<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"%u\"/>", x,
			x, CURVE_SIZE);
		(void)snprintf(attributes, sizeof(attributes),
			"class=\"axis\" x=\"%.2f%%\" y=\"%u\" text-anchor=\"%s\"", x,
			CURVE_SIZE + 16,
			decade == first  ? "start"
			: decade == last ? "end"
					 : "middle");
		(void)snprintf(label, sizeof(label), milliseconds >= 1000 ? "%g s" : "%g ms",
			milliseconds >= 1000 ? milliseconds / 1000 : milliseconds);
		put_text(out, attributes, label);
	}
	for (unsigned int percent = 0; percent <= 100; percent += 25) {
		const unsigned int y = CURVE_SIZE - percent * CURVE_SIZE / 100;
		out_format(out, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>",
			y, y);
		(void)snprintf(attributes, sizeof(attributes), "class=\"axis\" x=\"4\" y=\"%u\"",
			y + (percent == 100 ? 12 : 0) - (percent == 100 ? 0 : 4));
		(void)snprintf(label, sizeof(label), "%u %%", percent);
		put_text(out, attributes, label);
	}
}

void
chart_latency(
	struct out_file *out, const char *title, const struct chart_curve *curves, size_t count)
{
	int first;
	int last;

	find_decades(curves, count, &first, &last);
	open_chart(out, title, CURVE_SIZE + CURVE_FOOT);
	put_grid(out, first, last);
	/* A drawing of its own, stretched to the width, with lines that do not stretch. */
	out_format(out,
		"<svg x=\"0\" y=\"0\" width=\"100%%\" height=\"%u\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">",
		CURVE_SIZE);
	for (size_t i = 0; i < count; i++) {
		if (curves[i].histogram->count == 0)
			continue;
		out_format(out, "<polyline class=\"curve %s\" points=\"", curves[i].colour);
		for (int step = 0; step <= CURVE_STEPS; step++) {
			const double percent = 100.0 * step / CURVE_STEPS;
			const uint64_t us = histogram_percentile(curves[i].histogram, percent);
			const double x =
				us == 0 ? 0 : 1000 * (log10((double)us) - first) / (last - first);
			out_format(out, "%.1f,%.1f ", fmin(1000, fmax(0, x)), 1000 - 10 * percent);
		}
		out_text(out, "\"/>");
	}
	out_text(out, "</svg></svg><ul class=\"legend\">");
	for (size_t i = 0; i < count; i++) {
		out_format(out,
			"<li><svg width=\"18\" height=\"12\"><line class=\"curve %s\" x1=\"0\" x2=\"18\" y1=\"6\" y2=\"6\"/></svg> ",
			curves[i].colour);
		out_html(out, curves[i].label);
		out_text(out, "</li>");
	}
	out_text(out, "</ul>");
}
