/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAME_LOOKUP_H
#define NAME_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "survey/host_keys.h"
#include "survey/name_book.h"

/* Told from time to time how many questions have an answer; false: stop. */
typedef bool (*lookup_progress)(void *context, uint64_t done, uint64_t total);

struct lookup_settings {
	const char *resolver; /* "127.0.0.1" or "127.0.0.1:5335" */
	const char *path;     /* where answers are kept as they come, so that none is asked twice */
	uint64_t rate;        /* questions a second at most */
	uint32_t in_flight;   /* questions at once at most */
	uint32_t timeout_ms;  /* of one try; there are two */
	lookup_progress progress;
	void *context;
};

struct lookup_counts {
	uint64_t asked;
	uint64_t found;
	uint64_t nothing;
	uint64_t failed; /* no answer came, or the resolver failed: asked again by a later run */
};

/*
 * Ask for the PTR name of every address with a key, and for the A records of those names and of
 * the names of its certificate, up to 100 of each host; each once. What the book knows is not
 * asked. Answers go into the book and, a line each, to the file. Returns 0; 1 where progress said
 * stop; ERROR_INPUT (no such resolver) or ERROR_FILE with the fault set; ERROR_MEMORY, ERROR_FULL
 * or ERROR_LIBRARY.
 */
int name_lookup_run(struct name_book *book, struct survey_set *set, const struct host_keys *keys,
	const struct lookup_settings *settings, struct lookup_counts *counts, struct fault *fault);

#endif
