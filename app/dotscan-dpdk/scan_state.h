/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_STATE_H
#define SCAN_STATE_H

#include "config/scan_config.h"
#include "io_worker.h"
#include "options.h"
#include "plan.h"
#include "port/environment.h"
#include "protocol_setup.h"
#include "record/run_directory.h"
#include "record_thread.h"
#include "scan.h"
#include "status_line.h"
#include "verify_worker.h"

/* Addresses that have a record of an earlier run. */
struct settled_list {
	uint32_t *addresses; /* owned */
	size_t count;
	size_t capacity;
};

/* Everything that one run holds. Zeroed at first; what was made is taken down by scan_state_close in the opposite order. */
struct scan_state {
	const struct scan_config *config;
	const struct options *options;
	struct plan *plan;
	uint8_t config_sha256[32];
	char *config_text; /* owned */
	struct run_directory *directory;
	struct run_directory_found found;
	struct settled_list settled;
	uint64_t resume_steps[TARGET_LANES];
	int64_t started_us;
	struct environment environment;
	bool has_environment;
	struct scan scan;
	bool has_port;
	struct protocol_setup *protocol; /* the contexts of all verify workers */
	struct io_worker *io_workers[ENVIRONMENT_WORKERS];
	struct verify_worker *verify_workers; /* owned; scan.verify_count of them */
	struct record_thread writer;
	struct status_line status;
	uint64_t started_ns;
	uint64_t probing_ended_ns; /* 0: still probing */
	enum run_end end;
	uint64_t leaked_buffers;
	struct port_counters port_counters; /* as last read */
};

/* The folder: made, locked, and read where the scan goes on. The order of the targets is fixed by what is found. */
int scan_state_open_directory(struct scan_state *state, struct fault *fault);

/* The device, the threads' memory, and what an earlier run has settled. No thread runs yet, no SYN was sent. */
int scan_state_open_device(struct scan_state *state, struct fault *fault);

/* Workers must have ended. */
void scan_state_close(struct scan_state *state);

#endif
