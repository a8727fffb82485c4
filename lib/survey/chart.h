/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHART_H
#define CHART_H

#include <stddef.h>

#include "stats/histogram.h"
#include "survey/out_file.h"

/*
 * Charts as SVG within a page. Lengths across are percent and lengths down are pixels, so a chart
 * is as wide as its place and its text as large as that of the page. Colours come from classes of
 * the page's style.
 */

struct chart_bar {
	const char *label;
	const char *value;   /* text at the right */
	double share;        /* of the width, 0 to 1 */
	double share_before; /* a second, paler bar; negative: none */
	const char *colour;  /* a class */
};

/* Bars one below the other. title is for those who do not see it. */
void chart_bars(
	struct out_file *out, const char *title, const struct chart_bar *bars, size_t count);

/* Parts of a whole side by side in one bar, with shares that add up to 1. */
void chart_stack(
	struct out_file *out, const char *title, const struct chart_bar *parts, size_t count);

struct chart_curve {
	const char *label;
	const char *colour;
	const struct histogram *histogram; /* microseconds */
};

/* How many were answered within a time: the time across on a logarithmic scale, the share up. */
void chart_latency(
	struct out_file *out, const char *title, const struct chart_curve *curves, size_t count);

#endif
