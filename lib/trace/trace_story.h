/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_STORY_H
#define TRACE_STORY_H

#include <stdio.h>

struct trace;

/*
 * A run that is done, told for people: each step of the walk with server, flags, status and sections as dig shows them, then what each
 * server of the zone says, then what is wrong, and the verdict. shown_as is the name as the user wrote it. Whether it could all
 * be written is in the stream.
 */
void trace_story_print(const struct trace *trace, const char *shown_as, FILE *stream);

#endif
