/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_GRAPH_H
#define TRACE_GRAPH_H

#include <stdio.h>

struct trace;

/*
 * A run that is done as a graph in the language of graphviz: zones from the root down, the servers that were asked, and all servers of
 * the last zone, red where they disagree or are lame, orange where they do not answer.
 */
void trace_graph_print(const struct trace *trace, FILE *stream);

#endif
