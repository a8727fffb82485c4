/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_SIMULATION_H
#define SCAN_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "scan/reception.h"
#include "scan/verify_engine.h"
#include "simulation/scan_dialogue.h"
#include "simulation/scan_hosts.h"
#include "targets/target_walk.h"

/*
 * A whole scan in virtual time, joined as the program joins it: I/O workers with prober, pacing, SYN source and reception;
 * verify workers with an engine each; a network in between. Threads are replaced by turns of a millisecond.
 */
#define SCAN_SIMULATION_ADDRESS 0xc6120000U
#define SCAN_SIMULATION_WORKERS 4
#define SCAN_SIMULATION_TURN_NS 1000000ULL

struct scan_simulation_settings {
	uint64_t seed;
	uint32_t host_count;
	bool all_triggered;
	struct scan_network_settings network;
	uint32_t io_workers;
	uint32_t verify_workers;
	unsigned int probes;
	unsigned int attempts;
	uint64_t rate_pps;
	uint32_t max_connections; /* of each verify worker */
	uint64_t kill_ns;         /* stop dead after this long; 0: never */
	/* A run that was killed, to be continued from its checkpoint with its records; NULL: begin anew. */
	const struct scan_simulation_result *killed;
};

/* What the scan says about one host. */
struct scan_simulation_record {
	unsigned int count; /* of records */
	enum outcome outcome;
	unsigned int attempts;
};

struct scan_simulation_result {
	struct scan_simulation_record *records; /* by host, of this run alone */
	struct scan_hosts hosts;                /* as they stand at the end */
	bool has_checkpoint;
	uint64_t checkpoint[TARGET_LANES]; /* the last one before the end */
	uint64_t completed;                /* targets before it */
	uint64_t hits;
	uint64_t probed; /* SYNs of the I/O workers */
	uint64_t skipped;
	uint64_t counters[VERIFY_COUNTER_COUNT];
	uint64_t receptions[RECEPTION_COUNT];
	uint32_t sessions_maximum; /* of one worker */
	uint64_t latest_ns;        /* the longest that a session's deadline was passed */
	uint64_t longest_ns;       /* the longest life of a session */
	uint64_t elapsed_ns;
	uint64_t lost_frames;
};

/*
 * Play it to the end. Fails the test if the books do not balance at any turn, a session outlives the scan, or memory is kept.
 * The result is the caller's to clear.
 */
void scan_simulation_run(
	const struct scan_simulation_settings *settings, struct scan_simulation_result *result_out);
void scan_simulation_result_clear(struct scan_simulation_result *result);

#endif
