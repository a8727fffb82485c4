/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GRAPH_FILE_H
#define GRAPH_FILE_H

#include "base/fault.h"

struct trace;

/* Draws the run into an SVG file by graphviz's dot. Returns 0, or ERROR_FILE with the fault saying what is lacking. */
int graph_file_write(const struct trace *trace, const char *path, struct fault *fault);

#endif
