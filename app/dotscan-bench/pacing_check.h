/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PACING_CHECK_H
#define PACING_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "pacing/pacer.h"

#define PACING_WINDOW_NS 10000000ULL

/* Sends that one window can hold: at most one for each packet of the fastest rate that is checked. */
#define PACING_SENDS 65536

/* A round of the loop takes some microseconds. If it takes this long, the machine has run something else. */
#define PACING_AWAY_NS 100000ULL

struct pacing_send {
	uint64_t at_ns;
	uint64_t count;
};

/* What was sent at which moment, held against a rate. Zeroed, but for rate_pps, before use. */
struct pacing_check {
	uint64_t
		rate_pps; /* at most one for each PACING_SENDS of a window; RATE_LINE: nothing to hold it against */
	struct pacing_send sends[PACING_SENDS]; /* of the window that ends with the last one */
	uint64_t first;                         /* of these, modulo PACING_SENDS */
	uint64_t next;
	uint64_t in_window;
	uint64_t most_beyond; /* packets of any window beyond the rate times its length */
	uint64_t sent;        /* since the first send of each span, which it only begins */
	uint64_t span_ns;
	uint64_t span_start_ns;
	uint64_t last_ns;
	uint64_t seen_ns; /* the last round of the loop */
	uint64_t away_ns;
	double lost; /* packets that the pacer did not grant, since the loop was away for longer than its burst */
	double pending; /* lost since the last send: part of the span only if another one follows */
	double in_hand; /* packets that the pacer still owed after the last send */
};

/* A span in which the loop runs without being restarted begins. */
void pacing_check_begin(struct pacing_check *check, uint64_t now_ns);

/* Each round of the loop, before the pacer is asked: whether the machine took credit away. */
void pacing_check_round(struct pacing_check *check, const struct pacer *pacer, uint64_t now_ns);

/*
 * So many packets have left by at_ns, in the round that began at seen_ns. Windows count by the first, since that is what a link sees;
 * spans by the second, since a machine that goes away in between makes the last round late, but none of those before.
 */
void pacing_check_send(
	struct pacing_check *check, const struct pacer *pacer, uint64_t count, uint64_t at_ns);

/* The span ends, and counts as far as its last send. */
void pacing_check_end(struct pacing_check *check);

/* Sent and asked differ by so much of what was asked: the rate over the spans, less what the machine took and what the pacer still owes. */
double pacing_check_error(const struct pacing_check *check);

#endif
