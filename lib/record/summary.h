/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/tally.h"

#define SUMMARY_SCHEMA 1
#define SUMMARY_LOSSES 32

/* How a run ended: text in the summary and a sentence for people. */
#define RUN_END_LIST(X)                                                   \
	X(COMPLETE, "complete", "all targets were probed")                \
	X(LIMIT, "limit", "stopped by max_hits or max_runtime")           \
	X(INTERRUPTED, "interrupted", "interrupted; go on with --resume") \
	X(FAILURE, "failure", "failed; go on with --resume")

enum run_end {
#define X(name, text, sentence) RUN_END_##name,
	RUN_END_LIST(X)
#undef X
};

/* What a run ends with, for the shell. */
enum run_exit {
	RUN_EXIT_BALANCED = 0,
	RUN_EXIT_FAILURE = 1,
	RUN_EXIT_USAGE = 2,
	RUN_EXIT_INTERRUPTED = 3,
	RUN_EXIT_UNBALANCED = 4,
};

struct summary_loss {
	const char *name;
	uint64_t count;
};

/*
 * The books of a scan, over all of its runs where it was resumed. Texts are borrowed. A visit is a
 * pair of target and pass taken from the target stream; with probes: 3, a target has three, and
 * each ends as a SYN or is skipped because the target had answered before.
 */
struct summary {
	const char *scan;
	const char *version;
	uint8_t config_sha256[32];
	uint64_t seed; /* at most INT64_MAX, as are all counts */
	uint32_t shard_index;
	uint32_t shard_count;
	uint32_t probes;
	uint16_t port;
	int64_t started_us; /* since 1970 */
	int64_t finished_us;
	enum run_end end;
	uint64_t asked_pps; /* 0: line rate */
	double sent_pps;    /* average over the time of sending */
	struct {
		uint64_t included; /* addresses named by the configuration */
		uint64_t excluded; /* of those, taken out again: exclusions and reserved ranges */
		uint64_t planned;  /* left for this shard, at most max_targets */
		uint64_t visited;
	} targets;
	const char *country;         /* "located" or "registered", NULL: no targets by country */
	const char *country_db_date; /* "2026-01-02", NULL: not used */
	const char *asn_db_date;
	struct {
		uint64_t syn;      /* for visits: every first or later probe */
		uint64_t retries;  /* of those, second and later ones */
		uint64_t skipped;  /* visits that needed no SYN */
		uint64_t reprobes; /* beyond the visits: for hits that had to wait too long */
	} sent;
	struct {
		uint64_t synack; /* with a valid cookie, the first of each address */
		uint64_t rst;
		uint64_t icmp;
		uint64_t duplicate; /* further valid SYN-ACKs of the same address */
		uint64_t invalid;   /* everything else that was addressed to us */
	} received;
	struct tally tally;
	struct summary_loss losses[SUMMARY_LOSSES]; /* on our side; all must be zero */
	size_t loss_count;
	struct {
		uint64_t hits;
		uint64_t in_flight; /* hits without a record yet */
	} books;
};

/* Adds a named loss; the name is borrowed. Returns 0 or ERROR_FULL. */
int summary_add_loss(struct summary *summary, const char *name, uint64_t count);

/* The sum of all losses. */
uint64_t summary_lost(const struct summary *summary);

/*
 * Whether the books balance: every visit became a SYN or was skipped; all planned targets had all
 * their visits, and no hit is in flight, unless the run was stopped; hits are records and hits in
 * flight; the outcomes add up to the records. If not, why says the first thing that is wrong, in
 * one line; why may be NULL.
 */
bool summary_is_balanced(const struct summary *summary, char *why, size_t why_size);

/* The exit code that follows from the end, the books and the losses. */
enum run_exit summary_exit_code(const struct summary *summary);

/* Replaces the file at once. Returns 0, ERROR_FILE with fault set, or ERROR_MEMORY. */
int summary_write(const struct summary *summary, const char *path, struct fault *fault);

#endif
