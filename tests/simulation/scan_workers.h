/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_WORKERS_H
#define SCAN_WORKERS_H

#include "pacing/pacer.h"
#include "packet/link_endpoints.h"
#include "scan/prober.h"
#include "scan/syn_source.h"
#include "simulation/scan_simulation.h"

/* The inside of the scan simulation: its I/O and verify workers, and what they share. Nobody else includes it. */
#define SCAN_WORKERS_PORT        853
#define SCAN_WORKERS_COOLDOWN_NS 8000000000ULL

struct scan_verify {
	struct scan_simulation *simulation;
	struct verify_engine *engine;
	struct scan_dialogue dialogue;
	uint16_t identification;
};

struct scan_io {
	struct prober prober;
	struct pacer pacer;
	struct syn_source source;
	struct receiver receiver;
};

struct scan_simulation {
	const struct scan_simulation_settings *settings;
	struct scan_simulation_result *result;
	struct address_set set;
	struct target_walk walk;
	struct syn_cookie cookie;
	struct scan_network network;
	struct scan_io *ios[SCAN_SIMULATION_WORKERS];
	struct scan_verify verifies[SCAN_SIMULATION_WORKERS];
	uint64_t now_ns;
	uint64_t turns;
	uint64_t finished_ns; /* all probes have left; 0: not yet */
};

void scan_workers_open(struct scan_simulation *simulation);

/* Adds what they know to the result. Nothing may be left of any connection, unless the run was killed. */
void scan_workers_close(struct scan_simulation *simulation);

/* A frame for us has arrived. */
void scan_workers_receive(struct scan_simulation *simulation, const struct scan_flight *flight);

/* One turn of all verify workers, and of all I/O workers. */
void scan_workers_verify(struct scan_simulation *simulation);
void scan_workers_probe(struct scan_simulation *simulation);

bool scan_workers_are_probing(const struct scan_simulation *simulation);

/* No verify worker waits for anything. */
bool scan_workers_are_idle(const struct scan_simulation *simulation);

/* As the program makes a checkpoint: back to before the oldest hit without a record, and as far as late answers may come. */
void scan_workers_note_checkpoint(struct scan_simulation *simulation);

#endif
